#pragma once

#include "replication_monitor/decision/observed_server.hpp"
#include "replication_monitor/decision/replication_graph.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace weir::replication_monitor {

/// What two primaries at once mean.
enum class several_primaries_rule : std::uint8_t {
    refuse,      ///< none takes writes
    first_wins,  ///< the first one in the configuration's order takes them
};

struct primary_verdict {
    std::vector<std::size_t> candidates;  ///< indices of all that could take writes, ascending
    std::optional<std::size_t> primary;   ///< the one that is
};

/// Which server is the primary: it takes writes, or answers them with its own error.
///
/// A candidate is reachable, writable, and has no channel from another listed server, running or
/// not: a replica whose replication was stopped is no primary, even where nobody made it read-only.
/// One channel does not count: that from a read-only server which itself has a channel from the
/// candidate, the passive half of an active-passive ring.
///
/// Where nobody is writable, the primary is the one reachable server that replicates from no listed
/// one and that others replicate from (or that is alone in the list), if there is just one:
/// somebody made it read-only, for maintenance or a switch-over, and has to be able to see and to
/// undo that. Not before every server has been probed: a writable one may be among the rest. Where
/// a primary was known (`last`), nobody else is taken: a replica on its way to be promoted is
/// read-only, too. Pure function.
[[nodiscard]] primary_verdict detect_primary(
    std::span<const observed_server> servers,
    const replication_graph& graph,
    several_primaries_rule rule,
    std::optional<std::size_t> last
);

}  // namespace weir::replication_monitor
