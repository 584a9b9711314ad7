#include "replication_monitor/decision/replication_graph.hpp"

#include <algorithm>
#include <utility>

namespace weir::replication_monitor {
namespace {

using channel_matches = bool (*)(const replication_channel&, const observed_server&);

bool matches_uuid(const replication_channel& channel, const observed_server& server) {
    return !channel.source_uuid.empty() && server.answers &&
           server.answers->server_uuid == channel.source_uuid;
}

bool matches_address(const replication_channel& channel, const observed_server& server) {
    return server.address.what == config::endpoint::kind::tcp &&
           server.address.host == channel.source_host && server.address.port == channel.source_port;
}

bool matches_server_id(const replication_channel& channel, const observed_server& server) {
    return channel.source_server_id != 0 && server.answers &&
           server.answers->server_id == channel.source_server_id;
}

std::optional<std::size_t> find_source(
    const replication_channel& channel, std::span<const observed_server> servers, std::size_t self
) {
    for (const channel_matches matches : {&matches_uuid, &matches_address, &matches_server_id}) {
        for (std::size_t index = 0; index < servers.size(); ++index) {
            if (index != self && matches(channel, servers[index])) return index;
        }
    }
    return std::nullopt;
}

}  // namespace

bool is_flowing(const replication_channel& channel) noexcept {
    return channel.applier_running && channel.receiver != receiver_state::stopped;
}

replication_graph::replication_graph(std::span<const observed_server> servers)
    : links_(servers.size()) {
    for (std::size_t self = 0; self < servers.size(); ++self) {
        if (!servers[self].answers) continue;
        for (const auto& channel : servers[self].answers->channels) {
            if (const auto source = find_source(channel, servers, self)) {
                links_[self].push_back({&channel, *source});
            }
        }
    }
}

// Breadth first, so that the shortest way is found; `steps` is also the set of servers already
// visited.
std::optional<std::vector<replication_link>> replication_graph::way(
    std::size_t from, std::size_t root
) const {
    struct step {
        std::size_t server = 0;
        std::size_t previous = 0;  ///< index into `steps`
        replication_link link;     ///< from the previous server to this one
    };

    std::vector<step> steps{{from, 0, {}}};
    for (std::size_t current = 0; current < steps.size(); ++current) {
        if (steps[current].server == root) {
            std::vector<replication_link> found;
            for (auto at = current; at != 0; at = steps[at].previous) {
                found.push_back(steps[at].link);
            }
            std::reverse(found.begin(), found.end());
            return found;
        }
        for (const auto& link : links_[steps[current].server]) {
            const auto visited = [&link](const step& known) { return known.server == link.source; };
            if (!is_flowing(*link.channel)) continue;
            if (std::any_of(steps.begin(), steps.end(), visited)) continue;
            steps.push_back({link.source, current, link});
        }
    }
    return std::nullopt;
}

}  // namespace weir::replication_monitor
