#pragma once

#include "replication_monitor/model/topology.hpp"
#include "src/proxy/worker_metrics.hpp"

#include <memory>
#include <span>
#include <string>

namespace weir::proxy {

/// The page of GET /metrics: what all workers have counted, and what the monitor knows of the
/// servers. Any thread.
[[nodiscard]] std::string compose_metrics(
    std::span<const std::unique_ptr<worker_metrics>> workers,
    const replication_monitor::topology& topology
);

}  // namespace weir::proxy
