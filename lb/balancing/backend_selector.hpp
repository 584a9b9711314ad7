#pragma once

#include "lb/balancing/backend_load.hpp"
#include "lb/balancing/eligibility.hpp"
#include "replication_monitor/model/topology.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace weir::lb {

/// A topology may list this many servers; those beyond take no reads.
inline constexpr std::size_t servers_max = 256;

/// Why a server was chosen, or why none was.
enum class selection_reason : std::uint8_t {
    primary_needed,    ///< the statement needs the primary
    wanted,            ///< a hint named it
    balanced,          ///< a replica, by weight and load
    primary_shares,    ///< the primary, by weight and load, as primary_reads says
    catches_up,        ///< a replica that lacks the transactions, but is likely to have them soon
    no_replica,        ///< the primary, as no replica is eligible
    primary_has_gtid,  ///< the primary, as no replica has the transactions yet
    no_primary,        ///< none: there is no primary, or it is not reachable
    primary_excluded,  ///< none: the primary was tried in vain
    primary_backing_off,  ///< none: connects to the primary failed; its time has not come
    no_eligible_replica,  ///< none: and primary_reads is never
};

/// "balanced", ... for people and metrics.
[[nodiscard]] std::string_view name_of(selection_reason reason) noexcept;

struct selection {
    std::optional<replication_monitor::server_id> server;
    selection_reason reason = selection_reason::no_primary;
    friend bool operator==(const selection&, const selection&) = default;
};

/// Which server a statement goes to. Pure function; allocates nothing.
///
/// Reads, in this order: the wanted server, if it is eligible (or is the primary); an eligible
/// replica; if the caller may wait, the replica that lags least; the primary, if primary_reads lets
/// it, or if a replica is well but none has the transactions that must be seen: what the session
/// has written it sees, whatever primary_reads says.
///
/// Among the eligible: a server has room if its load (in flight by weight) is below the load that
/// the least loaded one would have with this statement on top. Among those with room they take
/// turns by weight, so that without load each gets its weight's share, and with load those that are
/// behind with their work are passed over.
///
/// `loads`: in any order; a server that is missing has no load. `turn`: counts up by one per
/// selection, per session or per worker; a random number does as well.
[[nodiscard]] selection select(
    const selection_request& request,
    const replication_monitor::topology& topology,
    std::span<const backend_load> loads,
    std::uint64_t turn
);

}  // namespace weir::lb
