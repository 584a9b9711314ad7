#pragma once

#include "lb/balancing/backend_load.hpp"
#include "protocol/mysql/gtid_set.hpp"
#include "replication_monitor/model/topology.hpp"

#include <chrono>
#include <string>
#include <utility>
#include <vector>

/// Builders of topologies, for tests of balancing. Server N is "dbN" with id N.
namespace weir::lb {

using replication_monitor::server_id;
using replication_monitor::server_role;
using replication_monitor::server_state;
using replication_monitor::topology;

/// When a test chooses.
inline constexpr time_point now = time_point{} + std::chrono::hours{1};

inline protocol::mysql::gtid_set gtids(std::string_view text) {
    return protocol::mysql::gtid_set::parse(text, protocol::mysql::server_flavor::mariadb).value();
}

inline server_state primary(std::uint32_t number) {
    server_state state;
    state.id = {number};
    state.name = "db" + std::to_string(number);
    state.role = server_role::primary;
    state.reachable = true;
    state.executed = gtids("0-1-100");
    return state;
}

/// A healthy one without lag, that has all of the primary.
inline server_state replica(std::uint32_t number) {
    auto state = primary(number);
    state.role = server_role::replica;
    state.read_only = true;
    state.replication_running = true;
    state.lag = std::chrono::milliseconds{0};
    return state;
}

inline server_state weighted(server_state state, std::uint32_t weight) {
    state.weight = weight;
    return state;
}

inline server_state lagging(server_state state, std::chrono::milliseconds lag) {
    state.lag = lag;
    return state;
}

inline server_state lag_unknown(server_state state) {
    state.lag.reset();
    return state;
}

inline server_state unreachable(server_state state) {
    state.reachable = false;
    return state;
}

inline server_state stopped(server_state state) {
    state.replication_running = false;
    return state;
}

inline server_state in_role(server_state state, server_role role) {
    state.role = role;
    return state;
}

inline server_state at(server_state state, std::string_view executed) {
    state.executed = gtids(executed);
    return state;
}

inline topology of(std::vector<server_state> servers) {
    topology all;
    all.generation = 1;
    for (const auto& server : servers) {
        if (server.role == server_role::primary) all.primary = server.id;
    }
    all.servers = std::move(servers);
    return all;
}

}  // namespace weir::lb
