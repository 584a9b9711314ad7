#pragma once

#include "config/schema/proxy_settings.hpp"
#include "lb/balancing/backend_load.hpp"
#include "protocol/mysql/gtid_set.hpp"
#include "replication_monitor/model/server_id.hpp"
#include "replication_monitor/model/server_state.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace weir::lb {

/// What a statement needs, and what has been tried for it. Plain value with views.
struct selection_request {
    enum class role : std::uint8_t { primary, replica };

    role needs = role::primary;
    std::chrono::milliseconds max_lag = std::chrono::milliseconds::max();  ///< of a replica
    const protocol::mysql::gtid_set* must_contain = nullptr;  ///< null or empty: no requirement
    bool may_wait = false;  ///< one that lacks only these may be waited for
    config::primary_reads primary_reads = config::primary_reads::when_no_replica;
    bool spares_primary = false;  ///< by a hint: the primary takes no turns, as if primary_reads
                                  ///< were when_no_replica
    std::optional<replication_monitor::server_id> wanted;        ///< by a hint; taken if it may be
    std::span<const replication_monitor::server_id> excluded{};  ///< already tried in vain
    time_point now{};
};

/// May a server take a statement, and if not, the first reason why.
enum class eligibility : std::uint8_t {
    eligible,
    excluded,       ///< tried already
    unreachable,    ///< by the monitor's verdict
    not_a_replica,  ///< its role is another
    not_running,    ///< its replication does not run
    no_weight,      ///< weight 0: takes no reads unless asked for by name
    lag_unknown,
    lagging,       ///< by more than max_lag
    backing_off,   ///< connects failed; its time has not come
    gtid_missing,  ///< well, but lacks the transactions that must be seen. Last: all else is well
};

/// May `server` take reads as a replica? `load`: null if nothing is known. Pure function.
[[nodiscard]] eligibility check_replica(
    const replication_monitor::server_state& server,
    const selection_request& request,
    const backend_load* load
);

/// May `server` take statements as the primary? The primary has everything by definition. Pure
/// function.
[[nodiscard]] eligibility check_primary(
    const replication_monitor::server_state& server,
    const selection_request& request,
    const backend_load* load
);

/// "eligible", "lag unknown", ... for people.
[[nodiscard]] std::string_view name_of(eligibility verdict) noexcept;

}  // namespace weir::lb
