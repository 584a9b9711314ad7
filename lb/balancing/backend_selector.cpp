#include "lb/balancing/backend_selector.hpp"

#include <algorithm>
#include <bitset>

namespace weir::lb {
namespace {

using replication_monitor::server_state;
using replication_monitor::topology;

/// The servers that a statement may go to, and the balancing among them.
class candidates {
public:
    candidates(const topology& servers, std::span<const backend_load> loads)
        : servers_(servers.servers), loads_(loads) {}

    void add(std::size_t index) { members_.set(index); }

    [[nodiscard]] bool empty() const { return members_.none(); }

    /// Not if empty.
    [[nodiscard]] const server_state& take_turn(std::uint64_t turn) const {
        const auto* const least = least_loaded();
        const auto has_room = [&](const server_state& server) {
            return in_flight(server) * least->weight < (in_flight(*least) + 1) * server.weight;
        };
        std::uint64_t weight_sum = 0;
        for_each([&](const server_state& server) {
            if (has_room(server)) weight_sum += server.weight;
        });
        auto position = turn % weight_sum;
        const server_state* chosen = nullptr;
        for_each([&](const server_state& server) {
            if (chosen != nullptr || !has_room(server)) return;
            if (position < server.weight) {
                chosen = &server;
            } else {
                position -= server.weight;
            }
        });
        return *chosen;
    }

private:
    template <class Visitor>
    void for_each(Visitor visit) const {
        for (std::size_t index = 0; index < std::min(servers_.size(), servers_max); ++index) {
            if (members_.test(index)) visit(servers_[index]);
        }
    }

    [[nodiscard]] std::uint64_t in_flight(const server_state& server) const {
        const auto* const load = find_load(loads_, server.id);
        return load == nullptr ? 0 : load->in_flight;
    }

    /// The one whose load is least with one more statement.
    [[nodiscard]] const server_state* least_loaded() const {
        const server_state* least = nullptr;
        for_each([&](const server_state& server) {
            if (least == nullptr ||
                (in_flight(server) + 1) * least->weight < (in_flight(*least) + 1) * server.weight) {
                least = &server;
            }
        });
        return least;
    }

    std::span<const server_state> servers_;
    std::span<const backend_load> loads_;
    std::bitset<servers_max> members_;
};

/// Those that lag least.
class nearest_candidates {
public:
    explicit nearest_candidates(candidates none) : none_(none), members_(none) {}

    void add(std::size_t index, std::chrono::milliseconds lag) {
        if (!members_.empty() && lag > lag_) return;
        if (lag < lag_) members_ = none_;
        lag_ = lag;
        members_.add(index);
    }

    [[nodiscard]] const candidates& members() const { return members_; }

private:
    candidates none_;
    candidates members_;
    std::chrono::milliseconds lag_ = std::chrono::milliseconds::max();
};

/// The primary for `why`, or the reason why it cannot be.
selection choose_primary(
    const selection_request& request,
    const topology& servers,
    std::span<const backend_load> loads,
    selection_reason why
) {
    const auto* const primary = servers.primary ? servers.find(*servers.primary) : nullptr;
    if (primary == nullptr) return {std::nullopt, selection_reason::no_primary};
    switch (check_primary(*primary, request, find_load(loads, primary->id))) {
        case eligibility::eligible: return {primary->id, why};
        case eligibility::excluded: return {std::nullopt, selection_reason::primary_excluded};
        case eligibility::backing_off: return {std::nullopt, selection_reason::primary_backing_off};
        case eligibility::unreachable:
        case eligibility::not_a_replica:
        case eligibility::not_running:
        case eligibility::no_weight:
        case eligibility::lag_unknown:
        case eligibility::lagging:
        case eligibility::gtid_missing: break;
    }
    return {std::nullopt, selection_reason::no_primary};
}

eligibility check_read(
    const selection_request& request,
    const topology& servers,
    const server_state& server,
    const backend_load* load
) {
    return servers.primary == server.id ? check_primary(server, request, load)
                                        : check_replica(server, request, load);
}

/// Is it one of those that take turns, if it is eligible?
bool takes_turns(
    const selection_request& request, const topology& servers, const server_state& server
) {
    if (server.weight == 0) return false;
    if (servers.primary != server.id) return true;
    return request.primary_reads == config::primary_reads::always && !request.spares_primary;
}

/// The server that is asked for by name, if it may be taken or waited for.
std::optional<selection> take_wanted(
    const selection_request& request, replication_monitor::server_id server, eligibility verdict
) {
    if (request.wanted != server) return std::nullopt;
    if (verdict == eligibility::eligible) return selection{server, selection_reason::wanted};
    const bool is_worth_waiting = verdict == eligibility::gtid_missing && request.may_wait;
    if (!is_worth_waiting) return std::nullopt;
    return selection{server, selection_reason::catches_up};
}

selection choose_for_read(
    const selection_request& request,
    const topology& servers,
    std::span<const backend_load> loads,
    std::uint64_t turn
) {
    candidates able{servers, loads};
    nearest_candidates behind{candidates{servers, loads}};  // those that lack only transactions
    for (std::size_t index = 0; index < std::min(servers.servers.size(), servers_max); ++index) {
        const auto& server = servers.servers[index];
        const auto verdict = check_read(request, servers, server, find_load(loads, server.id));
        if (const auto wanted = take_wanted(request, server.id, verdict)) return *wanted;
        if (verdict == eligibility::gtid_missing) behind.add(index, *server.lag);
        if (verdict == eligibility::eligible && takes_turns(request, servers, server))
            able.add(index);
    }
    if (!able.empty()) {
        const auto chosen = able.take_turn(turn).id;
        const bool is_primary = servers.primary == chosen;
        return {chosen, is_primary ? selection_reason::primary_shares : selection_reason::balanced};
    }
    if (!behind.members().empty() && request.may_wait)
        return {behind.members().take_turn(turn).id, selection_reason::catches_up};
    if (!behind.members().empty()) {
        return choose_primary(request, servers, loads, selection_reason::primary_has_gtid);
    }
    if (request.primary_reads == config::primary_reads::never) {
        return {std::nullopt, selection_reason::no_eligible_replica};
    }
    return choose_primary(request, servers, loads, selection_reason::no_replica);
}

}  // namespace

selection select(
    const selection_request& request,
    const topology& topology,
    std::span<const backend_load> loads,
    std::uint64_t turn
) {
    if (request.needs == selection_request::role::primary) {
        return choose_primary(request, topology, loads, selection_reason::primary_needed);
    }
    return choose_for_read(request, topology, loads, turn);
}

std::string_view name_of(selection_reason reason) noexcept {
    switch (reason) {
        case selection_reason::primary_needed: return "primary needed";
        case selection_reason::wanted: return "wanted";
        case selection_reason::balanced: return "balanced";
        case selection_reason::primary_shares: return "primary shares";
        case selection_reason::catches_up: return "catches up";
        case selection_reason::no_replica: return "no replica";
        case selection_reason::primary_has_gtid: return "primary has GTID";
        case selection_reason::no_primary: return "no primary";
        case selection_reason::primary_excluded: return "primary excluded";
        case selection_reason::primary_backing_off: return "primary backing off";
        case selection_reason::no_eligible_replica: return "no eligible replica";
    }
    return "invalid";
}

}  // namespace weir::lb
