#pragma once

#include "protocol/mysql/gtid_set.hpp"
#include "protocol/wire/result.hpp"

#include <cstdint>
#include <string_view>

namespace weir::replication_monitor {

/// What a MariaDB server says of its own GTIDs, each as text ("0-1-100,1-2-33").
struct mariadb_position {
    std::string_view binlog;   ///< @@gtid_binlog_pos: last written to its own binary log
    std::string_view applied;  ///< @@gtid_slave_pos: last applied from a source
};

/// Does the server apply events at the moment?
enum class applier_state : std::uint8_t { idle, running };

/// The transactions whose effects a reader of the server sees.
///
/// While no applier runs that is the newer of both positions per domain. While one runs, the
/// applied position alone counts in the domains that it has: a replica writes a transaction to its
/// binary log a moment before others can read its effects, and a read that was promised them must
/// not be early. Errors: those of gtid_set::parse(). Pure function.
[[nodiscard]] result<protocol::mysql::gtid_set> executed_set(
    const mariadb_position& position, applier_state state
);

}  // namespace weir::replication_monitor
