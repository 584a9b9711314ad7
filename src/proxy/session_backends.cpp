// The part of client_session that gets, keeps and gives back its connections to servers.

#include "protocol/mysql/messages/err.hpp"
#include "protocol/wire/ensure.hpp"
#include "splitter/relay/errc.hpp"
#include "splitter/session/session_diff.hpp"
#include "src/proxy/account_proof.hpp"
#include "src/proxy/client_session.hpp"
#include "src/proxy/proxy_worker.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include <algorithm>

namespace weir::proxy {

using boost::asio::awaitable;
using protocol::mysql::server_errc;
using replication_monitor::server_id;

client_session::next_action client_session::acquire(const splitter::route& where) {
    where_ = where;
    if (where.attempt == 0) tried_.clear();
    wait_until_ = {};
    is_at_limit_ = false;
    return find_connection();
}

client_session::next_action client_session::find_connection() {
    // It may be here in a moment that another session has asked for what this one needs.
    is_behind_ = false;
    if (core_->waits_for_remnant()) return wait_for_server();
    if (auto* const own = find_own(where_.connection)) return lease(*own);
    if (where_.connection != nullptr) {
        return core_->on_acquire_failed(
            {{server_errc::network_read_error, "Lost connection to server"}}
        );
    }
    auto* const preferred = find_own(where_.preferred);
    if (preferred != nullptr && !is_out_of_reach(core_->facts().state, preferred->state))
        return lease(*preferred);
    return choose_server();
}

/// An idle connection of this session by its state; null: it is not there, or not its own any more.
backend_connection* client_session::find_own(const splitter::backend_state* state) {
    if (state == nullptr) return nullptr;
    const auto found = std::ranges::find_if(connections_, [&](const auto& one) {
        return &one->state == state && !one->leased;
    });
    return found == connections_.end() || !may_use(**found) ? nullptr : found->get();
}

client_session::next_action client_session::choose_server() {
    if (!is_served_) {
        if (const auto* const first = worker_.first_waiting(where_.role)) {
            is_at_limit_ = first->is_at_limit();
            return wait_for_server();
        }
    }
    while (const auto chosen = select_server()) {
        const bool is_provable = can_prove_itself();
        if (auto* const idle = find_connection_to(*chosen, is_provable)) return lease(*idle);
        if (!is_provable) {
            if (worker_.is_primary(*chosen)) return give_up_unproven();
            tried_.push_back(*chosen);
            continue;
        }
        if (auto place = worker_.take_place(*chosen))
            return connect_to(*chosen, {nullptr, std::move(*place)});
        if (auto* const idle = find_in_pool(*chosen, urgency::takes_any)) return lease(*idle);
        if (auto way = find_way_to(*chosen)) return connect_to(*chosen, std::move(*way));
        on_limit_reached(*chosen);
    }
    return wait_for_server();
}

/// One that is there: the session's own, or another one that can be spared, or any if no further
/// one can be made.
backend_connection* client_session::find_connection_to(server_id server, bool is_provable) {
    auto* found = find_idle(server);
    if (found == nullptr) found = find_in_pool(server, urgency::spares_others);
    if (found == nullptr && !is_provable) found = find_in_pool(server, urgency::takes_any);
    return found;
}

client_session::next_action client_session::give_up_unproven() {
    return core_->on_acquire_failed(
        {{server_errc::access_denied,
          "The connection to the server is lost, and the account's password is not known here: "
          "connect again"}}
    );
}

std::optional<server_id> client_session::select_server() {
    const lb::selection selected = worker_.select(where_, tried_, true);
    selection_reason_ = selected.reason;
    is_behind_ = selected.reason == lb::selection_reason::catches_up;
    return selected.server;
}

/// At the limit, by another account's idle connection: it changes its user, or makes place for a
/// new one.
std::optional<way_to_server> client_session::find_way_to(server_id server) {
    const auto unused_since = std::chrono::steady_clock::now() - spare_after;
    way_to_server way;
    way.connection = worker_.take_to_change(class_->form(), server, unused_since);
    if (way.connection != nullptr) return way;
    auto place = worker_.make_place(server);
    if (!place) return std::nullopt;
    way.place = std::move(*place);
    return way;
}

client_session::next_action client_session::connect_to(server_id server, way_to_server way) {
    boost::asio::co_spawn(
        worker_.io(), open_connection(pointer(this), server, std::move(way)), boost::asio::detached
    );
    return std::nullopt;
}

void client_session::on_limit_reached(server_id server) {
    // Counted once, not each time that a waiting statement looks again.
    if (wait_until_ == time_point{}) worker_.on_limit_reached(server);
    is_at_limit_ = true;
    tried_.push_back(server);
}

/// A connection that the session used before and that nobody has taken since. One with a schema is
/// of no use once the session has none: who drops its current schema is in none.
backend_connection* client_session::find_idle(server_id server) {
    const auto& wanted = core_->facts().state;
    const auto found = std::ranges::find_if(connections_, [&](const auto& one) {
        const bool is_free = !one->leased && !one->state.set_aside;
        return one->server == server && is_free && !is_out_of_reach(wanted, one->state);
    });
    return found == connections_.end() || !may_use(**found) ? nullptr : found->get();
}

/// One that others have used.
backend_connection* client_session::find_in_pool(server_id server, urgency how) {
    const auto& wanted = core_->facts().state;
    while (auto* const found =
               backend_pool::find(*class_, server, wanted, client_.login_epoch, how)) {
        take_over(*found);
        if (may_use(*found)) return found;
    }
    return nullptr;
}

/// False: it was broken, and is gone.
bool client_session::may_use(backend_connection& connection) {
    if (!has_gone_stale(connection, std::chrono::steady_clock::now())) return true;
    forget(connection, ending::broken);
    return false;
}

void client_session::take_over(backend_connection& connection) {
    if (connection.holder == this) return;
    const backend_connection_pointer keep(&connection);
    backend_pool::withdraw(connection);
    if (connection.holder != nullptr) connection.holder->on_connection_taken(connection);
    connection.holder = this;
    connections_.push_back(keep);
}

void client_session::on_connection_taken(const backend_connection& connection) {
    std::erase_if(connections_, [&](const auto& one) { return one.get() == &connection; });
}

/// What is not leased may be used by others, unless a KILL may be on its way to it, or the session
/// has something there that it will come back for.
void client_session::give_back(backend_connection& connection) {
    connection.kept = connection.state.is_kept() || !worker_.settings().routing.multiplexing;
    if (connection.kept) {
        has_kept_ = true;
        return;
    }
    if (&connection != kill_target_.get()) worker_.pool().give(connection);
}

/// The session may have given up what it kept connections for.
void client_session::give_back_kept() {
    if (!has_kept_) return;
    has_kept_ = false;
    for (const auto& connection : connections_) {
        if (connection->kept && !connection->leased) give_back(*connection);
    }
}

/// The session has no more business with its connections.
void client_session::let_go() {
    if (kill_target_ != nullptr) forget(*kill_target_, ending::in_order);
    const auto connections = connections_;
    for (const auto& connection : connections) {
        if (connection->kept && !connection->leased) forget(*connection, ending::in_order);
    }
    for (const auto& connection : std::exchange(connections_, {})) {
        connection->holder = nullptr;
        // A KILL of this session's is under way there, and nobody will hear of its answer.
        if (connection->leased) worker_.close_connection(*connection, farewell::abandon);
    }
}

client_session::next_action client_session::lease(backend_connection& connection) {
    count_waiting(false);
    backend_pool::withdraw(connection);
    connection.leased = true;
    connection.kept = false;
    connection.state.server = connection.server.value;
    connection.state.primary = worker_.is_primary(connection.server);
    connection.has_served = true;
    current_ = &connection;
    last_server_ = {connection.server, connection.state.primary};
    worker_.on_leased(connection.server);
    waited_ = is_behind_;
    return core_->on_backend_leased(
        {&connection.state, &connection.received, std::exchange(is_behind_, false)}
    );
}

/// No server may take the statement now, or none has a free connection. Another topology or a freed
/// place may bring one, for as long as a client may wait.
client_session::next_action client_session::wait_for_server() {
    const auto now = std::chrono::steady_clock::now();
    const auto& timeouts = worker_.settings().timeouts;
    if (wait_until_ == time_point{})
        wait_until_ = now + (is_at_limit_ ? timeouts.backend_wait : timeouts.connect);
    if (now >= wait_until_) {
        is_waiting_for_server_ = false;
        count_waiting(false);
        if (is_at_limit_) return core_->on_acquire_failed({too_many_backends()});
        const bool writes = where_.role == splitter::server_role::primary;
        return core_->on_acquire_failed(
            {{server_errc::unknown_error,
              writes ? "Can't connect: no primary is available"
                     : "Can't connect: no server is available for reads"}}
        );
    }
    is_waiting_for_server_ = true;
    count_waiting(true);
    worker_.on_waiting(*this, place_);
    return std::nullopt;
}

void client_session::count_waiting(bool waits) {
    if (std::exchange(counts_as_waiting_, waits) == waits) return;
    worker_.metrics().waiting.add(waits ? 1 : -1);
}

bool client_session::look_again(queue_place if_in_vain) {
    if (is_closed_ || !is_waiting_for_server_) return true;
    is_waiting_for_server_ = false;
    is_at_limit_ = false;
    // What failed a moment ago may be well in the new topology.
    tried_.clear();
    is_served_ = true;
    place_ = if_in_vain;
    const auto next = find_connection();
    is_served_ = false;
    place_ = queue_place::last;
    if (next) perform(*next);
    return !is_waiting_for_server_;
}

/// A server that hangs, or whose network is cut, does not break its connections: nothing but the
/// monitor tells that the answer will not come.
void client_session::leave_lost_replica() {
    if (is_closed_ || current_ == nullptr || !core_->may_leave_replica()) return;
    if (!worker_.is_unreachable(current_->server)) return;
    perform(core_->on_failure(
        {make_error_code(splitter::errc::server_unreachable), splitter::failure_origin::backend}
    ));
}

awaitable<void> client_session::open_connection(pointer self, server_id server, way_to_server way) {
    backend_connection_pointer connection = std::move(way.connection);
    if (connection == nullptr)
        connection = self->worker_.make_connection(server, std::move(way.place));
    const std::uint64_t epoch = self->worker_.login_epoch();
    backend_login_request request =
        self->worker_.login_request_for(server, self->client_.who, self->client_.proof);
    request.schema = self->core_->facts().state.schema();
    request.probable_method = self->client_.method;
    request.client = &self->client_.peer;
    backend_login_outcome outcome = co_await proxy::log_in(*connection, request);
    if (outcome.is_schema_unknown() && !self->worker_.is_primary(server)) {
        // A replica that is behind may not have the schema yet: in without it, and let the
        // preparation decide.
        request.schema.clear();
        if (outcome.changed_user) self->worker_.on_connection_closed(server);
        connection = self->worker_.make_connection(server, std::move(connection->place));
        outcome = co_await proxy::log_in(*connection, request);
    }
    if (self->is_closed_) {
        if (!outcome.error) say_quit(*connection);
        if (outcome.changed_user) self->worker_.on_connection_closed(server);
        co_return;
    }
    connection->login_epoch = epoch;
    self->on_connection_opened(connection, outcome);
}

void client_session::on_connection_opened(
    const backend_connection_pointer& connection, const backend_login_outcome& outcome
) {
    if (!outcome.error) {
        keep(connection, !outcome.changed_user);
        if (const auto next = lease(*connection)) perform(*next);
        return;
    }
    if (outcome.changed_user) worker_.on_connection_closed(connection->server);
    if (outcome.is_worth_another_try()) {
        if (const auto next = choose_server_in_turn()) perform(*next);
        return;
    }
    // A refused account says nothing of the server: other clients are served there.
    const bool refused = outcome.error == splitter::errc::authentication_failed;
    if (!refused) worker_.on_connect_failed(connection->server, outcome.error);
    tried_.push_back(connection->server);
    // The primary's refusal is the answer; a replica's only means that another server has to do.
    if (worker_.is_primary(connection->server) && !outcome.server_error.empty()) {
        const auto message =
            protocol::mysql::err::decode(std::span<const std::byte>(outcome.server_error));
        if (message) {
            perform(core_->on_acquire_failed(
                {{static_cast<server_errc>(message->code), std::string(message->message)}, true}
            ));
            return;
        }
    }
    if (const auto next = choose_server_in_turn()) perform(*next);
}

/// Its turn has come before, and has not brought it a connection.
client_session::next_action client_session::choose_server_in_turn() {
    is_served_ = true;
    place_ = queue_place::first;
    const auto next = choose_server();
    is_served_ = false;
    place_ = queue_place::last;
    return next;
}

client_session::next_action client_session::release() {
    const backend_connection_pointer released = current_;
    released->last_used = std::chrono::steady_clock::now();
    if (released->received.empty()) worker_.spares().take_back(released->received);
    end_lease();
    give_back(*released);
    worker_.serve_soon();
    return core_->on_released();
}

client_session::next_action client_session::drop() {
    const backend_connection_pointer broken = current_;
    dropped_ = {broken->server, broken->connecting_at, broken->logged_in_at, broken->last_used};
    end_lease();
    forget(*broken, ending::broken);
    return core_->on_released();
}

void client_session::end_lease() {
    worker_.on_released(current_->server);
    current_->leased = false;
    current_->filled_buffer = false;
    current_ = nullptr;
    if (waits_for_ == side::backend) waits_for_ = side::none;
}

/// A connection is there and logged in.
void client_session::keep(const backend_connection_pointer& connection, bool is_new) {
    if (is_new) worker_.on_connected(connection->server);
    connection->pool_class = class_;
    connection->last_used = std::chrono::steady_clock::now();
    take_over(*connection);
}

/// Closes a connection of this session; its memory goes with the last pending wait on it. In order:
/// its server is told, unless a command is under way there.
void client_session::forget(backend_connection& connection, ending how) {
    const backend_connection_pointer keep(&connection);
    on_connection_taken(connection);
    connection.holder = nullptr;
    if (keep == kill_target_) kill_target_ = nullptr;
    const bool is_current = keep == current_;
    const bool is_quiet = is_current ? core_->is_backend_quiet() : !keep->leased;
    if (core_ != nullptr) core_->on_connection_closed(keep->state);
    if (is_current) end_lease();
    const bool says_quit = is_quiet && how == ending::in_order;
    worker_.close_connection(
        *keep,
        says_quit  ? farewell::quit
        : is_quiet ? farewell::none
                   : farewell::abandon
    );
}

/// Reads can only be spread if further servers can be logged in to. An account that was proven by
/// the client itself may have become provable since: its hash has been read.
bool client_session::can_prove_itself() {
    using kind = splitter::credential::kind;
    if (client_.proof.what != kind::none) return true;
    client_.proof = derive_credential(
        *worker_.hold_accounts(),
        client_.who.user,
        {client_.method, std::span<const std::byte>(client_.scramble), client_.response.bytes()}
    );
    return client_.proof.what != kind::none;
}

}  // namespace weir::proxy
