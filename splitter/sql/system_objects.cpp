#include "splitter/sql/system_objects.hpp"

#include "splitter/sql/word.hpp"

#include <array>

namespace weir::splitter {
namespace {

constexpr std::string_view information_schema = "information_schema";

constexpr std::array<std::string_view, 3> schemas_of_one_server{
    "mysql", "sys", "performance_schema"};

/// Not TABLES, STATISTICS and PARTITIONS: sizes, engines and cardinalities are each server's own.
constexpr std::array<std::string_view, 20> tables_of_definitions{
    "schemata",
    "schemata_extensions",
    "columns",
    "columns_extensions",
    "key_column_usage",
    "table_constraints",
    "table_constraints_extensions",
    "referential_constraints",
    "check_constraints",
    "views",
    "view_table_usage",
    "view_routine_usage",
    "routines",
    "parameters",
    "triggers",
    "character_sets",
    "collations",
    "collation_character_set_applicability",
    "geometry_columns",
    "st_geometry_columns"};

constexpr std::array<std::string_view, 5> identity_variables{
    "hostname", "server_id", "server_uuid", "port", "socket"};

constexpr std::array<std::string_view, 2> diagnostic_variables{"warning_count", "error_count"};

constexpr std::array<std::string_view, 2> insert_id_variables{"identity", "last_insert_id"};

constexpr std::array<std::string_view, 18> bound_variables{
    "insert_id",
    "last_insert_id",
    "identity",
    "timestamp",
    "rand_seed1",
    "rand_seed2",
    "gtid_next",
    "gtid_seq_no",
    "gtid_domain_id",
    "server_id",
    "sql_log_bin",
    "sql_log_off",
    "skip_replication",
    "pseudo_thread_id",
    "pseudo_slave_mode",
    "pseudo_replica_mode",
    "profiling",
    "debug_sync"};

/// "@@name", "@@global.name", "@@`name`" -> "name".
std::string_view without_scope(std::string_view name) noexcept {
    const std::size_t last_dot = name.rfind('.');
    name.remove_prefix(last_dot == std::string_view::npos ? 2 : last_dot + 1);
    if (name.size() >= 2 && name.front() == '`') name = name.substr(1, name.size() - 2);
    return name;
}

}  // namespace

bool is_variable(std::string_view name, std::string_view variable) noexcept {
    return same_word(without_scope(name), variable);
}

bool is_system_schema(std::string_view schema) noexcept {
    return same_word(schema, information_schema) || is_one_of(schema, schemas_of_one_server);
}

table_home home_of_table(std::string_view schema, std::string_view table) noexcept {
    if (is_one_of(schema, schemas_of_one_server)) return table_home::one_server;
    const bool definitions =
        !same_word(schema, information_schema) || is_one_of(table, tables_of_definitions);
    return definitions ? table_home::replicated : table_home::one_server;
}

variable_meaning meaning_of_variable(std::string_view name) noexcept {
    name = without_scope(name);
    constexpr std::string_view version = "version";
    if (is_one_of(name, identity_variables) || same_word(name.substr(0, version.size()), version)) {
        return variable_meaning::identity;
    }
    if (is_one_of(name, diagnostic_variables)) return variable_meaning::reads_diagnostics;
    return is_one_of(name, insert_id_variables) ? variable_meaning::reads_previous
                                                : variable_meaning::one_server;
}

bool is_about_tracking(std::string_view variable) noexcept {
    constexpr std::string_view prefix = "session_track_";
    return same_word(variable.substr(0, prefix.size()), prefix);
}

bool is_bound_to_connection(std::string_view variable) noexcept {
    return is_one_of(variable, bound_variables) || is_about_tracking(variable);
}

}  // namespace weir::splitter
