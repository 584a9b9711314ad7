#include "src/proxy/backend_login.hpp"

#include "protocol/mysql/capabilities.hpp"
#include "protocol/mysql/messages/err.hpp"
#include "protocol/mysql/server_errc.hpp"
#include "protocol/proxy_protocol/header.hpp"
#include "splitter/relay/backend_preparation.hpp"
#include "splitter/relay/errc.hpp"
#include "splitter/session/session.hpp"
#include "src/net/transfer.hpp"
#include "src/proxy/login_packet.hpp"
#include "src/proxy/proxy_header.hpp"

#include <boost/asio/error.hpp>

#include <algorithm>
#include <array>
#include <span>

namespace weir::proxy {

using boost::asio::awaitable;
using protocol::mysql::server_errc;
using protocol::wire::copy_of;
using protocol::wire::send_buffer;
using splitter::backend_handshake;
using backend_step = splitter::backend_handshake::step::kind;

namespace {

/// One login under way: the handshake, the socket, and what is to be written next.
struct login_exchange {
    backend_connection& connection;
    const backend_login_request& request;
    backend_handshake handshake;
    send_buffer out;
    net::time_point deadline;
};

awaitable<error_code> flush(login_exchange& exchange) {
    if (exchange.out.empty()) co_return error_code{};
    const error_code error = co_await net::write_all(
        exchange.connection.stream, exchange.out.view().span(), exchange.deadline
    );
    exchange.out.clear();
    co_return error;
}

awaitable<error_code> start_tls(login_exchange& exchange) {
    const error_code flushed = co_await flush(exchange);
    if (flushed) co_return flushed;
    if (exchange.request.tls == nullptr) co_return make_error_code(splitter::errc::tls_required);
    co_return co_await exchange.connection.stream.start_tls_client(
        exchange.request.tls, exchange.request.server.address.host, exchange.deadline
    );
}

/// What only the client can give: its answer to the server's method, or the password.
awaitable<result<backend_handshake::step>> ask_client(
    login_exchange& exchange, backend_handshake::step asked
) {
    client_prover* const prover = exchange.request.prover;
    if (prover == nullptr) co_return make_error_code(splitter::errc::method_not_relayable);
    if (asked.what == backend_step::need_password) {
        const error_code failed = co_await prover->fetch_password();
        if (failed) co_return failed;
        co_return exchange.handshake.on_password(exchange.out);
    }
    std::string method(asked.method);
    std::vector<std::byte> data = copy_of(asked.payload);
    const auto answer = co_await prover->answer(std::move(method), std::move(data));
    if (!answer) co_return answer.error();
    // The prover may have got hold of the password instead, which answers every method.
    if (exchange.request.proof.what == splitter::credential::kind::password) {
        co_return exchange.handshake.on_password(exchange.out);
    }
    co_return exchange.handshake.on_client_answer(answer->bytes(), exchange.out);
}

/// One step after the server's packet; the outcome is complete once `over`.
struct progress {
    backend_login_outcome outcome;
    bool over = false;
};

awaitable<progress> take_step(login_exchange& exchange, backend_handshake::step step) {
    progress next;
    while (step.what == backend_step::start_tls || step.what == backend_step::ask_client ||
           step.what == backend_step::need_password) {
        if (step.what == backend_step::start_tls) {
            next.outcome.error = co_await start_tls(exchange);
            if (!next.outcome.error) step = exchange.handshake.on_tls_started(exchange.out);
        } else {
            const auto answered = co_await ask_client(exchange, step);
            if (answered) step = *answered;
            if (!answered) next.outcome.error = answered.error();
        }
        next.over = next.outcome.error.failed();
        if (next.over) co_return next;
    }
    next.over = step.what != backend_step::read;
    if (step.what == backend_step::done) next.outcome.ok = copy_of(step.payload);
    if (step.what == backend_step::failed) next.outcome.error = step.why;
    if (step.what == backend_step::refused) {
        next.outcome.error = make_error_code(splitter::errc::authentication_failed);
        next.outcome.server_error = copy_of(step.payload);
    }
    co_return next;
}

awaitable<backend_login_outcome> exchange_packets(login_exchange& exchange) {
    while (true) {
        const auto packet =
            co_await read_login_packet(exchange.connection.stream, exchange.deadline);
        if (!packet) co_return backend_login_outcome{packet.error(), {}, {}, false};
        const auto step =
            exchange.handshake.on_packet(packet->view(), packet->sequence, exchange.out);
        const progress next = co_await take_step(exchange, step);
        if (next.over) co_return next.outcome;
        const error_code flushed = co_await flush(exchange);
        if (flushed) co_return backend_login_outcome{flushed, {}, {}, false};
    }
}

void take_over(
    backend_connection& connection,
    const backend_login_request& request,
    const backend_handshake& handshake
) {
    if (!connection.is_logged_in) connection.logged_in_at = std::chrono::steady_clock::now();
    connection.is_logged_in = true;
    connection.has_served = false;
    connection.state.capabilities = handshake.capabilities();
    connection.state.flavor = handshake.flavor();
    connection.state.version_number = handshake.version_number();
    connection.state.thread_id = handshake.thread_id();
    connection.state.schema = request.schema;
    connection.state.multi_statements =
        handshake.capabilities().has(protocol::mysql::capability::multi_statements);
}

backend_handshake::settings handshake_settings_for(const backend_login_request& request) {
    backend_handshake::settings settings;
    settings.who = &request.who;
    settings.proof = &request.proof;
    settings.schema = request.schema;
    settings.probable_method = request.probable_method;
    settings.tls = request.tls == nullptr ? config::server_tls_mode::disabled
                                          : request.settings->server_tls.mode;
    settings.is_local = request.server.address.what == config::endpoint::kind::unix_socket;
    return settings;
}

bool has_code(std::span<const std::byte> error, std::span<const server_errc> codes) {
    const auto message = protocol::mysql::err::decode(error);
    return message && std::ranges::any_of(codes, [&](server_errc code) {
               return message->code == static_cast<std::uint16_t>(code);
           });
}

/// What servers say when they close a connection, to whoever uses it next.
bool is_farewell(std::span<const std::byte> error) {
    static constexpr std::array farewells{
        server_errc::server_shutdown, server_errc::idle_timeout, server_errc::connection_killed};
    return has_code(error, farewells);
}

awaitable<error_code> read_answer(
    backend_connection& connection,
    splitter::backend_preparation& asking,
    splitter::session& nobody,
    net::time_point deadline
) {
    constexpr std::size_t small = 4'096;
    auto& received = connection.received;
    while (true) {
        const auto progress = asking.on_bytes(received.pending(), nobody, connection.state);
        if (!progress) co_return progress.error();
        received.consume(progress->consumed);
        using kind = splitter::backend_preparation::progress::kind;
        if (progress->what == kind::refused) co_return protocol::mysql::errc::unexpected_packet;
        if (progress->what != kind::more_bytes) co_return error_code{};
        const error_code waited = co_await net::wait_readable(connection.stream, deadline);
        if (waited) co_return waited;
        error_code error;
        received.commit(connection.stream.read_some(received.prepare(small), error));
        const bool is_early =
            error == boost::asio::error::would_block || error == boost::asio::error::try_again;
        if (error && !is_early) co_return error;
    }
}

/// Sends one command of no session's, and reads its answer.
awaitable<error_code> converse(
    backend_connection& connection,
    const send_buffer& command,
    splitter::backend_preparation& asking,
    net::time_point deadline
) {
    splitter::session nobody;
    const error_code unsent =
        co_await net::write_all(connection.stream, command.view().span(), deadline);
    if (unsent) co_return unsent;
    co_return co_await read_answer(connection, asking, nobody, deadline);
}

/// Asks the connection for what its last session may still want to know.
awaitable<error_code> ask_for_remnant(backend_connection& connection, net::time_point deadline) {
    splitter::session nobody;
    splitter::backend_preparation asking;
    while (connection.state.left.is_asked_for()) {
        send_buffer out;
        (void)asking.next(nobody, connection.state, {}, out);
        const error_code failed = co_await converse(connection, out, asking, deadline);
        if (failed) co_return failed;
    }
    co_return error_code{};
}

/// MariaDB leaves the role of the former user active, with its rights (10.11; by SET ROLE as by
/// SET DEFAULT ROLE), where the new one has no role of its own by default. MySQL does not.
awaitable<error_code> take_role_away(backend_connection& connection, net::time_point deadline) {
    if (connection.state.flavor != protocol::mysql::server_flavor::mariadb) co_return error_code{};
    splitter::backend_preparation taking;
    send_buffer out;
    taking.take_role_away(connection.state, out);
    co_return co_await converse(connection, out, taking, deadline);
}

awaitable<backend_login_outcome> change_user(
    backend_connection& connection, const backend_login_request& request
) {
    const auto deadline = std::chrono::steady_clock::now() + request.settings->timeouts.login;
    backend_login_outcome outcome;
    outcome.error = co_await ask_for_remnant(connection, deadline);
    if (auto* const owner = connection.state.left.owner)
        owner->on_connection_lost(connection.state);
    if (!outcome.error) outcome.error = co_await take_role_away(connection, deadline);
    login_exchange exchange{
        connection, request, backend_handshake(handshake_settings_for(request)), {}, deadline};
    if (!outcome.error) {
        exchange.handshake.change_user(connection.state, connection.stream.is_tls(), exchange.out);
        outcome.error = co_await flush(exchange);
    }
    if (!outcome.error) outcome = co_await exchange_packets(exchange);
    outcome.changed_user = true;
    if (!outcome.server_error.empty() && is_farewell(outcome.server_error))
        outcome.server_error.clear();
    if (outcome.error) {
        connection.stream.close();
    } else {
        connection.state.on_user_changed();
        take_over(connection, request, exchange.handshake);
    }
    co_return outcome;
}

}  // namespace

bool backend_login_outcome::is_schema_unknown() const {
    static constexpr std::array unknown{server_errc::unknown_database};
    return !server_error.empty() && has_code(server_error, unknown);
}

awaitable<backend_login_outcome> log_in(
    backend_connection& connection, const backend_login_request& request
) {
    if (connection.is_logged_in) co_return co_await change_user(connection, request);
    const auto now = std::chrono::steady_clock::now();
    connection.connecting_at = now;
    const auto connect_deadline = now + request.settings->timeouts.connect;
    const error_code connected = co_await connection.stream.connect(
        request.server.address, request.settings->sockets, connect_deadline
    );
    if (connected) co_return backend_login_outcome{connected, {}, {}, false};
    login_exchange exchange{
        connection,
        request,
        backend_handshake(handshake_settings_for(request)),
        {},
        now + request.settings->timeouts.login};
    if (request.server.send_proxy_protocol && request.client != nullptr) {
        protocol::proxy_protocol::encode(
            header_for(*request.client, request.server.address), exchange.out
        );
        const error_code flushed = co_await flush(exchange);
        if (flushed) co_return backend_login_outcome{flushed, {}, {}, false};
    }
    backend_login_outcome outcome = co_await exchange_packets(exchange);
    if (outcome.error) {
        connection.stream.close();
    } else {
        take_over(connection, request, exchange.handshake);
    }
    co_return outcome;
}

}  // namespace weir::proxy
