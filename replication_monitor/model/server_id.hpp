#pragma once

#include <compare>
#include <cstdint>

namespace weir::replication_monitor {

/// A server's index in the configuration's `servers` list. Stable for the life of one topology
/// generation chain: a reload that removes a server never reuses its id in the same process.
struct server_id {
    std::uint32_t value = 0;
    friend auto operator<=>(const server_id&, const server_id&) = default;
};

}  // namespace weir::replication_monitor
