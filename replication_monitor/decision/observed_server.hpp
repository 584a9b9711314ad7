#pragma once

#include "config/schema/proxy_settings.hpp"
#include "replication_monitor/decision/probe_result.hpp"
#include "replication_monitor/model/server_id.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace weir::replication_monitor {

/// A listed server and the newest that is known of it. Plain value; what the decisions decide from.
struct observed_server {
    server_id id;
    std::string name;
    config::endpoint address;
    std::uint32_t weight = 1;
    bool reachable = false;                 ///< after damping
    std::optional<server_answers> answers;  ///< the newest good ones; kept while it does not answer
    time_point answered_at{};               ///< when `answers` came
    time_point asked_at{};                  ///< when the probe that brought them began
    std::string error;                      ///< of the newest probe; empty if that was good
};

}  // namespace weir::replication_monitor
