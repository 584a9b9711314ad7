#include "src/proxy/client_login.hpp"

#include "protocol/mysql/auth/native_password.hpp"
#include "protocol/mysql/errc.hpp"
#include "protocol/mysql/messages/ok.hpp"
#include "protocol/wire/byte_writer.hpp"
#include "splitter/relay/errc.hpp"
#include "src/net/transfer.hpp"
#include "src/proxy/account_proof.hpp"
#include "src/proxy/greeting_offer.hpp"
#include "src/proxy/login_packet.hpp"
#include "src/proxy/proxy_header.hpp"
#include "src/proxy/proxy_worker.hpp"

#include <algorithm>

namespace weir::proxy {

namespace native = protocol::mysql::auth::native_password;
namespace sha2 = protocol::mysql::auth::caching_sha2_password;
using boost::asio::awaitable;
using protocol::mysql::server_errc;
using protocol::wire::bytes_view;
using protocol::wire::copy_of;
using splitter::client_handshake;
using splitter::credential;
using splitter::transport;
using client_step = splitter::client_handshake::step::kind;

namespace {

/// A connection may change its user in vain this often, as in MariaDB: each time is a guess at a
/// password.
constexpr std::uint8_t failed_user_changes_max = 3;

/// MariaDB's method of before 4.1: only client and server speak it, we pass it on.
constexpr std::string_view old_password = "mysql_old_password";

/// Questions and answers of these pass through as they are: they are bound to the server's
/// scramble.
bool is_passed_on(std::string_view method) {
    return method == native::plugin_name || method == old_password;
}

const config::user_settings* find_user(
    const config::proxy_settings& settings, std::string_view name
) {
    const auto found = std::ranges::find(settings.users, name, &config::user_settings::name);
    return found == settings.users.end() ? nullptr : &*found;
}

std::string host_of(const net::peer_address& peer) {
    return peer.kind == config::endpoint::kind::unix_socket ? "localhost"
                                                            : peer.address.to_string();
}

splitter::local_error no_server() {
    // Not 2003: client libraries refuse their own numbers in a server's packet.
    return {server_errc::unknown_error, "Can't connect: no server is reachable"};
}

}  // namespace

client_login::client_login(
    proxy_worker& worker,
    net::stream& client,
    std::uint32_t session_id,
    client_compression* compression
)
    : worker_(worker),
      stream_(client),
      session_id_(session_id),
      compression_(compression),
      settings_(worker.hold_settings()) {
    deadline_ = std::chrono::steady_clock::now() + settings_->timeouts.login;
    client_.peer = client.peer();
}

awaitable<bool> client_login::run() {
    if (is_in(stream_.peer(), settings_->proxy_protocol.accept_from)) {
        const auto peer = co_await read_proxy_header(stream_, deadline_);
        if (!peer) co_return false;
        client_.peer = *peer;
    }
    const bool greeted = co_await greet();
    if (!greeted) co_return false;
    const bool understood = co_await read_login();
    if (!understood) co_return false;
    co_return co_await authenticate();
}

awaitable<bool> client_login::change_user(
    const logged_in_client& before, std::vector<std::byte> payload, std::uint8_t sequence
) {
    topology_ = worker_.hold_topology();
    if (dialect_of(*topology_) == nullptr) co_return co_await refuse(no_server());
    client_.peer = before.peer;
    client_.failed_user_changes = before.failed_user_changes;
    make_handshake();
    handshake_->set_scramble(std::span<const std::byte>(before.scramble));
    handshake_->resume(before.who);
    const auto step =
        handshake_->on_change_user(std::span<const std::byte>(payload), sequence, way(), out_);
    if (step.what == client_step::refuse) {
        (void)co_await flush();
        client_gone_ = true;
        co_return false;
    }
    if (before.failed_user_changes >= failed_user_changes_max) {
        const splitter::local_error unknown{server_errc::unknown_command, "Unknown command"};
        co_return co_await refuse(unknown);
    }
    co_return co_await authenticate();
}

bool client_login::client_may_go_on() const {
    const auto* const dialect = topology_ == nullptr ? nullptr : dialect_of(*topology_);
    return !client_gone_ && dialect != nullptr &&
           dialect->flavor == protocol::mysql::server_flavor::mariadb;
}

std::vector<std::byte> client_login::scramble() const {
    return copy_of(handshake_->scramble());
}

awaitable<bool> client_login::greet() {
    // Before the monitor's first answers there is nothing to greet with.
    topology_ = co_await worker_.wait_for_a_server(deadline_);
    if (topology_ == nullptr) co_return co_await refuse(no_server());
    tls_ = worker_.hold_tls()->clients;
    make_handshake();
    handshake_->greet(out_);
    const error_code failed = co_await flush();
    co_return !failed;
}

void client_login::make_handshake() {
    client_handshake::settings settings;
    settings.offer = make_offer(*topology_, *settings_, tls_ != nullptr);
    settings.offer.thread_id = session_id_;
    settings.offer.scramble = worker_.make_scramble();
    settings.tls_required = settings_->client_tls.mode == config::client_tls_mode::require;
    handshake_ = std::make_unique<client_handshake>(settings);
}

transport client_login::way() const noexcept {
    if (stream_.is_tls()) return transport::tls;
    return stream_.peer().kind == config::endpoint::kind::unix_socket ? transport::local
                                                                      : transport::plain;
}

awaitable<bool> client_login::read_login() {
    while (true) {
        const auto packet = co_await read_login_packet(stream_, deadline_);
        if (!packet) co_return false;
        const auto step =
            handshake_->on_login_packet(packet->view(), packet->sequence, way(), out_);
        if (step.what == client_step::start_tls) {
            const error_code failed = co_await stream_.start_tls_server(tls_, deadline_);
            if (failed) co_return false;
            continue;
        }
        if (step.what == client_step::proof) co_return true;
        (void)co_await flush();
        co_return false;
    }
}

awaitable<bool> client_login::authenticate() {
    const std::string user = handshake_->request().user;
    if (!worker_.context().limits.try_enter_user(user, settings_->limits.clients_per_user)) {
        // Named first: GCC 12 destroys a braced argument of a co_await twice.
        const splitter::local_error too_many{
            server_errc::too_many_user_connections,
            "User " + user + " already has more than limits.clients_per_user sessions"};
        co_return co_await refuse(too_many);
    }
    bool accepted = co_await agree_on_method();
    if (accepted) accepted = co_await prove();
    if (accepted) accepted = co_await log_in_at_server();
    if (!accepted) worker_.context().limits.leave_user(user);
    co_return accepted;
}

/// Gets the client to answer by the method of its account, so that the answer can be used towards
/// servers.
awaitable<bool> client_login::agree_on_method() {
    if (handshake_->response().empty() && handshake_->method() == native::plugin_name)
        co_return true;
    const auto accounts = worker_.hold_accounts();
    const std::string_view method = method_of(*accounts, handshake_->request().user);
    const bool has_static_password = find_user(*settings_, handshake_->request().user) != nullptr;
    if (has_static_password || method.empty() || method == handshake_->method()) co_return true;
    // Every other method is only as good as the password itself, which caching_sha2_password can
    // ask for safely.
    const std::string_view asked =
        method == native::plugin_name ? native::plugin_name : sha2::plugin_name;
    if (asked == handshake_->method() || method == old_password) co_return true;
    const auto scramble = worker_.make_scramble();
    handshake_->ask_method(asked, std::span<const std::byte>(scramble), out_);
    const auto step = co_await converse();
    co_return step.has_value();
}

/// Turns the client's answer into something that servers can be answered with, as far as that goes.
awaitable<bool> client_login::prove() {
    const std::string& user = handshake_->request().user;
    if (const auto* const known = find_user(*settings_, user))
        co_return co_await prove_by_static_user(known->password.text());
    if (!settings_->users.empty()) {
        const splitter::local_error denied = access_denied();
        co_return co_await refuse(denied);
    }
    const client_proof proof{handshake_->method(), handshake_->scramble(), handshake_->response()};
    const auto accounts = worker_.hold_accounts();
    client_.proof = derive_credential(*accounts, user, proof);
    if (client_.proof.what != credential::kind::none || handshake_->method() != sha2::plugin_name)
        co_return true;
    auto password = worker_.context().credentials.find(user, proof.response, proof.scramble);
    if (password) {
        client_.proof = {credential::kind::password, std::move(*password)};
        from_cache_ = true;
        co_return true;
    }
    const error_code failed = co_await fetch_password();
    co_return !failed;
}

awaitable<bool> client_login::prove_by_static_user(std::string_view password) {
    if (proves({handshake_->method(), handshake_->scramble(), handshake_->response()}, password)) {
        client_.proof = {credential::kind::password, protocol::mysql::auth::secret(password)};
        if (password.empty()) client_.proof.what = credential::kind::empty;
        co_return true;
    }
    const splitter::local_error denied = access_denied();
    co_return co_await refuse(denied);
}

splitter::local_error client_login::access_denied() const {
    const std::string with_password = handshake_->response().empty() ? "NO" : "YES";
    return {
        server_errc::access_denied,
        "Access denied for user '" + handshake_->request().user + "'@'" + host_of(client_.peer) +
            "' (using password: " + with_password + ")"};
}

awaitable<bool> client_login::log_in_at_server() {
    std::vector<replication_monitor::server_id> tried;
    backend_login_outcome outcome;
    while (true) {
        const auto server = worker_.server_for_login(tried);
        if (!server) break;
        const auto wait_until = std::chrono::steady_clock::now() + settings_->timeouts.backend_wait;
        auto way = co_await worker_.wait_for_way(
            *server,
            worker_.form_of(handshake_->request(), client_.peer),
            std::min(wait_until, deadline_)
        );
        if (!way) {
            const splitter::local_error too_many = too_many_backends();
            co_return co_await refuse(too_many);
        }
        outcome = co_await log_in_by(*server, std::move(*way));
        worker_.on_login_over();
        if (!outcome.error) co_return co_await accept(outcome);
        if (outcome.changed_user) worker_.on_connection_closed(*server);
        client_.connection = nullptr;  // and its place is free
        if (outcome.is_worth_another_try() && !relayed_ && !client_gone_) continue;
        // A server that answered has decided; one that could not be reached has not.
        const bool decided = !outcome.server_error.empty() || relayed_ || client_gone_;
        // Nor is a refusal a sign of a failing server: it must not keep others from it.
        if (decided) break;
        worker_.on_connect_failed(*server, outcome.error);
        tried.push_back(*server);
    }
    co_return co_await refuse(outcome);
}

awaitable<backend_login_outcome> client_login::log_in_by(
    replication_monitor::server_id server, way_to_server way
) {
    client_.login_epoch = worker_.login_epoch();
    client_.connection = std::move(way.connection);
    if (client_.connection == nullptr)
        client_.connection = worker_.make_connection(server, std::move(way.place));
    backend_login_request request =
        worker_.login_request_for(server, handshake_->request(), client_.proof);
    request.schema = handshake_->request().schema;
    request.probable_method = method_of(*worker_.hold_accounts(), handshake_->request().user);
    request.prover = this;
    request.client = &client_.peer;
    client_.connection->login_epoch = client_.login_epoch;
    co_return co_await log_in(*client_.connection, request);
}

awaitable<bool> client_login::accept(const backend_login_outcome& outcome) {
    const auto answer = protocol::mysql::ok::decode(
        std::span<const std::byte>(outcome.ok), client_.connection->state.capabilities
    );
    if (!answer) co_return false;
    client_.status = answer->status.without(protocol::mysql::status_flag::session_state_changed);
    if (handshake_->gave_password()) {
        worker_.context().credentials.put(handshake_->request().user, client_.proof.value);
    }
    protocol::mysql::ok message;
    message.status = client_.status;
    message.warnings = answer->warnings;
    if (handshake_->request().capabilities.has(protocol::mysql::capability::session_track)) {
        // The schema of the login: nothing else has changed yet.
        message.status = answer->status;
        message.session_state = answer->session_state;
    }
    protocol::wire::send_buffer payload;
    protocol::wire::byte_writer writer(payload);
    message.encode(writer, handshake_->request().capabilities);
    handshake_->accept(payload.view(), out_);
    client_.method = handshake_->method();
    client_.scramble = copy_of(handshake_->scramble());
    if (client_.proof.what == credential::kind::none) {
        client_.response = protocol::mysql::auth::secret(handshake_->response());
        worker_.context().request_accounts();
    }
    const error_code failed = co_await flush();
    client_.who = handshake_->take_request();
    if (!outcome.changed_user) worker_.on_connected(client_.connection->server);
    if (failed) {
        worker_.close_connection(*client_.connection, farewell::quit);
        co_return false;
    }
    co_return true;
}

awaitable<bool> client_login::refuse(const backend_login_outcome& outcome) {
    if (outcome.error == make_error_code(splitter::errc::method_not_relayable)) {
        const splitter::local_error denied = access_denied();
        co_return co_await refuse(denied);
    }
    if (outcome.server_error.empty()) co_return co_await refuse(no_server());
    // The client knows the password that was known to be right: it is not any more.
    if (from_cache_) worker_.context().credentials.forget(handshake_->request().user);
    worker_.context().request_accounts();
    handshake_->refuse_with(std::span<const std::byte>(outcome.server_error), out_);
    (void)co_await flush();
    co_return false;
}

awaitable<bool> client_login::refuse(splitter::local_error error) {
    if (handshake_ != nullptr) {
        handshake_->refuse(error, out_);
    } else {
        splitter::append_error(out_, 0, error);
    }
    (void)co_await flush();
    co_return false;
}

awaitable<error_code> client_login::flush() {
    bytes_view bytes = out_.view();
    error_code error;
    if (compression_ != nullptr) {
        const auto packed = compression_->pack(bytes);
        if (packed) bytes = *packed;
        error = packed.error();
    }
    if (!error) error = co_await net::write_all(stream_, bytes.span(), deadline_);
    if (error) client_gone_ = true;
    out_.clear();
    co_return error;
}

awaitable<result<client_handshake::step>> client_login::converse() {
    while (true) {
        const error_code flushed = co_await flush();
        client_gone_ = flushed.failed();
        if (flushed) co_return flushed;
        const auto packet = co_await read_login_packet(stream_, deadline_, compression_);
        client_gone_ = packet.has_error();
        if (!packet) co_return packet.error();
        const auto step =
            handshake_->on_answer(packet->view(), packet->sequence, worker_.context().keys, out_);
        if (step.what == client_step::read) continue;
        if (step.what != client_step::refuse) co_return step;
        (void)co_await flush();
        client_gone_ = true;
        co_return make_error_code(protocol::mysql::errc::authentication_failed);
    }
}

awaitable<result<protocol::mysql::auth::secret>> client_login::answer(
    std::string method, std::vector<std::byte> data
) {
    relayed_ = true;
    const bool needs_password = !method.empty() && !is_passed_on(method);
    // A password that was given and does not suffice cannot be asked for once more.
    if (handshake_->gave_password())
        co_return make_error_code(splitter::errc::method_not_relayable);
    if (needs_password) {
        const error_code failed = co_await fetch_password();
        if (failed) co_return failed;
        co_return protocol::mysql::auth::secret{};
    }
    if (method.empty()) {
        handshake_->pass_data(std::span<const std::byte>(data), out_);
    } else {
        handshake_->ask_method(method, std::span<const std::byte>(data), out_);
    }
    const auto step = co_await converse();
    if (!step) co_return step.error();
    co_return protocol::mysql::auth::secret(handshake_->response());
}

awaitable<error_code> client_login::fetch_password() {
    if (handshake_->method() != sha2::plugin_name) {
        const auto scramble = worker_.make_scramble();
        handshake_->ask_method(sha2::plugin_name, std::span<const std::byte>(scramble), out_);
        const auto switched = co_await converse();
        if (!switched) co_return switched.error();
        if (handshake_->response().empty()) {
            client_.proof = {credential::kind::empty, {}};
            co_return error_code{};
        }
    }
    handshake_->ask_password(out_);
    const auto step = co_await converse();
    if (!step) co_return step.error();
    client_.proof = {credential::kind::password, handshake_->take_password()};
    co_return error_code{};
}

}  // namespace weir::proxy
