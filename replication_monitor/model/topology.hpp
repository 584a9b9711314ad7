#pragma once

#include "replication_monitor/model/server_state.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace weir::replication_monitor {

/// All servers as of one decision of the monitor. Immutable once published; `generation` only
/// grows.
struct topology {
    std::uint64_t generation = 0;
    std::vector<server_state> servers;  ///< in the configuration's order
    std::optional<server_id>
        primary;  ///< nothing: no primary, or more than one and that is not allowed
    bool several_primaries = false;  ///< more than one writable server that replicates from nobody

    [[nodiscard]] const server_state* find(server_id id) const noexcept {
        for (const auto& server : servers) {
            if (server.id == id) return &server;
        }
        return nullptr;
    }

    friend bool operator==(const topology&, const topology&) = default;
};

}  // namespace weir::replication_monitor
