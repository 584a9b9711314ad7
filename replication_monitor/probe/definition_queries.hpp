#pragma once

#include "protocol/mysql/gtid_set.hpp"

#include <cstdint>
#include <string_view>

/// The SQL that reads stored routines and views. Sources: MySQL manual "The INFORMATION_SCHEMA
/// ROUTINES Table", "... PARAMETERS Table", "... VIEWS Table", "The user_defined_functions Table";
/// MariaDB knowledge base, the same tables and "mysql.func Table".
namespace weir::replication_monitor::definition_queries {

using protocol::mysql::server_flavor;

/// Rows: name of a function that a library brought.
[[nodiscard]] constexpr std::string_view loadable_functions(
    server_flavor flavor, std::uint32_t version_number
) noexcept {
    if (flavor == server_flavor::mysql && version_number >= 80000) {
        return "SELECT UDF_NAME FROM performance_schema.user_defined_functions ORDER BY UDF_NAME";
    }
    return "SELECT name FROM mysql.func ORDER BY name";
}

/// One row: how many of SELECT and SHOW VIEW the account has on all schemas, the number and a
/// digest of the routines, of the views. Cheap beside the texts themselves, which stay where they
/// are. A digest that does not depend on the rows' order, of 64 bits; by SHA2, as MySQL 9.6 has MD5
/// in a component only.
constexpr std::string_view fingerprint =
    "SELECT (SELECT COUNT(DISTINCT PRIVILEGE_TYPE) FROM information_schema.USER_PRIVILEGES "
    "WHERE PRIVILEGE_TYPE IN ('SELECT', 'SHOW VIEW') AND GRANTEE = CONCAT("
    "'''', SUBSTRING_INDEX(CURRENT_USER(), '@', 1), '''@''', "
    "SUBSTRING_INDEX(CURRENT_USER(), '@', -1), '''')), "
    "r.n, r.digest, v.n, v.digest FROM "
    "(SELECT COUNT(*) AS n, BIT_XOR(CAST(CONV(LEFT(SHA2(CONCAT_WS('/', ROUTINE_SCHEMA, "
    "ROUTINE_NAME, ROUTINE_TYPE, SQL_MODE, LAST_ALTERED, COALESCE(ROUTINE_DEFINITION, '?')), 256), "
    "16), 16, 10) AS UNSIGNED)) AS digest FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA "
    "NOT IN ('mysql', 'sys', 'information_schema', 'performance_schema')) AS r, "
    "(SELECT COUNT(*) AS n, BIT_XOR(CAST(CONV(LEFT(SHA2(CONCAT_WS('/', TABLE_SCHEMA, TABLE_NAME, "
    "COALESCE(VIEW_DEFINITION, '?')), 256), 16), 16, 10) AS UNSIGNED)) AS digest "
    "FROM information_schema.VIEWS WHERE TABLE_SCHEMA NOT IN "
    "('mysql', 'sys', 'information_schema', 'performance_schema')) AS v";

/// Rows: schema, name, type, sql_mode, body.
constexpr std::string_view routines =
    "SELECT ROUTINE_SCHEMA, ROUTINE_NAME, ROUTINE_TYPE, SQL_MODE, "
    "IF(ROUTINE_BODY = 'SQL', ROUTINE_DEFINITION, NULL) "
    "FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA NOT IN "
    "('mysql', 'sys', 'information_schema', 'performance_schema')";

/// Rows: schema, routine, its type, name of a parameter. A function's result has no name.
constexpr std::string_view parameters =
    "SELECT SPECIFIC_SCHEMA, SPECIFIC_NAME, ROUTINE_TYPE, PARAMETER_NAME "
    "FROM information_schema.PARAMETERS WHERE PARAMETER_NAME IS NOT NULL AND SPECIFIC_SCHEMA NOT "
    "IN "
    "('mysql', 'sys', 'information_schema', 'performance_schema')";

/// Rows: schema, name, query.
constexpr std::string_view views =
    "SELECT TABLE_SCHEMA, TABLE_NAME, NULLIF(VIEW_DEFINITION, '') "
    "FROM information_schema.VIEWS WHERE TABLE_SCHEMA NOT IN "
    "('mysql', 'sys', 'information_schema', 'performance_schema')";

}  // namespace weir::replication_monitor::definition_queries
