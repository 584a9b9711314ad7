#pragma once

#include "config/schema/log_settings.hpp"
#include "replication_monitor/model/topology.hpp"

#include <string>
#include <vector>

namespace weir::replication_monitor {

/// One line for the log.
struct topology_change {
    config::log_level level = config::log_level::info;
    std::string text;
    friend bool operator==(const topology_change&, const topology_change&) = default;
};

/// What an operator should hear of, between two topologies: roles, reachability and reasons that
/// changed; servers that came or went; that there is no primary, or more than one. Lags and GTIDs
/// are not news. Pure function.
[[nodiscard]] std::vector<topology_change> changes_between(
    const topology& before, const topology& after
);

/// "primary", "replica", ...
[[nodiscard]] const char* name_of(server_role role) noexcept;

}  // namespace weir::replication_monitor
