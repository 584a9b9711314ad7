#pragma once

#include "protocol/mysql/gtid_set.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace weir::replication_monitor {

/// All time of this layer. Decisions take it as an argument; only the monitor reads the clock.
using time_point = std::chrono::steady_clock::time_point;

/// State of the thread that receives events from a source.
enum class receiver_state : std::uint8_t {
    stopped,     ///< nobody asked it to run, or it gave up
    connecting,  ///< it wants to run and has no connection to its source
    running,
};

/// One configured replication source of a server, running or not. Source: one row of SHOW REPLICA
/// STATUS, SHOW SLAVE STATUS or SHOW ALL SLAVES STATUS.
struct replication_channel {
    std::string name;  ///< empty: the default channel
    std::string source_host;
    std::uint16_t source_port = 0;
    std::string source_uuid;             ///< MySQL only; empty until the first connection
    std::uint32_t source_server_id = 0;  ///< 0 until the first connection
    receiver_state receiver = receiver_state::stopped;
    bool applier_running = false;
    std::uint32_t receiver_error = 0;  ///< the server's number of the last error; 0: none
    std::uint32_t applier_error = 0;   ///< texts are left behind: they quote statements
    std::optional<std::chrono::seconds> seconds_behind;  ///< nothing: NULL, which is not zero
    friend bool operator==(const replication_channel&, const replication_channel&) = default;
};

/// All that one server answered in one probe.
struct server_answers {
    protocol::mysql::server_flavor flavor = protocol::mysql::server_flavor::mysql;
    std::uint32_t version_number = 0;    ///< 101108 for 10.11.8
    std::string version_text;            ///< as its greeting has it
    std::uint64_t capabilities = 0;      ///< of its greeting; MariaDB's own in the upper 32 bits
    std::uint8_t default_collation = 0;  ///< of its greeting
    std::uint32_t server_id = 0;
    std::string server_uuid;  ///< MySQL only
    bool read_only = false;
    bool super_read_only = false;  ///< MySQL only
    std::vector<replication_channel> channels;
    protocol::mysql::gtid_set executed;
    friend bool operator==(const server_answers&, const server_answers&) = default;
};

/// One probe: the answers, or why there are none.
struct probe_result {
    std::optional<server_answers> answers;
    std::string error;                  ///< for people; empty if there are answers
    std::chrono::microseconds took{0};  ///< at least; the monitor says it
};

}  // namespace weir::replication_monitor
