#pragma once

#include "splitter/sql/lexer.hpp"

#include <cstdint>
#include <string_view>

namespace weir::splitter {

/// What FOUND_ROWS() of MySQL is after a statement that has not failed.
enum class rows_found : std::uint8_t {
    as_given,   ///< those of its result
    as_before,  ///< it finds none: that of an earlier statement
    matched,    ///< which its OK tells, in its text
    one,
    unknown  ///< the connection knows: of a query inside it, or of several tables
};

/// By its text, which is one statement's.
[[nodiscard]] rows_found rows_found_on_mysql(std::string_view text, const lexer_options& options);

/// A statement that changes rows, or sets something, finds some only by what it selects or joins.
[[nodiscard]] bool may_find_rows(std::string_view text, const lexer_options& options);

}  // namespace weir::splitter
