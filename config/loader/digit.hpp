#pragma once

namespace weir::config {

/// True for 0 to 9, whatever the locale.
[[nodiscard]] constexpr bool is_digit(char character) noexcept {
    return character >= '0' && character <= '9';
}

}  // namespace weir::config
