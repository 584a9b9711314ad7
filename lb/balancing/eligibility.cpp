#include "lb/balancing/eligibility.hpp"

#include <algorithm>

namespace weir::lb {
namespace {

using replication_monitor::server_role;
using replication_monitor::server_state;

bool is_excluded(const server_state& server, const selection_request& request) {
    const auto& excluded = request.excluded;
    return std::find(excluded.begin(), excluded.end(), server.id) != excluded.end();
}

bool is_backing_off(const selection_request& request, const backend_load* load) {
    return load != nullptr && load->is_backing_off(request.now);
}

}  // namespace

eligibility check_replica(
    const server_state& server, const selection_request& request, const backend_load* load
) {
    if (is_excluded(server, request)) return eligibility::excluded;
    if (!server.reachable) return eligibility::unreachable;
    if (server.role != server_role::replica) return eligibility::not_a_replica;
    if (!server.replication_running) return eligibility::not_running;
    if (server.weight == 0 && request.wanted != server.id) return eligibility::no_weight;
    if (!server.lag) return eligibility::lag_unknown;
    if (*server.lag > request.max_lag) return eligibility::lagging;
    if (is_backing_off(request, load)) return eligibility::backing_off;
    const bool has_gtids = request.must_contain == nullptr ||
                           server.executed.contains(*request.must_contain) ||
                           (load != nullptr && load->caught_up.contains(*request.must_contain));
    return has_gtids ? eligibility::eligible : eligibility::gtid_missing;
}

eligibility check_primary(
    const server_state& server, const selection_request& request, const backend_load* load
) {
    if (is_excluded(server, request)) return eligibility::excluded;
    if (!server.reachable) return eligibility::unreachable;
    if (is_backing_off(request, load)) return eligibility::backing_off;
    return eligibility::eligible;
}

std::string_view name_of(eligibility verdict) noexcept {
    switch (verdict) {
        case eligibility::eligible: return "eligible";
        case eligibility::excluded: return "tried already";
        case eligibility::unreachable: return "unreachable";
        case eligibility::not_a_replica: return "not a replica";
        case eligibility::not_running: return "replication does not run";
        case eligibility::no_weight: return "weight 0";
        case eligibility::lag_unknown: return "lag unknown";
        case eligibility::lagging: return "lagging";
        case eligibility::backing_off: return "backing off";
        case eligibility::gtid_missing: return "GTID missing";
    }
    return "invalid";
}

}  // namespace weir::lb
