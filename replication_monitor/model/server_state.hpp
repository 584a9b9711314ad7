#pragma once

#include "protocol/mysql/gtid_set.hpp"
#include "replication_monitor/model/server_id.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace weir::replication_monitor {

/// What a server is used for, as decided by the monitor from all servers' answers.
enum class server_role : std::uint8_t {
    unknown,   ///< not probed yet, unreachable, or contradictory (two primaries); gets nothing
    primary,   ///< takes writes
    replica,   ///< replicates from the primary, directly or through others
    detached,  ///< reachable, but neither primary nor replicating (stopped, broken); gets nothing
};

/// One server as of its last probe. Plain value.
struct server_state {
    server_id id;
    std::string name;          ///< unique, from the configuration
    std::string address;       ///< "host:port" or "unix:/path", from the configuration
    std::uint32_t weight = 1;  ///< share of reads among replicas, 0..1000; 0: no reads
    server_role role = server_role::unknown;
    bool reachable = false;  ///< after damping
    bool read_only = false;  ///< read_only or super_read_only
    /// A replica's applier runs, and its receiver runs or reconnects by itself.
    bool replication_running = false;
    /// Upper bound, of a replica. Nothing: not known, which is not zero.
    std::optional<std::chrono::milliseconds> lag;
    /// What its readers see: gtid_executed; on MariaDB from gtid_slave_pos and gtid_binlog_pos.
    protocol::mysql::gtid_set executed;

    /// When the probe began whose answers these are: what was confirmed before is in `executed`.
    std::chrono::steady_clock::time_point asked_at{};
    protocol::mysql::server_flavor flavor = protocol::mysql::server_flavor::mysql;
    std::uint32_t version_number = 0;  ///< 101108 for 10.11.8; 90700 for 9.7.0
    std::string version_text;          ///< as its greeting has it, "5.5.5-10.11.8-MariaDB" included
    std::uint64_t capabilities = 0;    ///< of its greeting; MariaDB's own in the upper 32 bits
    std::uint8_t default_collation = 0;  ///< collation id of its greeting
    std::string detail;                  ///< why it is not eligible, for people; empty if well
    friend bool operator==(const server_state&, const server_state&) = default;
};

}  // namespace weir::replication_monitor
