#pragma once

#include "replication_monitor/probe/probe.hpp"

#include <memory>

namespace weir::replication_monitor {

/// A probe over libmysqlclient (MariaDB Connector/C), on one connection that is kept until it
/// fails.
///
/// ask() takes at most connect_timeout, if there is no connection, and query_timeout per query
/// (three of them); the library counts both in whole seconds, rounded up here. Any failure closes
/// the connection, and the next call opens a new one. The account needs REPLICATION CLIENT (MySQL)
/// or REPLICA MONITOR (MariaDB), and SELECT on mysql.* for read_accounts().
///
/// TLS follows the settings. The process must ignore SIGPIPE. Matches probe_factory.
[[nodiscard]] std::unique_ptr<probe> make_mysql_probe(const probe_settings& settings);

}  // namespace weir::replication_monitor
