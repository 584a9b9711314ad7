#include "replication_monitor/decision/topology_builder.hpp"

#include <algorithm>
#include <utility>

namespace weir::replication_monitor {
namespace {

std::string address_text(const config::endpoint& address) {
    if (address.what == config::endpoint::kind::unix_socket) return "unix:" + address.path;
    const bool is_ipv6 = address.host.find(':') != std::string::npos;
    const auto host = is_ipv6 ? "[" + address.host + "]" : address.host;
    return host + ":" + std::to_string(address.port);
}

std::string error_text(std::uint32_t number) {
    return number == 0 ? std::string{} : " (error " + std::to_string(number) + ")";
}

/// Why no event flows over `link`; empty if they do.
std::string stoppage(const replication_link& link, const std::string& source_name) {
    const auto& channel = *link.channel;
    const bool receiver_stopped = channel.receiver == receiver_state::stopped;
    if (!receiver_stopped && channel.applier_running) return {};
    const auto from = "replication from " + source_name;
    if (!channel.applier_running && channel.applier_error != 0) {
        return from + ": the applier failed" + error_text(channel.applier_error);
    }
    if (receiver_stopped && channel.receiver_error != 0) {
        return from + ": the receiver failed" + error_text(channel.receiver_error);
    }
    if (receiver_stopped && !channel.applier_running) return from + " is stopped";
    return from + ": the " + (receiver_stopped ? "receiver" : "applier") + " is stopped";
}

/// Why a reachable server that is no primary gets nothing.
std::string why_detached(
    std::span<const observed_server> servers, const replication_graph& graph, std::size_t index
) {
    const auto links = graph.links(index);
    if (links.empty()) {
        const auto& answers = servers[index].answers;
        const bool is_read_only = answers->read_only || answers->super_read_only;
        return is_read_only ? "read-only, and replicates from no listed server"
                            : "replicates from no listed server";
    }
    for (const auto& link : links) {
        if (auto reason = stoppage(link, servers[link.source].name); !reason.empty()) return reason;
    }
    return "its source " + servers[links.front().source].name + " does not lead to a primary";
}

std::string rival_names(std::span<const observed_server> servers, const primary_verdict& verdict) {
    std::string names;
    for (const auto index : verdict.candidates) {
        if (!names.empty()) names += ", ";
        names += servers[index].name;
    }
    return names;
}

/// The answers' part of a server's state; the decisions add the rest.
server_state state_from_answers(const observed_server& server) {
    server_state state;
    state.id = server.id;
    state.name = server.name;
    state.address = address_text(server.address);
    state.weight = server.weight;
    state.reachable = server.reachable;
    if (!server.answers) return state;
    state.read_only = server.answers->read_only || server.answers->super_read_only;
    state.executed = server.answers->executed;
    state.asked_at = server.asked_at;
    state.flavor = server.answers->flavor;
    state.version_number = server.answers->version_number;
    state.version_text = server.answers->version_text;
    state.capabilities = server.answers->capabilities;
    state.default_collation = server.answers->default_collation;
    return state;
}

}  // namespace

void topology_builder::configure(
    const config::monitor_settings& settings, std::span<const watched_server> servers
) {
    damping_ = {settings.failures_to_down, settings.successes_to_up};
    rule_ = settings.allow_several_primaries ? several_primaries_rule::first_wins
                                             : several_primaries_rule::refuse;
    // The answers of a probe that started on time are at most two intervals old when the next ones
    // are due.
    fresh_for_ = 2 * settings.interval;
    std::vector<tracked_server> next;
    next.reserve(servers.size());
    for (const auto& server : servers) {
        const auto known = std::find_if(servers_.begin(), servers_.end(), [&](const auto& other) {
            return other.seen.id == server.id;
        });
        auto& entry = next.emplace_back(known == servers_.end() ? tracked_server{} : *known);
        entry.seen.id = server.id;
        entry.seen.name = server.settings.name;
        entry.seen.address = server.settings.address;
        entry.seen.weight = server.settings.weight;
    }
    servers_ = std::move(next);
}

void topology_builder::on_probe(server_id id, probe_result result, time_point now) {
    const auto found = std::find_if(servers_.begin(), servers_.end(), [id](const auto& server) {
        return server.seen.id == id;
    });
    if (found == servers_.end()) return;
    found->probed = true;
    found->seen.error = std::move(result.error);
    if (result.answers) {
        found->up.on_success(damping_);
        found->lag.on_answers(*result.answers, now);
        found->seen.answers = std::move(result.answers);
        found->seen.answered_at = now;
        found->seen.asked_at = now - result.took;
    } else {
        found->up.on_failure(damping_);
    }
    found->seen.reachable = found->up.is_up();
}

std::shared_ptr<const topology> topology_builder::build(time_point now) {
    const auto current = observe(now);
    topology next;
    next.generation = last_->generation;
    next.several_primaries = current.verdict.candidates.size() > 1;
    if (current.verdict.primary) next.primary = current.servers[*current.verdict.primary].id;
    next.servers.reserve(current.servers.size());
    for (std::size_t index = 0; index < current.servers.size(); ++index) {
        next.servers.push_back(state_of(current, index));
    }
    if (next == *last_) return last_;
    ++next.generation;
    last_ = std::make_shared<const topology>(std::move(next));
    return last_;
}

std::optional<std::size_t> topology_builder::index_of_last_primary(
    std::span<const observed_server> servers
) const {
    const auto last = std::find_if(servers.begin(), servers.end(), [this](const auto& server) {
        return server.id == last_primary_;
    });
    if (last == servers.end()) return std::nullopt;
    return static_cast<std::size_t>(last - servers.begin());
}

topology_builder::round topology_builder::observe(time_point now) {
    std::vector<observed_server> servers;
    servers.reserve(servers_.size());
    for (const auto& server : servers_)
        servers.push_back(server.seen);
    replication_graph graph{servers};
    auto verdict = detect_primary(servers, graph, rule_, index_of_last_primary(servers));
    if (verdict.primary) last_primary_ = servers[*verdict.primary].id;
    const auto root = index_of_last_primary(servers);
    const auto root_seen_at = root ? std::min(servers[*root].answered_at, now) : time_point{};
    return {std::move(servers), std::move(graph), std::move(verdict), root, root_seen_at};
}

server_state topology_builder::state_of(const round& now, std::size_t index) const {
    const auto& server = now.servers[index];
    auto state = state_from_answers(server);
    if (server.reachable && server.answers) {
        decide_role(now, index, state);
    } else if (!servers_[index].probed) {
        state.detail = first_round;
    } else {
        state.detail = server.error.empty() ? "answers again, not often enough yet" : server.error;
    }
    return state;
}

void topology_builder::decide_role(const round& now, std::size_t index, server_state& state) const {
    const auto& candidates = now.verdict.candidates;
    if (now.verdict.primary == index) {
        state.role = server_role::primary;
        if (state.read_only) state.detail = "read-only: it refuses writes";
    } else if (std::find(candidates.begin(), candidates.end(), index) == candidates.end()) {
        decide_replica(now, index, state);
    } else if (now.verdict.primary) {
        state.role = server_role::detached;
        state.detail =
            "writable, but " + now.servers[*now.verdict.primary].name + " is the primary";
    } else {
        state.detail = "several primaries (" + rival_names(now.servers, now.verdict) +
                       "): none of them takes writes";
    }
}

void topology_builder::decide_replica(const round& now, std::size_t index, server_state& state)
    const {
    const auto way = now.root ? now.graph.way(index, *now.root) : std::nullopt;
    if (!now.root && is_first_round()) {
        state.detail = first_round;
        return;
    }
    if (!way || way->empty()) {
        state.role = server_role::detached;
        state.detail = why_detached(now.servers, now.graph, index);
        return;
    }
    state.role = server_role::replica;
    state.replication_running = true;
    state.lag = lag_of(now, index, *way);
    const auto& first = way->front();
    if (first.channel->receiver == receiver_state::connecting) {
        state.detail = "waits for its source " + now.servers[first.source].name +
                       error_text(first.channel->receiver_error);
    } else if (!state.lag) {
        state.detail = "lag is not known";
    }
}

bool topology_builder::is_first_round() const {
    return std::any_of(servers_.begin(), servers_.end(), [](const tracked_server& server) {
        return !server.probed;
    });
}

std::optional<std::chrono::milliseconds> topology_builder::lag_of(
    const round& now, std::size_t index, std::span<const replication_link> way
) const {
    std::chrono::milliseconds sum{0};
    for (const auto& link : way) {
        const auto& estimator = servers_[index].lag;
        const auto lag = estimator.estimate(*link.channel, now.root_seen_at, fresh_for_);
        if (!lag) return std::nullopt;
        sum += *lag;
        index = link.source;
    }
    return sum;
}

}  // namespace weir::replication_monitor
