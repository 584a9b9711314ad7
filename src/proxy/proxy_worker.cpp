#include "src/proxy/proxy_worker.hpp"

#include "lb/balancing/backend_selector.hpp"
#include "protocol/mysql/packet_header.hpp"
#include "protocol/wire/ensure.hpp"
#include "splitter/relay/local_answer.hpp"
#include "src/proxy/greeting_offer.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/deferred.hpp>
#include <openssl/rand.h>

#include <sys/socket.h>

#include <algorithm>
#include <array>

namespace weir::proxy {

using replication_monitor::server_role;
using replication_monitor::server_state;

proxy_worker::proxy_worker(runtime::worker& thread, proxy_context& context, worker_metrics& metrics)
    : thread_(thread),
      context_(context),
      metrics_(metrics),
      settings_(context.settings),
      topology_(context.topology),
      accounts_(context.accounts),
      tls_(context.tls),
      tick_(thread.context()),
      published_(thread.context(), boost::asio::steady_timer::time_point::max()) {
    refresh_world();
    arm_tick();
}

proxy_worker::~proxy_worker() = default;

std::optional<std::string> proxy_worker::listen() {
    for (const auto& endpoint : settings().listen) {
        const bool is_unix = endpoint.what == config::endpoint::kind::unix_socket;
        if (is_unix && thread_.index() != 0) continue;
        auto listener = std::make_unique<net::listener>(io(), context_.log);
        const auto accept = [this, is_unix](net::accepted_socket socket) {
            if (is_unix) return context_.hand_over(std::move(socket));
            adopt_socket(std::move(socket));
        };
        if (const auto failed = listener->start(endpoint, settings().sockets, accept))
            return failed->message;
        listeners_.push_back(std::move(listener));
    }
    return std::nullopt;
}

void proxy_worker::adopt_socket(net::accepted_socket socket) {
    if (is_ending_) return;
    if (!context_.limits.try_enter(settings().limits.clients)) {
        metrics_.refused_clients.add();
        refuse(socket);
        return;
    }
    // The top byte names the worker, so that a KILL finds its way.
    const std::uint32_t id =
        (std::uint32_t{thread_.index()} << 24U) | (next_session_++ & 0xFFFFFFU);
    const client_session::pointer session(new client_session(*this, id)
    );  // held by an intrusive count
    sessions_.insert(session);
    session->start(std::move(socket));
}

/// As servers do: an error in place of the greeting, if the socket takes it at once.
void proxy_worker::refuse(const net::accepted_socket& socket) {
    protocol::wire::send_buffer out;
    splitter::append_error(
        out,
        0,
        {protocol::mysql::server_errc::too_many_connections,
         "Too many connections (limits.clients)"}
    );
    (void)::send(socket.native.get(), out.view().data(), out.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
}

void proxy_worker::drain() {
    is_ending_ = true;
    close_listeners();
    const std::vector<client_session::pointer> sessions(sessions_.begin(), sessions_.end());
    for (const auto& session : sessions) {
        session->drain();
    }
    end_if_empty();
}

void proxy_worker::stop() {
    is_ending_ = true;
    close_listeners();
    while (!sessions_.empty()) {
        (*sessions_.begin())->close();
    }
    end_if_empty();
}

void proxy_worker::end_if_empty() {
    if (!is_ending_ || !sessions_.empty()) return;
    tick_.cancel();
    published_.cancel();
}

void proxy_worker::close_listeners() {
    for (const auto& listener : listeners_) {
        listener->stop();
    }
}

void proxy_worker::on_published() {
    refresh_world();
    published_.cancel();
    if (waiting_ == 0 && !is_awaiting_the_unreachable()) return;
    waiting_ = 0;
    const std::vector<client_session::pointer> sessions(sessions_.begin(), sessions_.end());
    for (const auto& session : sessions) {
        // One session's turn may close another.
        if (sessions_.contains(session)) session->on_topology();
    }
}

void proxy_worker::refresh_world() {
    const auto& settings = settings_.current();
    world_.routing = settings.routing;
    world_.limits = settings.limits;
    const auto& topology = topology_.current();
    const auto* const primary = topology.primary ? topology.find(*topology.primary) : nullptr;
    if (primary != nullptr) {
        world_.primary_executed = primary->executed;
        world_.primary_asked_at = primary->asked_at;
    }
    if (const auto* const dialect = dialect_of(topology)) {
        world_.flavor = dialect->flavor;
        world_.version_number = dialect->version_number;
    }
}

void proxy_worker::arm_tick() {
    tick_.expires_after(std::chrono::seconds(1));
    tick_.async_wait([this](error_code error) {
        if (!error) on_tick();
    });
}

void proxy_worker::on_tick() {
    const auto now = std::chrono::steady_clock::now();
    const std::vector<client_session::pointer> sessions(sessions_.begin(), sessions_.end());
    for (const auto& session : sessions) {
        if (sessions_.contains(session)) session->on_tick(now);
    }
    published_.cancel();  // logins that wait for a server look at their deadlines
    if (!is_ending_ || !sessions_.empty()) arm_tick();
}

std::size_t proxy_worker::read_size(bool filled_before) {
    constexpr std::size_t large = 256U << 10U;
    return filled_before ? std::max(large, buffer_size()) : buffer_size();
}

protocol::mysql::scramble_bytes proxy_worker::make_scramble() {
    std::array<unsigned char, sizeof(protocol::mysql::scramble_bytes)> random{};
    WEIR_ENSURE(::RAND_bytes(random.data(), static_cast<int>(random.size())) == 1);
    protocol::mysql::scramble_bytes scramble{};
    // Printable: some clients treat the scramble as text, and a zero would end it.
    constexpr unsigned char first = 33;
    constexpr unsigned char count = 93;
    std::ranges::transform(random, scramble.begin(), [](unsigned char byte) {
        return static_cast<std::byte>(first + byte % count);
    });
    return scramble;
}

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

std::optional<proxy_worker::server_id> proxy_worker::select(
    const splitter::route& where, std::span<const server_id> tried, bool replicas_usable
) {
    const auto& topology = topology_.current();
    lb::selection_request request;
    const bool reads = where.role == splitter::server_role::replica && replicas_usable;
    request.needs =
        reads ? lb::selection_request::role::replica : lb::selection_request::role::primary;
    request.max_lag = where.lag_max;
    request.must_contain = where.must_contain;
    request.spares_primary = where.spares_primary;
    request.primary_reads = world_.routing.primary_reads;
    request.excluded = tried;
    request.now = std::chrono::steady_clock::now();
    if (!where.server_name.empty()) {
        const auto named =
            std::ranges::find(topology.servers, where.server_name, &server_state::name);
        if (named != topology.servers.end()) request.wanted = named->id;
    }
    return lb::select(request, topology, loads_, turn_++).server;
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

backend_connection_pointer proxy_worker::make_connection(server_id server) {
    return backend_connection_pointer(new backend_connection(io(), server)
    );  // held by an intrusive count
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

void proxy_worker::on_leased(server_id server) {
    ++load_of(server).in_flight;
    metrics_.at(server).in_flight.add(1);
}

void proxy_worker::on_released(server_id server) {
    --load_of(server).in_flight;
    metrics_.at(server).in_flight.add(-1);
}

void proxy_worker::on_waiting() {
    ++waiting_;
}

void proxy_worker::on_session_closed(client_session& session) {
    sessions_.erase(client_session::pointer(&session));
    end_if_empty();
}

void proxy_worker::on_session_gone() noexcept {
    context_.limits.leave();
}

}  // namespace weir::proxy
