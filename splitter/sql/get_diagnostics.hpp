#pragma once

#include "splitter/sql/lexer.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace weir::splitter {

/// A user variable that a GET DIAGNOSTICS fills.
struct filled_variable {
    std::string name;        ///< without @ and quotes, in lower case
    bool is_number = false;  ///< it gets a number, else a text
    friend bool operator==(const filled_variable&, const filled_variable&) = default;
};

/// The variables that GET [CURRENT] DIAGNOSTICS fills, if it fills nothing else and depends on
/// nothing but the statement before. Nothing: it is another statement, or is not understood.
[[nodiscard]] std::optional<std::vector<filled_variable>> variables_of_diagnostics(
    std::string_view text, const lexer_options& options
);

}  // namespace weir::splitter
