#include "replication_monitor/decision/topology_changes.hpp"

#include "replication_monitor/decision/topology_builder.hpp"

#include <utility>

namespace weir::replication_monitor {
namespace {

config::log_level level_of(const server_state& server) noexcept {
    const bool is_well = (server.role == server_role::primary && !server.read_only) ||
                         server.role == server_role::replica;
    return is_well ? config::log_level::info : config::log_level::warning;
}

void compare_servers(
    const server_state* before, const server_state& after, std::vector<topology_change>& changes
) {
    const auto known_role = before == nullptr ? server_role::unknown : before->role;
    const bool is_same =
        before != nullptr && before->reachable == after.reachable && before->detail == after.detail;
    if (after.detail == first_round) return;
    if (is_same && known_role == after.role) return;
    auto text = "server " + after.name + " (" + after.address + "): " + name_of(known_role);
    if (known_role != after.role) text += std::string{" -> "} + name_of(after.role);
    if (!after.detail.empty()) text += ": " + after.detail;
    changes.push_back({level_of(after), std::move(text)});
}

void compare_primaries(
    const topology& before, const topology& after, std::vector<topology_change>& changes
) {
    using config::log_level;
    if (after.several_primaries && !before.several_primaries) {
        changes.push_back(
            {log_level::error,
             after.primary ? "several servers are writable and replicate from none: the first one "
                             "listed takes the writes"
                           : "several servers are writable and replicate from none: none takes "
                             "writes until only one is writable"}
        );
    }
    if (before.primary && !after.primary) {
        changes.push_back({log_level::error, "there is no primary: writes fail until there is"});
    }
}

}  // namespace

std::vector<topology_change> changes_between(const topology& before, const topology& after) {
    std::vector<topology_change> changes;
    for (const auto& server : before.servers) {
        if (after.find(server.id) != nullptr) continue;
        changes.push_back(
            {config::log_level::info,
             "server " + server.name + " (" + server.address + ") is no longer listed"}
        );
    }
    for (const auto& server : after.servers) {
        compare_servers(before.find(server.id), server, changes);
    }
    compare_primaries(before, after, changes);
    return changes;
}

const char* name_of(server_role role) noexcept {
    switch (role) {
        case server_role::unknown: return "unknown";
        case server_role::primary: return "primary";
        case server_role::replica: return "replica";
        case server_role::detached: return "detached";
    }
    return "invalid";
}

}  // namespace weir::replication_monitor
