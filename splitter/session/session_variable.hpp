#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

namespace weir::splitter {

/// One system variable of a session or of a connection, other than as it was at the login.
struct session_variable {
    std::string name;  ///< lower case
    /// As the session tracker reports it. Nothing: what a server gives to DEFAULT, its global
    /// value.
    std::optional<std::string> value;
    friend bool operator==(const session_variable&, const session_variable&) = default;
};

/// What a login sets by its collation, and not by the server's global values. Setting one of the
/// character sets changes a collation too, hence the order.
inline constexpr std::array<std::string_view, 4> variables_of_login{
    "character_set_client",
    "character_set_results",
    "character_set_connection",
    "collation_connection"};

/// The collation in which results come: no variable of any server, though SET NAMES ... COLLATE and
/// a login set it. Stands beside character_set_results; without it results come in that one's
/// default.
inline constexpr std::string_view results_collation = "results_collation";

/// What the meaning of a text depends on, besides the schema.
inline constexpr std::array<std::string_view, 4> variables_of_meaning{
    "character_set_client", "character_set_connection", "collation_connection", "sql_mode"};

}  // namespace weir::splitter
