#include "splitter/session/session_diff.hpp"

#include <algorithm>

namespace weir::splitter {
namespace {

using protocol::mysql::command;
using protocol::mysql::server_flavor;

bool is_number(std::string_view value) {
    if (value.starts_with('-')) value.remove_prefix(1);
    const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
    return !value.empty() &&
           std::ranges::all_of(value, [&](char c) { return is_digit(c) || c == '.'; }) &&
           is_digit(value.front()) && is_digit(value.back()) && std::ranges::count(value, '.') <= 1;
}

void append_value(std::string& sql, const session_state::variable& variable) {
    if (is_number(variable.value)) {
        sql += variable.value;
        return;
    }
    // The tracker reports NULL as an empty text; for this variable an empty name would be refused.
    if (variable.value.empty() && variable.name == "character_set_results") {
        sql += "NULL";
        return;
    }
    // What a backslash means is up to the connection's sql_mode, which this statement may be about
    // to change: it goes as a number.
    const bool has_backslash = variable.value.find('\\') != std::string::npos;
    sql += has_backslash ? "CONCAT('" : "'";
    for (const char c : variable.value) {
        if (c == '\\') {
            sql += "',CHAR(92 USING utf8mb4),'";
            continue;
        }
        if (c == '\'') sql += c;
        sql += c;
    }
    sql += has_backslash ? "')" : "'";
}

std::string set_statement(const session_state& wanted) {
    std::string sql;
    // Setting a character set resets its collation, so collations come last.
    for (const bool collations : {false, true}) {
        for (const auto& variable : wanted.variables()) {
            if (variable.name.starts_with("collation_") != collations) continue;
            sql += sql.empty() ? "SET SESSION " : ", SESSION ";
            sql += variable.name;
            sql += '=';
            append_value(sql, variable);
        }
    }
    return sql;
}

}  // namespace

std::optional<session_change> next_change(
    const session_state& wanted, const backend_state& actual
) {
    if (actual.applied_version == wanted.version()) return std::nullopt;
    if (actual.schema != wanted.schema() && !wanted.schema().empty()) {
        return session_change{command::init_db, wanted.schema()};
    }
    if (actual.multi_statements != wanted.multi_statements()) {
        // Protocol::COM_SET_OPTION: 0 is MYSQL_OPTION_MULTI_STATEMENTS_ON, 1 is OFF; two bytes, low
        // one first.
        return session_change{
            command::set_option, std::string{wanted.multi_statements() ? '\0' : '\1', '\0'}};
    }
    if (!wanted.variables().empty()) {
        return session_change{command::query, set_statement(wanted)};
    }
    return std::nullopt;
}

void apply(const session_change& change, const session_state& wanted, backend_state& actual) {
    if (change.what == command::init_db) {
        actual.schema = change.argument;
    } else if (change.what == command::set_option) {
        actual.multi_statements = wanted.multi_statements();
    } else {
        actual.applied_version = wanted.version();
    }
}

std::string tracking_setup(const backend_state& fresh) {
    constexpr std::uint32_t mysql_with_tracking = 50700;
    constexpr std::uint32_t mariadb_with_tracking = 100300;
    // Naming a variable's own value makes the tracker report it: that is how its initial value is
    // learnt.
    constexpr std::string_view common =
        "SET SESSION session_track_schema=ON, SESSION session_track_system_variables='*', SESSION "
        "sql_mode=@@sql_mode, "
        "SESSION character_set_client=@@character_set_client";
    std::string sql;
    if (fresh.flavor == server_flavor::mariadb) {
        if (fresh.version_number >= mariadb_with_tracking) {
            sql = std::string(common) +
                  ", SESSION tx_isolation=@@tx_isolation, SESSION tx_read_only=@@tx_read_only";
        }
    } else if (fresh.version_number >= mysql_with_tracking) {
        sql = std::string(common) +
              ", SESSION session_track_gtids=OWN_GTID, SESSION "
              "transaction_isolation=@@transaction_isolation, SESSION "
              "transaction_read_only=@@transaction_read_only";
    }
    return sql;
}

}  // namespace weir::splitter
