#pragma once

#include "splitter/sql/lexer.hpp"

#include <cstdint>
#include <limits>
#include <optional>
#include <string_view>

namespace weir::splitter {

/// A SHOW of the conditions of the statement before.
struct show_conditions {
    bool only_errors = false;  ///< ERRORS, else WARNINGS
    bool counts = false;       ///< SHOW COUNT(*)
    std::uint64_t offset = 0;
    std::uint64_t limit = std::numeric_limits<std::uint64_t>::max();

    [[nodiscard]] bool is_limited() const noexcept {
        return offset != 0 || limit != std::numeric_limits<std::uint64_t>::max();
    }

    friend bool operator==(const show_conditions&, const show_conditions&) = default;
};

/// Reads SHOW WARNINGS | ERRORS [LIMIT [offset,] count], SHOW COUNT(*) WARNINGS | ERRORS, with or
/// without a semicolon behind it. Nothing: it is something else.
[[nodiscard]] std::optional<show_conditions> parse_show_conditions(
    std::string_view text, const lexer_options& options
) noexcept;

}  // namespace weir::splitter
