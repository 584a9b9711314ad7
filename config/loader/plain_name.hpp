#pragma once

#include <algorithm>
#include <string_view>

namespace weir::config {

/// Names appear in routing hints (`weir:server=db2`), metrics and log lines.
inline constexpr std::string_view plain_name_form = "write letters, digits, `-`, `_` and `.` only";

[[nodiscard]] inline bool is_plain_name(std::string_view name) {
    return std::all_of(name.begin(), name.end(), [](char character) {
        return (character >= 'a' && character <= 'z') || (character >= 'A' && character <= 'Z') ||
               (character >= '0' && character <= '9') || character == '-' || character == '_' ||
               character == '.';
    });
}

}  // namespace weir::config
