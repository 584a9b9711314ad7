#include "replication_monitor/decision/primary_detector.hpp"

#include <algorithm>

namespace weir::replication_monitor {
namespace {

bool is_writable(const observed_server& server) {
    return server.answers && !server.answers->read_only && !server.answers->super_read_only;
}

bool is_candidate(
    std::span<const observed_server> servers, const replication_graph& graph, std::size_t index
) {
    if (!servers[index].reachable || !is_writable(servers[index])) return false;
    const auto is_passive_half = [&](const replication_link& link) {
        const auto back = graph.links(link.source);
        const auto leads_back = [index](const replication_link& other) {
            return other.source == index;
        };
        return servers[link.source].answers && !is_writable(servers[link.source]) &&
               std::any_of(back.begin(), back.end(), leads_back);
    };
    const auto links = graph.links(index);
    return std::all_of(links.begin(), links.end(), is_passive_half);
}

bool is_probed(const observed_server& server) {
    return server.answers || !server.error.empty();
}

bool is_source(const replication_graph& graph, std::size_t servers, std::size_t index) {
    const auto leads_here = [index](const replication_link& link) { return link.source == index; };
    for (std::size_t other = 0; other < servers; ++other) {
        const auto links = graph.links(other);
        if (std::any_of(links.begin(), links.end(), leads_here)) return true;
    }
    return false;
}

/// The one that would be the primary if it were not read-only.
std::optional<std::size_t> find_read_only_primary(
    std::span<const observed_server> servers, const replication_graph& graph
) {
    if (!std::all_of(servers.begin(), servers.end(), is_probed)) return std::nullopt;
    std::optional<std::size_t> found;
    for (std::size_t index = 0; index < servers.size(); ++index) {
        const auto& server = servers[index];
        const bool is_read_only = server.reachable && server.answers && !is_writable(server);
        const bool is_top = graph.links(index).empty() &&
                            (servers.size() == 1 || is_source(graph, servers.size(), index));
        if (!is_read_only || !is_top) continue;
        if (found) return std::nullopt;
        found = index;
    }
    return found;
}

}  // namespace

primary_verdict detect_primary(
    std::span<const observed_server> servers,
    const replication_graph& graph,
    several_primaries_rule rule,
    std::optional<std::size_t> last
) {
    primary_verdict verdict;
    for (std::size_t index = 0; index < servers.size(); ++index) {
        if (is_candidate(servers, graph, index)) verdict.candidates.push_back(index);
    }
    if (verdict.candidates.empty()) {
        verdict.primary = find_read_only_primary(servers, graph);
        if (last && verdict.primary != last) verdict.primary.reset();
        return verdict;
    }
    const bool is_certain =
        verdict.candidates.size() == 1 || rule == several_primaries_rule::first_wins;
    if (is_certain) verdict.primary = verdict.candidates.front();
    return verdict;
}

}  // namespace weir::replication_monitor
