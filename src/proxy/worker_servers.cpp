// The part of proxy_worker that knows servers: which one takes what, how busy they are, and how
// many connections to them there may be.

#include "lb/balancing/backend_selector.hpp"
#include "protocol/wire/ensure.hpp"
#include "src/proxy/greeting_offer.hpp"
#include "src/proxy/proxy_worker.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/deferred.hpp>

#include <algorithm>

namespace weir::proxy {

using replication_monitor::server_role;
using replication_monitor::server_state;

boost::asio::awaitable<std::shared_ptr<const replication_monitor::topology>>
proxy_worker::wait_for_a_server(net::time_point deadline) {
    // A dialect alone is not enough: until the roles are known nobody can judge a login.
    while (dialect_of(topology_.current()) == nullptr || !server_for_login({})) {
        if (is_ending_ || std::chrono::steady_clock::now() >= deadline) co_return nullptr;
        // A publication cancels the wait, and so does each tick. A deadline of its own would cancel
        // those of all other logins, and theirs this one, in turns without end.
        (void)co_await published_.async_wait(boost::asio::as_tuple(boost::asio::deferred));
    }
    co_return topology_.hold();
}

std::optional<proxy_worker::server_id> proxy_worker::server_for_login(
    std::span<const server_id> tried
) {
    const auto& topology = topology_.current();
    const auto is_tried = [&](server_id server) {
        return std::ranges::find(tried, server) != tried.end();
    };
    if (topology.primary && !is_tried(*topology.primary)) return topology.primary;
    const auto other = std::ranges::find_if(topology.servers, [&](const server_state& server) {
        return server.reachable && server.role == server_role::replica && !is_tried(server.id);
    });
    return other == topology.servers.end() ? std::nullopt : std::optional(other->id);
}

lb::selection proxy_worker::select(
    const splitter::route& where, std::span<const server_id> tried, bool replicas_usable
) {
    const auto request = request_for(where, tried, replicas_usable);
    const lb::selection chosen = choose(where, request);
    // Only what takes turns counts, lest those who write in between meet the same server again.
    const bool reads = request.needs == lb::selection_request::role::replica;
    if (reads && !where.stays_at && !where.returns_to) ++turn_;
    return chosen;
}

/// A session that has to stay where it has read, or to go to the primary, does so.
lb::selection proxy_worker::choose(const splitter::route& where, lb::selection_request request) {
    const auto& topology = topology_.current();
    const bool reads = request.needs == lb::selection_request::role::replica;
    if (where.stays_at && reads) {
        const server_id former{*where.stays_at};
        request.wanted = former;
        const lb::selection found = lb::select(request, topology, loads_, turn_);
        if (found.server == former) return found;
        request.needs = lb::selection_request::role::primary;
    }
    return lb::select(request, topology, loads_, turn_);
}

lb::selection_request proxy_worker::request_for(
    const splitter::route& where, std::span<const server_id> tried, bool replicas_usable
) {
    lb::selection_request request;
    const bool reads = where.role == splitter::server_role::replica && replicas_usable;
    request.needs =
        reads ? lb::selection_request::role::replica : lb::selection_request::role::primary;
    request.max_lag = where.lag_max;
    request.must_contain = where.must_contain;
    request.may_wait = where.causal_wait.count() > 0;
    request.spares_primary = where.spares_primary;
    request.primary_reads = world_.routing.primary_reads;
    request.excluded = tried;
    request.now = std::chrono::steady_clock::now();
    if (where.returns_to) request.wanted = server_id{*where.returns_to};
    if (!where.server_name.empty()) request.wanted = find_server(where.server_name);
    return request;
}

std::optional<proxy_worker::server_id> proxy_worker::find_server(std::string_view name) {
    const auto& servers = topology_.current().servers;
    const auto named = std::ranges::find(servers, name, &server_state::name);
    return named == servers.end() ? std::nullopt : std::optional(named->id);
}

bool proxy_worker::is_primary(server_id server) {
    return topology_.current().primary == server;
}

bool proxy_worker::is_unreachable(server_id server) {
    const auto* const known = topology_.current().find(server);
    return known != nullptr && !known->reachable;
}

bool proxy_worker::is_awaiting_the_unreachable() {
    return std::ranges::any_of(loads_, [&](const lb::backend_load& load) {
        return load.in_flight > 0 && is_unreachable(load.server);
    });
}

backend_connection_pointer proxy_worker::make_connection(server_id server, backend_place place) {
    return backend_connection_pointer(new backend_connection(io(), server, std::move(place))
    );  // held by an intrusive count
}

std::optional<backend_place> proxy_worker::take_place(server_id server) {
    return context_.budget.try_take(server, settings().limits.backends_per_server);
}

backend_place proxy_worker::take_extra_place(server_id server) {
    constexpr std::uint32_t no_limit = 0;
    auto place = context_.budget.try_take(server, no_limit);
    WEIR_ENSURE(place.has_value());
    return std::move(*place);
}

backend_login_request proxy_worker::login_request_for(
    server_id server, const splitter::login_request& who, const splitter::credential& proof
) {
    const auto settings = settings_.hold();
    const std::string name = name_of(server);
    const auto found = std::ranges::find(settings->servers, name, &config::server_settings::name);
    config::server_settings target;
    if (found != settings->servers.end()) target = *found;
    return {
        .server = target,
        .settings = settings,
        .who = who,
        .proof = proof,
        .schema = {},
        .probable_method = {},
        .tls = hold_tls()->servers};
}

std::string proxy_worker::name_of(server_id server) {
    const auto* const known = topology_.current().find(server);
    return known == nullptr ? std::string("?") : known->name;
}

lb::backend_load& proxy_worker::load_of(server_id server) {
    const auto known = std::ranges::find(loads_, server, &lb::backend_load::server);
    if (known != loads_.end()) return *known;
    return loads_.emplace_back(lb::backend_load{.server = server});
}

void proxy_worker::on_connected(server_id server) {
    load_of(server).on_connected();
    auto& metrics = metrics_.at(server);
    metrics.connects.add();
    metrics.connections.add(1);
}

void proxy_worker::on_connect_failed(server_id server, error_code why) {
    const auto now = std::chrono::steady_clock::now();
    load_of(server).on_connect_failed(now, {});
    metrics_.at(server).connect_failures.add();
    if (const auto held_back = connect_log_.admit(now)) {
        context_.log.warning(
            "cannot connect to server",
            {{"server", name_of(server)}, {"why", why.message()}, {"held_back", *held_back}}
        );
    }
}

void proxy_worker::on_connection_closed(server_id server) {
    metrics_.at(server).connections.add(-1);
}

void proxy_worker::on_backend_broken(const backend_connection& connection, error_code why) {
    metrics_.at(connection.server).broken.add();
    if (const auto held_back = broken_log_.admit(std::chrono::steady_clock::now())) {
        context_.log.warning(
            "connection to server lost under a statement",
            {{"server", name_of(connection.server)},
             {"why", why.message()},
             {"held_back", *held_back}}
        );
    }
}

void proxy_worker::on_commit_resolved(server_id server, const splitter::resolved_commit& found) {
    metrics_.commit_outcomes[static_cast<std::size_t>(found.what)].add();
    context_.log.info(
        "the answer to a commit was lost with its connection",
        {{"server", name_of(server)},
         {"outcome", commit_outcome_names[static_cast<std::size_t>(found.what)]}}
    );
}

void proxy_worker::on_leased(server_id server) {
    ++load_of(server).in_flight;
    metrics_.at(server).in_flight.add(1);
}

void proxy_worker::on_caught_up(server_id server, const protocol::mysql::gtid_set& executed) {
    load_of(server).caught_up.merge(executed);
}

void proxy_worker::on_released(server_id server) {
    --load_of(server).in_flight;
    metrics_.at(server).in_flight.add(-1);
}

void proxy_worker::on_timed_out(const config::rule_settings& rule) {
    if (rule_hits_ != nullptr) rule_hits_->on_timed_out(rule);
}

void proxy_worker::on_limit_reached(server_id server) {
    metrics_.at(server).limit_reached.add();
}

}  // namespace weir::proxy
