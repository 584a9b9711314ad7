#pragma once

#include "splitter/sql/lexer.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace weir::splitter {

/// MariaDB's SET STATEMENT variables FOR statement.
struct set_for_statement {
    std::vector<std::string> names{};  ///< of the variables, in lower case
    std::string_view statement{};      ///< a view into the text
};

/// Nothing: the text is none.
[[nodiscard]] std::optional<set_for_statement> parse_set_for_statement(
    std::string_view text, const lexer_options& options
);

/// What any SET sets of the session, in lower case, for one statement or for longer.
[[nodiscard]] std::vector<std::string> variables_set_by(
    std::string_view text, const lexer_options& options
);

}  // namespace weir::splitter
