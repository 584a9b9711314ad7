// The part of client_session that gets, keeps and gives back its connections to servers.

#include "protocol/mysql/messages/err.hpp"
#include "protocol/wire/ensure.hpp"
#include "splitter/relay/errc.hpp"
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

namespace {

/// A connection that was used this recently is taken without a look whether its server has closed
/// it.
constexpr std::chrono::seconds trusted_for{1};

}  // namespace

client_session::next_action client_session::acquire(const splitter::route& where) {
    where_ = where;
    if (where.attempt == 0) tried_.clear();
    wait_until_ = {};
    is_at_limit_ = false;
    if (where.connection == nullptr) return choose_server();
    const auto found = std::ranges::find_if(connections_, [&](const auto& one) {
        return &one->state == where.connection;
    });
    if (found != connections_.end()) return lease(**found);
    return core_->on_acquire_failed({{server_errc::network_read_error, "Lost connection to server"}}
    );
}

client_session::next_action client_session::choose_server() {
    const bool replicas_usable =
        where_.role == splitter::server_role::primary || can_prove_itself();
    while (const auto chosen = worker_.select(where_, tried_, replicas_usable)) {
        if (auto* const idle = find_idle(*chosen)) return lease(*idle);
        if (!can_prove_itself()) {
            return core_->on_acquire_failed(
                {{server_errc::access_denied,
                  "The connection to the server is lost, and the account's password is not known "
                  "here: connect again"}}
            );
        }
        if (auto place = worker_.take_place(*chosen)) {
            boost::asio::co_spawn(
                worker_.io(),
                open_connection(pointer(this), *chosen, std::move(*place)),
                boost::asio::detached
            );
            return std::nullopt;
        }
        on_limit_reached(*chosen);
    }
    return wait_for_server();
}

void client_session::on_limit_reached(server_id server) {
    // Counted once, not each time that a waiting statement looks again.
    if (wait_until_ == time_point{}) worker_.on_limit_reached(server);
    is_at_limit_ = true;
    tried_.push_back(server);
}

backend_connection* client_session::find_idle(server_id server) {
    const auto found = std::ranges::find_if(connections_, [&](const auto& one) {
        return one->server == server && !one->leased;
    });
    if (found == connections_.end()) return nullptr;
    backend_connection& connection = **found;
    const auto now = std::chrono::steady_clock::now();
    if (now - connection.last_used < trusted_for || !is_stale(connection)) return &connection;
    forget(connection, ending::broken);
    return nullptr;
}

client_session::next_action client_session::lease(backend_connection& connection) {
    connection.leased = true;
    connection.state.primary = worker_.is_primary(connection.server);
    current_ = &connection;
    last_server_ = {connection.server, connection.state.primary};
    worker_.on_leased(connection.server);
    return core_->on_backend_leased({&connection.state, &connection.received});
}

/// No server may take the statement now. Another topology or a freed place may bring one, for as
/// long as a connect may take.
client_session::next_action client_session::wait_for_server() {
    const auto now = std::chrono::steady_clock::now();
    if (wait_until_ == time_point{}) wait_until_ = now + worker_.settings().timeouts.connect;
    if (now >= wait_until_) {
        is_waiting_for_server_ = false;
        if (is_at_limit_) return core_->on_acquire_failed({too_many_backends()});
        const bool writes = where_.role == splitter::server_role::primary;
        return core_->on_acquire_failed(
            {{server_errc::unknown_error,
              writes ? "Can't connect: no primary is available"
                     : "Can't connect: no server is available for reads"}}
        );
    }
    is_waiting_for_server_ = true;
    worker_.on_waiting();
    return std::nullopt;
}

void client_session::look_again() {
    if (is_closed_) return;
    if (!is_waiting_for_server_) return leave_lost_replica();
    is_waiting_for_server_ = false;
    is_at_limit_ = false;
    // What failed a moment ago may be well in the new topology.
    tried_.clear();
    if (const auto next = choose_server()) perform(*next);
}

bool client_session::give_up_spare(server_id server, time_point unused_since) {
    // In the middle of a command a connection may be set aside for a moment.
    if (core_ == nullptr || is_closed_ || !core_->is_waiting_for_command()) return false;
    if (client_.proof.what == splitter::credential::kind::none) return false;
    const auto spare = std::ranges::find_if(connections_, [&](const auto& one) {
        return one->server == server && !one->leased && one->last_used <= unused_since &&
               core_->can_spare(one->state);
    });
    if (spare == connections_.end()) return false;
    forget(**spare, ending::in_order);
    return true;
}

/// A server that hangs, or whose network is cut, does not break its connections: nothing but the
/// monitor tells that the answer will not come.
void client_session::leave_lost_replica() {
    if (current_ == nullptr || !core_->may_leave_replica()) return;
    if (!worker_.is_unreachable(current_->server)) return;
    perform(core_->on_failure(
        {make_error_code(splitter::errc::server_unreachable),
         splitter::failure_origin::backend,
         splitter::retry_rule::other_server}
    ));
}

awaitable<void> client_session::open_connection(
    pointer self, server_id server, backend_place place
) {
    backend_connection_pointer connection = self->worker_.make_connection(server, std::move(place));
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
        connection = self->worker_.make_connection(server, std::move(connection->place));
        outcome = co_await proxy::log_in(*connection, request);
    }
    if (self->is_closed_) {
        if (!outcome.error) say_quit(*connection);
        co_return;
    }
    self->on_connection_opened(connection, outcome);
}

void client_session::on_connection_opened(
    const backend_connection_pointer& connection, const backend_login_outcome& outcome
) {
    if (!outcome.error) {
        keep(connection);
        if (const auto next = lease(*connection)) perform(*next);
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
    if (const auto next = choose_server()) perform(*next);
}

client_session::next_action client_session::release() {
    current_->last_used = std::chrono::steady_clock::now();
    if (current_->received.empty()) worker_.spares().take_back(current_->received);
    end_lease();
    return core_->on_released();
}

client_session::next_action client_session::drop() {
    const backend_connection_pointer broken = current_;
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
void client_session::keep(const backend_connection_pointer& connection) {
    worker_.on_connected(connection->server);
    connection->last_used = std::chrono::steady_clock::now();
    connections_.push_back(connection);
    core_->on_connection_opened(connection->state);
}

/// Closes a connection; its memory goes with the last pending wait on it. In order: its server is
/// told, unless a command is under way there.
void client_session::forget(const backend_connection& connection, ending how) {
    const auto found = std::ranges::find_if(connections_, [&](const auto& one) {
        return one.get() == &connection;
    });
    WEIR_ENSURE(found != connections_.end());
    const backend_connection_pointer keep = *found;
    connections_.erase(found);
    if (core_ != nullptr) core_->on_connection_closed(keep->state);
    const bool is_quiet = keep == current_ ? core_->is_backend_quiet() : !keep->leased;
    if (keep == current_) end_lease();
    if (!is_quiet) {
        keep->stream.abandon();
    } else if (how == ending::in_order) {
        say_quit(*keep);
    }
    keep->stream.close();
    keep->place.give_back();
    worker_.on_connection_closed(keep->server);
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
