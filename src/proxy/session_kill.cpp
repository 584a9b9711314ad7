// The part of client_session that ends other sessions, or their statements, for a KILL. The KILL
// runs in the killer's name on the server where the victim is, so that the server's own rights
// decide; ids are translated on the way there and back.

#include "protocol/mysql/messages/err.hpp"
#include "splitter/relay/errc.hpp"
#include "src/proxy/brief_query.hpp"
#include "src/proxy/client_session.hpp"
#include "src/proxy/proxy_worker.hpp"
#include "src/proxy/session_number.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include <algorithm>

namespace weir::proxy {

using boost::asio::awaitable;
using protocol::mysql::server_errc;
using replication_monitor::server_id;
using splitter::kill_statement;
using splitter::local_error;

namespace {

/// The server's error, with the client's number in place of the server's.
local_error error_of(
    protocol::wire::bytes_view payload, std::uint32_t thread_id, std::uint32_t session
) {
    const auto message = protocol::mysql::err::decode(payload);
    if (!message) return {server_errc::unknown_error, "KILL: the server's answer makes no sense"};
    std::string text(message->message);
    const std::string number = std::to_string(thread_id);
    const auto at = text.find(number);
    if (at != std::string::npos) text.replace(at, number.size(), std::to_string(session));
    return {static_cast<server_errc>(message->code), std::move(text)};
}

}  // namespace

std::optional<session_whereabouts> client_session::whereabouts() {
    if (core_ == nullptr || is_closed_) return std::nullopt;
    session_whereabouts where{client_.who.user, std::nullopt};
    // A KILL that came late would meet whoever used the connection next.
    if (kill_target_ == nullptr) kill_target_ = current_;
    if (kill_target_ == nullptr && !connections_.empty()) {
        kill_target_ = connections_.back();
        backend_pool::withdraw(*kill_target_);
    }
    if (kill_target_ != nullptr)
        where.connection = {kill_target_->server, kill_target_->state.thread_id};
    return where;
}

void client_session::expect_end(bool expected) {
    expects_end_ = expected;
    if (expected || kill_target_ == nullptr) return;
    const backend_connection_pointer spared = std::exchange(kill_target_, nullptr);
    if (spared->leased) return;
    if (is_stale(*spared)) return forget(*spared, ending::broken);
    give_back(*spared);
}

client_session::next_action client_session::kill_session(const kill_statement& kill) {
    kill_ = kill;
    wait_until_ = std::chrono::steady_clock::now() + worker_.settings().timeouts.connect;
    is_looking_for_victim_ = worker_.look_for(
        kill.id, {id_, ++kill_turn_, kill.what == kill_statement::scope::connection}
    );
    if (!is_looking_for_victim_) return core_->on_no_such_session();
    return std::nullopt;
}

void client_session::on_victim_found(
    std::uint32_t turn, const std::optional<session_whereabouts>& victim
) {
    if (is_closed_ || !is_looking_for_victim_ || turn != kill_turn_) return;
    is_looking_for_victim_ = false;
    if (!victim) return perform(core_->on_no_such_session());
    if (victim->connection) {
        boost::asio::co_spawn(
            worker_.io(), run_kill(pointer(this), *victim->connection), boost::asio::detached
        );
        return;
    }
    // No server knows it now, so none can be asked for rights: users may end what is their own.
    if (victim->user == client_.who.user) return finish_kill(std::nullopt);
    finish_kill(local_error{
        server_errc::kill_denied, "You are not owner of thread " + std::to_string(kill_.id)});
}

/// An own connection to the server on which a KILL can run: the held one, an idle one, a new one.
awaitable<backend_connection_pointer> client_session::connection_for_kill(
    pointer self, server_id server
) {
    if (self->current_ != nullptr && self->current_->server == server) co_return self->current_;
    co_return co_await connection_beside(self, server);
}

/// The same, but for the held one, which is busy.
awaitable<backend_connection_pointer> client_session::connection_beside(
    pointer self, server_id server
) {
    if (auto* const idle = self->find_idle(server)) co_return idle;
    if (auto* const idle = self->find_in_pool(server, urgency::spares_others)) co_return idle;
    if (!self->can_prove_itself()) co_return nullptr;
    // Not held to the limit: a KILL may be what makes room.
    backend_connection_pointer made =
        self->worker_.make_connection(server, self->worker_.take_extra_place(server));
    const std::uint64_t epoch = self->worker_.login_epoch();
    backend_login_request request =
        self->worker_.login_request_for(server, self->client_.who, self->client_.proof);
    request.probable_method = self->client_.method;
    request.client = &self->client_.peer;
    const backend_login_outcome outcome = co_await proxy::log_in(*made, request);
    if (!outcome.error && self->is_closed_) say_quit(*made);
    if (outcome.error || self->is_closed_) co_return nullptr;
    made->login_epoch = epoch;
    self->keep(made, true);
    co_return made;
}

awaitable<void> client_session::run_kill(pointer self, backend_address victim) {
    const backend_connection_pointer connection = co_await connection_for_kill(self, victim.server);
    if (self->is_closed_) {
        self->worker_.spare_session(self->kill_.id);
        co_return;
    }
    if (connection == nullptr) {
        self->finish_kill(local_error{
            server_errc::unknown_error,
            "KILL: no connection can be made to the server of that session"});
        co_return;
    }
    const bool was_leased = std::exchange(connection->leased, true);
    backend_pool::withdraw(*connection);
    const auto deadline =
        std::chrono::steady_clock::now() + self->worker_.settings().timeouts.login;
    std::string text = splitter::kill_text(self->kill_, victim.thread_id);
    const auto answer = co_await ask_briefly(*connection, std::move(text), deadline);
    const bool is_answered = answer && !answer->payload.empty();
    const bool is_refused = is_answered && answer->payload[0] == std::byte{0xFF};
    if (self->is_closed_) {
        self->settle_kill(is_answered && !is_refused);
        co_return;
    }
    connection->leased = was_leased;
    connection->last_used = std::chrono::steady_clock::now();
    if (is_answered && !was_leased) self->give_back(*connection);
    if (is_answered) {
        self->finish_kill(
            is_refused ? std::optional(error_of(answer->view(), victim.thread_id, self->kill_.id))
                       : std::nullopt
        );
        co_return;
    }
    self->on_kill_unanswered(*connection);
}

/// The connection that the KILL went to has broken; killing oneself does that, too.
void client_session::on_kill_unanswered(backend_connection& connection) {
    if (&connection == current_.get()) {
        settle_kill(kill_.id == id_);
        return perform(core_->on_failure(
            {boost::asio::error::connection_reset, splitter::failure_origin::backend}
        ));
    }
    forget(connection, ending::broken);
    finish_kill(local_error{server_errc::network_read_error, "KILL: lost connection to server"});
}

void client_session::finish_kill(const std::optional<local_error>& error) {
    // A server does not call it success if a connection ends itself. Before the answer: a read of
    // the victim would run elsewhere.
    settle_kill(!error || kill_.id == id_);
    perform(core_->on_kill_answered(error));
}

/// What becomes of the victim. Its server's connection is dead if the KILL took effect, but a
/// session lives on without.
void client_session::settle_kill(bool took_effect) {
    const bool ends = kill_.what == kill_statement::scope::connection && took_effect;
    if (ends) worker_.end_session(kill_.id);
    if (!ends) worker_.spare_session(kill_.id);
}

}  // namespace weir::proxy
