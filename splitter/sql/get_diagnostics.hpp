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

/// The variables that GET [CURRENT] DIAGNOSTICS fills, if it fills nothing else and depends on
/// nothing but the statement before. Nothing: it is another statement, or is not understood.
[[nodiscard]] std::optional<std::vector<filled_variable>> variables_of_diagnostics(
    std::string_view text, const lexer_options& options
);

}  // namespace weir::splitter
