#pragma once

#include "protocol/mysql/gtid_set.hpp"

#include <cstdint>
#include <string_view>

/// The SQL that a probe asks, per kind of server and version. A version number is major * 10000 +
/// minor * 100 + patch. Sources: MySQL manual "SHOW REPLICA STATUS Statement"; MariaDB knowledge
/// base "SHOW REPLICA STATUS", "Global Transaction ID", "mysql.global_priv Table".
namespace weir::replication_monitor::probe_queries {

using protocol::mysql::server_flavor;

/// One row: read_only, super_read_only, server_id, server_uuid, executed GTIDs or binlog position,
/// applied position.
[[nodiscard]] constexpr std::string_view variables(server_flavor flavor) noexcept {
    switch (flavor) {
        case server_flavor::mysql:
            return "SELECT @@global.read_only, @@global.super_read_only, @@global.server_id, "
                   "@@global.server_uuid, @@global.gtid_executed, ''";
        case server_flavor::mariadb:
            return "SELECT @@global.read_only, 0, @@global.server_id, '', "
                   "@@global.gtid_binlog_pos, @@global.gtid_slave_pos";
    }
    return {};
}

/// One row per channel. Column names differ; see probe/replication_row.hpp.
[[nodiscard]] constexpr std::string_view replication(
    server_flavor flavor, std::uint32_t version_number
) noexcept {
    if (flavor == server_flavor::mariadb) return "SHOW ALL SLAVES STATUS";
    return version_number >= 80022 ? "SHOW REPLICA STATUS" : "SHOW SLAVE STATUS";
}

/// Rows: user, host, plugin, authentication string. One row per account and method, roles left out.
/// MySQL's roles are accounts without a password that are locked; they cannot be told apart and do
/// no harm.
[[nodiscard]] constexpr std::string_view accounts(
    server_flavor flavor, std::uint32_t version_number
) noexcept {
    if (flavor == server_flavor::mysql) {
        return "SELECT user, host, plugin, authentication_string FROM mysql.user";
    }
    if (version_number >= 100400) {
        // auth_or lists alternative methods; the one without a plugin stands for the account's main
        // method.
        return "SELECT User, Host, JSON_VALUE(Priv, '$.plugin'), "
               "JSON_VALUE(Priv, '$.authentication_string') FROM mysql.global_priv "
               "WHERE COALESCE(JSON_VALUE(Priv, '$.is_role'), '0') NOT IN ('1', 'true') "
               "UNION ALL SELECT User, Host, "
               "JSON_VALUE(Priv, CONCAT('$.auth_or[', n.i, '].plugin')), "
               "JSON_VALUE(Priv, CONCAT('$.auth_or[', n.i, '].authentication_string')) "
               "FROM mysql.global_priv JOIN (SELECT 0 AS i UNION ALL SELECT 1 UNION ALL SELECT 2 "
               "UNION ALL SELECT 3 UNION ALL SELECT 4 UNION ALL SELECT 5 UNION ALL SELECT 6 "
               "UNION ALL SELECT 7) AS n "
               "WHERE JSON_EXISTS(Priv, CONCAT('$.auth_or[', n.i, '].plugin'))";
    }
    // Before 10.4 a native password may be in either column.
    return "SELECT User, Host, IF(plugin = '', 'mysql_native_password', plugin), "
           "IF(authentication_string = '', Password, authentication_string) "
           "FROM mysql.user WHERE is_role = 'N'";
}

}  // namespace weir::replication_monitor::probe_queries
