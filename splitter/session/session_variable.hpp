#pragma once

#include "protocol/mysql/gtid_set.hpp"

#include <array>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

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

/// What servers read a text parameter by: as of when the client sent its type, which it need not
/// do with each run. On MariaDB it has the collation that was named with the client's character
/// set, which stands beside that of results.
inline constexpr std::array<std::string_view, 5> variables_of_parameters{
    "character_set_client",
    "character_set_connection",
    "collation_connection",
    "character_set_results",
    results_collation};

/// What a text means on MariaDB depends on these when it is prepared, besides the schema.
inline constexpr std::array<std::string_view, 6> meaning_on_mariadb{
    "character_set_client",
    "character_set_connection",
    "collation_connection",
    "sql_mode",
    "old_mode",           // which character set utf8 is
    "optimizer_switch"};  // whose columns those of a merged derived table are

/// MySQL resolves more.
inline constexpr std::array<std::string_view, 13> meaning_on_mysql{
    "character_set_client",
    "character_set_connection",
    "collation_connection",
    "sql_mode",
    "default_collation_for_utf8mb4",
    "default_week_format",
    "div_precision_increment",
    "explain_format",
    "explicit_defaults_for_timestamp",
    "group_concat_max_len",
    "lc_time_names",
    "optimizer_switch",
    "time_zone"};  // of literals with an offset

/// What the meaning of a text depends on, besides the schema. Found by setting each variable of a
/// session between a prepare and a run (MySQL 9.7, MariaDB 10.11): the run answers by the value at
/// the prepare.
[[nodiscard]] constexpr std::span<const std::string_view> variables_of_meaning(
    protocol::mysql::server_flavor flavor
) noexcept {
    if (flavor == protocol::mysql::server_flavor::mysql) return meaning_on_mysql;
    return meaning_on_mariadb;
}

/// What is set of these, in their order.
using meaning_variables = std::vector<session_variable>;

}  // namespace weir::splitter
