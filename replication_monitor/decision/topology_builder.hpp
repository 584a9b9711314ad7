#pragma once

#include "config/schema/monitor_settings.hpp"
#include "replication_monitor/decision/lag_estimator.hpp"
#include "replication_monitor/decision/observed_server.hpp"
#include "replication_monitor/decision/primary_detector.hpp"
#include "replication_monitor/decision/probe_result.hpp"
#include "replication_monitor/decision/reachability.hpp"
#include "replication_monitor/decision/replication_graph.hpp"
#include "replication_monitor/decision/server_registry.hpp"
#include "replication_monitor/model/topology.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace weir::replication_monitor {

/// The `detail` of a server of which nothing can be said before all have been probed once.
inline constexpr const char* first_round = "the first round of probes is under way";

/// Probe results in, topologies out. No I/O and no clock: time is an argument.
///
/// Roles, in this order:
/// - not reachable after damping: `unknown`. While damping still holds a failing server, its last
/// answers count.
/// - primary: see detect_primary(). Two candidates, unless they are allowed: both `unknown`.
/// - replica: events flow to it from the root, over other listed servers if need be. The root is
/// the primary; while
///   there is none, or more than one, the last primary: its replicas go on serving reads while it
///   is dead, is being switched over, or has a rival. A receiver that reconnects still counts as
///   flowing; the growing bound on its lag takes such a replica out (see lag_estimator).
/// - all else: `detached`, and `detail` says why; but `unknown` while a server that may be the
/// primary has not been
///   probed yet.
///
/// The lag of a replica is the sum of the lags on its way to the root.
///
/// Thread: the decider's.
class topology_builder {
public:
    /// Replaces settings and list of servers. What is known of a server is kept with its id.
    void configure(
        const config::monitor_settings& settings, std::span<const watched_server> servers
    );

    /// Takes the outcome of one probe. Results for an unknown id are ignored: the server was
    /// removed meanwhile.
    void on_probe(server_id id, probe_result result, time_point now);

    /// The topology as of now. Its generation is that of the last call if nothing at all is
    /// different, else one more.
    [[nodiscard]] std::shared_ptr<const topology> build(time_point now);

private:
    struct tracked_server {
        observed_server seen;
        reachability up;
        lag_estimator lag;
        bool probed = false;
    };

    /// What one call of build() decides from.
    struct round {
        std::vector<observed_server> servers;
        replication_graph graph;
        primary_verdict verdict;
        std::optional<std::size_t> root;
        time_point root_seen_at{};
    };

    [[nodiscard]] round observe(time_point now);
    [[nodiscard]] std::optional<std::size_t> index_of_last_primary(
        std::span<const observed_server> servers
    ) const;
    [[nodiscard]] server_state state_of(const round& now, std::size_t index) const;
    void decide_role(const round& now, std::size_t index, server_state& state) const;
    void decide_replica(const round& now, std::size_t index, server_state& state) const;
    [[nodiscard]] bool is_first_round() const;
    [[nodiscard]] std::optional<std::chrono::milliseconds> lag_of(
        const round& now, std::size_t index, std::span<const replication_link> way
    ) const;

    std::vector<tracked_server> servers_;
    damping damping_;
    several_primaries_rule rule_ = several_primaries_rule::refuse;
    std::chrono::milliseconds fresh_for_{0};
    std::optional<server_id> last_primary_;
    std::shared_ptr<const topology> last_ = std::make_shared<const topology>();
};

}  // namespace weir::replication_monitor
