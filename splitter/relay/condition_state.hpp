#pragma once

#include <cstdint>
#include <string_view>

namespace weir::splitter {

/// The SQLSTATE that MariaDB gives to a condition of this number, be it an error or a warning. One
/// of SIGNAL has another one if that said so.
[[nodiscard]] std::string_view state_of_condition(std::uint32_t code) noexcept;

}  // namespace weir::splitter
