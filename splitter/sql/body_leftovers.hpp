#pragma once

#include "splitter/sql/lexer.hpp"

#include <set>
#include <string>
#include <string_view>
#include <utility>

namespace weir::splitter {

/// What a stored routine leaves on its connection, besides values of system variables, which
/// servers report.
struct body_leftovers {
    using name = std::pair<std::string, std::string>;  ///< schema, name; lower case

    bool user_variables = false;        ///< may assign one
    bool named_locks = false;           ///< may take one
    bool other_text = false;            ///< runs what is not known: nothing above is certain
    std::set<name> temporary_tables{};  ///< may be there afterwards
    /// Are made, and surely dropped again if the routine ends without an error.
    std::set<name> passing_tables{};
    std::set<name> procedures{};  ///< are called
    std::set<name> functions{};   ///< may be called; also names of tables

    /// It is known to leave something, whatever else it may.
    [[nodiscard]] bool has_any() const noexcept {
        return user_variables || named_locks || !temporary_tables.empty();
    }

    /// Calls a routine that leaves this. True if that was new.
    bool take_over(const body_leftovers& called);
};

/// Reads a body that the server has taken for well formed. `schema`: of names without one.
[[nodiscard]] body_leftovers leftovers_of(
    std::string_view body, std::string_view schema, const lexer_options& options
);

}  // namespace weir::splitter
