#pragma once

#include "lb/balancing/backend_selector.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace weir::lb {

/// One server as select() sees it for a request.
struct candidate {
    replication_monitor::server_id server;
    bool eligible = false;
    std::string reason;  ///< why it is not; of the one that would be chosen, why it is; else empty
    friend bool operator==(const candidate&, const candidate&) = default;
};

/// What select() would do with the same arguments, for people: the server that it would choose, the
/// other eligible ones, the rest. Pure function.
[[nodiscard]] std::vector<candidate> list_candidates(
    const selection_request& request,
    const replication_monitor::topology& topology,
    std::span<const backend_load> loads,
    std::uint64_t turn
);

}  // namespace weir::lb
