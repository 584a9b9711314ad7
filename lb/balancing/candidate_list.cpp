#include "lb/balancing/candidate_list.hpp"

#include <algorithm>

namespace weir::lb {
namespace {

using replication_monitor::server_state;
using replication_monitor::topology;
using role = selection_request::role;

std::string in_words(
    eligibility verdict, const server_state& server, const selection_request& request
) {
    std::string words(name_of(verdict));
    if (verdict == eligibility::lagging && server.lag) {
        words += ": " + std::to_string(server.lag->count()) + " ms, at most " +
                 std::to_string(request.max_lag.count()) + " ms";
    }
    if (!server.detail.empty()) words += " (" + server.detail + ")";
    return words;
}

candidate judge(
    const selection_request& request,
    const topology& servers,
    const server_state& server,
    const backend_load* load
) {
    const bool is_primary = servers.primary == server.id;
    if (request.needs == role::primary && !is_primary) return {server.id, false, "not the primary"};
    const auto verdict =
        is_primary ? check_primary(server, request, load) : check_replica(server, request, load);
    if (verdict == eligibility::gtid_missing && request.may_wait)
        return {server.id, true, in_words(verdict, server, request) + ", may be waited for"};
    if (verdict != eligibility::eligible)
        return {server.id, false, in_words(verdict, server, request)};
    const bool shares = request.primary_reads == config::primary_reads::always &&
                        !request.spares_primary && server.weight > 0;
    if (is_primary && request.needs == role::replica && !shares) {
        const bool never = request.primary_reads == config::primary_reads::never;
        return {
            server.id,
            false,
            never ? "the primary takes no reads" : "the primary takes reads if no replica can"};
    }
    return {server.id, true, {}};
}

}  // namespace

std::vector<candidate> list_candidates(
    const selection_request& request,
    const topology& topology,
    std::span<const backend_load> loads,
    std::uint64_t turn
) {
    const selection chosen = select(request, topology, loads, turn);
    std::vector<candidate> all;
    all.reserve(topology.servers.size());
    for (const server_state& server : topology.servers) {
        candidate one = judge(request, topology, server, find_load(loads, server.id));
        if (chosen.server == server.id) {
            one.eligible = true;
            one.reason = name_of(chosen.reason);
        }
        all.push_back(std::move(one));
    }
    const auto rank = [&](const candidate& one) {
        return chosen.server == one.server ? 0 : one.eligible ? 1 : 2;
    };
    std::ranges::stable_sort(all, {}, rank);
    return all;
}

}  // namespace weir::lb
