// The part of proxy_worker that says which server takes what, and why, without sending anything.

#include "lb/balancing/candidate_list.hpp"
#include "src/proxy/proxy_worker.hpp"

#include <algorithm>
#include <utility>

namespace weir::proxy {

using splitter::explained_servers;
using splitter::route_target;

splitter::explained_servers proxy_worker::explain(const splitter::route& where) {
    const auto topology = topology_.hold();
    const auto request = request_for(where, {}, true);
    explained_servers explained;
    for (auto& one : lb::list_candidates(request, *topology, loads_, turn_)) {
        const auto* const server = topology->find(one.server);
        if (server == nullptr) continue;
        explained.servers.push_back({server->name, one.eligible, std::move(one.reason), server->lag}
        );
    }
    // A read goes to the primary if nobody else may have it.
    const bool reads = where.role == splitter::server_role::replica;
    const auto chosen = choose(where, request).server;
    const bool on_primary = !reads || (chosen && topology->primary == chosen);
    explained.target = on_primary ? route_target::primary : route_target::replica;
    return explained;
}

splitter::explained_servers proxy_worker::explain_held(server_id held) {
    explained_servers explained;
    explained.target = route_target::pinned;
    for (const auto& server : topology_.current().servers) {
        const bool is_held = server.id == held;
        explained.servers.push_back(
            {server.name,
             is_held,
             is_held ? "" : "the session's connection is elsewhere",
             server.lag}
        );
    }
    std::ranges::stable_sort(explained.servers, [](const auto& a, const auto& b) {
        return a.eligible && !b.eligible;
    });
    return explained;
}

}  // namespace weir::proxy
