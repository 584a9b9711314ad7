#pragma once

namespace weir::protocol::mysql {

/// `c` in lower case if it is an ASCII letter, else `c` itself.
[[nodiscard]] constexpr char ascii_lower(char c) noexcept {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

}  // namespace weir::protocol::mysql
