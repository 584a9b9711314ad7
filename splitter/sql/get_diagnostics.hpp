#pragma once

#include "splitter/sql/lexer.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace weir::splitter {

/// A user variable that a GET DIAGNOSTICS fills.
struct filled_variable {
    enum class kind : std::uint8_t { text, number, unsigned_number };
    std::string name;  ///< without @ and quotes, in lower case
    kind what = kind::text;
    friend bool operator==(const filled_variable&, const filled_variable&) = default;
};

/// What a GET [CURRENT] DIAGNOSTICS asks for.
struct diagnostics_question {
    struct item {
        filled_variable variable;
        std::string name;  ///< in lower case: "number"
    };

    std::optional<std::uint64_t> condition;  ///< nothing: it is about the statement
    std::vector<item> items;
};

/// Nothing: it is another statement, fills something else than user variables, depends on more than
/// the statement before, or is not understood.
[[nodiscard]] std::optional<diagnostics_question> parse_get_diagnostics(
    std::string_view text, const lexer_options& options
);

/// What a variable is to be set to, in SQL, so that it is as servers fill it. Nothing: NULL.
[[nodiscard]] std::string literal_of(
    const std::optional<std::string>& value, filled_variable::kind what
);

/// The variables that it fills; nothing where parse_get_diagnostics() understands nothing.
[[nodiscard]] std::optional<std::vector<filled_variable>> variables_of_diagnostics(
    std::string_view text, const lexer_options& options
);

}  // namespace weir::splitter
