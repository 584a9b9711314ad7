#include "src/proxy/proxy_worker.hpp"

#include "protocol/mysql/packet_header.hpp"
#include "protocol/wire/ensure.hpp"
#include "splitter/relay/local_answer.hpp"
#include "src/proxy/greeting_offer.hpp"
#include "src/proxy/session_number.hpp"

#include <openssl/rand.h>

#include <sys/socket.h>

#include <algorithm>
#include <array>

namespace weir::proxy {

proxy_worker::proxy_worker(runtime::worker& thread, proxy_context& context, worker_metrics& metrics)
    : thread_(thread),
      context_(context),
      metrics_(metrics),
      settings_(context.settings),
      rules_(context.rules),
      topology_(context.topology),
      accounts_(context.accounts),
      tls_(context.tls),
      definitions_(context.definitions),
      positions_(*this),
      readings_(settings().limits.statement_forms),
      tick_(thread.context()),
      published_(thread.context(), boost::asio::steady_timer::time_point::max()) {
    world_.statements = &statements_;
    world_.readings = &readings_;
    world_.definitions = &definitions_;
    world_.confirmed_writes = &context.confirmed_writes;
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
    // A session may outlive as many others as there are numbers.
    std::uint32_t id = session_number::make(thread_.index(), next_session_++);
    while (sessions_.contains(id))
        id = session_number::make(thread_.index(), next_session_++);
    const client_session::pointer session(new client_session(*this, id)
    );  // held by an intrusive count
    sessions_.emplace(id, session);
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
    for (const auto& session : all_sessions()) {
        session->drain();
    }
    end_if_empty();
}

void proxy_worker::stop() {
    is_ending_ = true;
    close_listeners();
    while (!sessions_.empty()) {
        sessions_.begin()->second->close();
    }
    end_if_empty();
}

void proxy_worker::end_if_empty() {
    if (!is_ending_ || !sessions_.empty()) return;
    mirror_.close();
    for (const auto& connection : pool_.unused(time_point::max()))
        close_connection(*connection, farewell::quit);
    tick_.cancel();
    positions_.stop();
    published_.cancel();
    for (auto* const login : waiting_logins_)
        login->woken.cancel();
}

void proxy_worker::close_listeners() {
    for (const auto& listener : listeners_) {
        listener->stop();
    }
}

void proxy_worker::on_published() {
    refresh_world();
    wake_waiting();
}

void proxy_worker::on_place_freed() {
    serve_waiting();
}

std::vector<client_session::pointer> proxy_worker::all_sessions() const {
    std::vector<client_session::pointer> all;
    all.reserve(sessions_.size());
    for (const auto& [id, session] : sessions_)
        all.push_back(session);
    return all;
}

client_session::pointer proxy_worker::find_session(std::uint32_t id) const {
    const auto found = sessions_.find(id);
    return found == sessions_.end() ? nullptr : found->second;
}

bool proxy_worker::look_for(std::uint32_t id, session_inquirer asks) {
    const auto owner = session_number::worker_of(id);
    if (!owner) return false;
    return context_.post_to_worker(*owner, [id, asks, from = thread_.index()](proxy_worker& there) {
        const auto session = there.find_session(id);
        if (session != nullptr && asks.ends_it) session->expect_end(true);
        auto where = session == nullptr ? std::nullopt : session->whereabouts();
        // A value only: a session's count belongs to its worker's thread.
        (void
        )there.context_.post_to_worker(from, [asks, found = std::move(where)](proxy_worker& here) {
            if (const auto asking = here.find_session(asks.id))
                asking->on_victim_found(asks.turn, found);
        });
    });
}

void proxy_worker::end_session(std::uint32_t id) {
    const auto owner = session_number::worker_of(id);
    if (!owner) return;
    (void)context_.post_to_worker(*owner, [id](proxy_worker& there) {
        if (const auto session = there.find_session(id)) session->close();
    });
}

void proxy_worker::spare_session(std::uint32_t id) {
    const auto owner = session_number::worker_of(id);
    if (!owner) return;
    (void)context_.post_to_worker(*owner, [id](proxy_worker& there) {
        if (const auto session = there.find_session(id)) session->expect_end(false);
    });
}

void proxy_worker::wake_waiting() {
    published_.cancel();
    if (is_awaiting_the_unreachable()) {
        // One session's turn may close another; those that are closed do nothing.
        for (const auto& session : all_sessions())
            session->leave_lost_replica();
    }
    for (auto* const queue : {&waiting_writes_, &waiting_reads_}) {
        for (const auto& session : std::exchange(*queue, {}))
            session->look_again(queue_place::last);
    }
    serve_logins();
}

void proxy_worker::refresh_world() {
    const auto& settings = settings_.current();
    world_.routing = settings.routing;
    world_.limits = settings.limits;
    refresh_rules();
    const auto& topology = topology_.current();
    refresh_position();
    for (auto& load : loads_) {
        // A probe says it as well, or that the server is not the one it was.
        const auto* const server = topology.find(load.server);
        const bool is_known =
            server == nullptr || !server->reachable || server->executed.contains(load.caught_up);
        if (is_known) load.caught_up = {};
    }
    if (const auto* const dialect = dialect_of(topology)) {
        world_.flavor = dialect->flavor;
        world_.version_number = dialect->version_number;
    }
    world_.resolves_commits = settings.timeouts.commit_outcome.count() > 0 &&
                              world_.flavor == protocol::mysql::server_flavor::mysql &&
                              world_.asks_positions;
}

void proxy_worker::refresh_rules() {
    const auto latest = rules_.hold();
    if (world_.rules != nullptr && world_.rules.get() == latest.get()) return;
    world_.rules = {
        std::make_shared<std::shared_ptr<const splitter::rule_set>>(latest), latest.get()};
    if (latest == nullptr) return;
    rule_hits_ = std::make_shared<splitter::rule_hits>(latest);
    world_.rule_hits = rule_hits_.get();
    metrics_.rule_hits.publish(rule_hits_);
}

void proxy_worker::arm_tick() {
    tick_.expires_after(std::chrono::seconds(1));
    tick_.async_wait([this](error_code error) {
        if (!error) on_tick();
    });
}

void proxy_worker::on_tick() {
    const auto now = std::chrono::steady_clock::now();
    for (const auto& session : all_sessions()) {
        if (!session->is_closed()) session->on_tick(now);
    }
    close_unused(now);
    serve_soon();
    published_.cancel();  // logins that wait for a topology look at their deadlines
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

void proxy_worker::on_session_closed(client_session& session) {
    sessions_.erase(session.id());
    end_if_empty();
}

void proxy_worker::on_session_gone() noexcept {
    context_.limits.leave();
}

}  // namespace weir::proxy
