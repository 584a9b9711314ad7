#pragma once

#include "splitter/sql/lexer.hpp"
#include "splitter/sql/name_scope.hpp"
#include "splitter/sql/statement_traits.hpp"

#include <optional>
#include <string>

namespace weir::splitter {

class routine_catalog;

/// What a statement may do to functions and views. Any change withdraws all proofs until a later
/// reading, as one definition may rest on another.
struct definition_change {
    /// The views that may come into being, or change, besides those that are known.
    enum class views : std::uint8_t {
        none,  ///< it is about routines
        one,   ///< the one of this name, in whatever schema
        any,   ///< their names could not be read from the text
    };
    views which = views::none;
    std::string name{};  ///< views::one; without quotes
    /// It is only assumed, as the text that runs is not seen. Such a statement may run for long and
    /// change nothing: it counts from its end on.
    bool is_assumed = false;
    friend bool operator==(const definition_change&, const definition_change&) = default;
};

/// What `text`, of which `traits` were found, may change; nothing for most statements. Of what runs
/// text or procedures that are not seen (EXECUTE, CALL of a procedure that `catalog` does not know
/// to be harmless) it is assumed that they change definitions, but make no view that is not known.
/// `schema`: that of names without one. `catalog` may be null.
[[nodiscard]] std::optional<definition_change> definition_change_of(
    std::string_view text,
    const statement_traits& traits,
    const lexer_options& options,
    const routine_catalog* catalog,
    std::string_view schema
);

}  // namespace weir::splitter
