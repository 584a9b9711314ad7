#include "splitter/relay/backend_handshake.hpp"

#include "protocol/mysql/auth/caching_sha2_password.hpp"
#include "protocol/mysql/auth/ed25519.hpp"
#include "protocol/mysql/auth/native_password.hpp"
#include "protocol/mysql/errc.hpp"
#include "protocol/mysql/messages/auth_more_data.hpp"
#include "protocol/mysql/messages/auth_switch_request.hpp"
#include "protocol/mysql/messages/change_user.hpp"
#include "protocol/mysql/messages/handshake_response.hpp"
#include "protocol/mysql/messages/ssl_request.hpp"
#include "protocol/mysql/packet_header.hpp"
#include "protocol/mysql/packet_writer.hpp"
#include "protocol/wire/codec.hpp"
#include "splitter/relay/errc.hpp"

#include <algorithm>
#include <charconv>

namespace weir::splitter {

namespace native = protocol::mysql::auth::native_password;
namespace sha2 = protocol::mysql::auth::caching_sha2_password;
namespace ed25519 = protocol::mysql::auth::ed25519;
using protocol::mysql::capability;
using protocol::mysql::capability_set;
using protocol::mysql::auth::secret;
using protocol::wire::bytes_view;
using protocol::wire::send_buffer;

namespace {

constexpr std::string_view clear_method = "mysql_clear_password";
/// Of MariaDB before 4.1: an answer of 8 bytes to the first 8 of the scramble. Only passed on.
constexpr std::string_view old_method = "mysql_old_password";
/// Asked for by MySQL where there is no such account, among others. Over TLS it takes the password
/// itself.
constexpr std::string_view sha256_method = "sha256_password";
constexpr std::string_view relayed_method = "weir_relayed";

/// The password as it is, with the zero that both methods want behind it.
secret with_zero(const credential& proof) {
    const bytes_view password = proof.value.bytes();
    protocol::wire::wiped_bytes data(password.size() + 1);
    std::ranges::copy(password, data.begin());
    return secret(bytes_view(std::span<const std::byte>(data)));
}

template <class Digest>
secret bytes_in(const std::optional<Digest>& digest) {
    if (!digest) return {};
    return secret(bytes_view(std::span<const std::byte>(*digest)));
}

backend_handshake::step fail(error_code why) {
    backend_handshake::step step;
    step.what = backend_handshake::step::kind::failed;
    step.why = why;
    return step;
}

backend_handshake::step only(backend_handshake::step::kind what) {
    backend_handshake::step step;
    step.what = what;
    return step;
}

}  // namespace

void backend_handshake::change_user(const backend_state& there, bool is_tls, send_buffer& out) {
    negotiated_ = there.capabilities;
    flavor_ = there.flavor;
    version_number_ = there.version_number;
    thread_id_ = there.thread_id;
    is_tls_ = is_tls;
    protocol::mysql::change_user login;
    login.user = settings_.who->user;
    login.schema = settings_.schema;
    login.collation = settings_.who->collation;
    // The scramble of the connection's first login has been used: a name that is no account's makes
    // the server send a new one.
    login.auth_plugin = relayed_method;
    login.attributes = bytes_view(std::span<const std::byte>(settings_.who->attributes));
    protocol::mysql::packet_writer packet(out, 0);
    auto writer = packet.begin();
    login.encode(writer, negotiated_);
    packet.end();
    sequence_ = packet.next_sequence();
    stage_ = stage::login_answer;
}

backend_handshake::step backend_handshake::on_packet(
    bytes_view payload, std::uint8_t sequence, send_buffer& out
) {
    if (payload.empty()) return fail(protocol::mysql::errc::malformed_packet);
    sequence_ = protocol::mysql::next_sequence(sequence);
    if (payload[0] == std::byte{0xFF}) {
        auto refused = only(step::kind::refused);
        refused.payload = payload;
        return refused;
    }
    switch (stage_) {
        case stage::greeting: return on_greeting(payload, out);
        case stage::login_answer: return on_login_answer(payload, out);
        case stage::public_key: return on_more_data(payload, out);
    }
    return fail(protocol::mysql::errc::unexpected_packet);
}

backend_handshake::step backend_handshake::on_greeting(bytes_view payload, send_buffer& out) {
    const auto greeting = protocol::mysql::greeting::decode(payload);
    if (!greeting) return fail(greeting.error());
    offered_ = greeting->capabilities;
    thread_id_ = greeting->thread_id;
    version_number_ = version_number_of(greeting->server_version);
    // MariaDB's mark is the missing bit; its very old servers say it in their version only.
    const bool names_mariadb = greeting->server_version.find("MariaDB") != std::string_view::npos;
    flavor_ = names_mariadb || !offered_.has(capability::long_password)
                  ? protocol::mysql::server_flavor::mariadb
                  : protocol::mysql::server_flavor::mysql;
    scramble_.assign(greeting->scramble.begin(), greeting->scramble.end());
    method_ = greeting->auth_plugin.empty() ? native::plugin_name : greeting->auth_plugin;
    negotiated_ = capabilities_for(settings_.who->capabilities, offered_);
    if (!settings_.schema.empty()) negotiated_ = negotiated_.with(capability::connect_with_db);
    if (settings_.tls == config::server_tls_mode::disabled || settings_.is_local)
        return send_login(out);
    if (!offered_.has(capability::ssl)) {
        if (settings_.tls == config::server_tls_mode::preferred) return send_login(out);
        return fail(errc::tls_required);
    }
    negotiated_ = negotiated_.with(capability::ssl);
    protocol::mysql::packet_writer packet(out, sequence_);
    auto writer = packet.begin();
    protocol::mysql::ssl_request{
        negotiated_, settings_.who->max_packet, static_cast<std::uint8_t>(settings_.who->collation)}
        .encode(writer);
    packet.end();
    sequence_ = packet.next_sequence();
    return only(step::kind::start_tls);
}

backend_handshake::step backend_handshake::on_tls_started(send_buffer& out) {
    is_tls_ = true;
    return send_login(out);
}

backend_handshake::step backend_handshake::send_login(send_buffer& out) {
    // Naming the account's method at once saves the server's switch, which costs a round trip.
    if (!settings_.probable_method.empty()) method_ = settings_.probable_method;
    const auto response = respond();
    protocol::mysql::handshake_response login;
    login.capabilities = negotiated_;
    login.max_packet = settings_.who->max_packet;
    login.collation = settings_.who->collation;
    login.user = settings_.who->user;
    if (response) login.auth_response = response->bytes();
    login.schema = settings_.schema;
    // Without a proof the server must send a switch, whose scramble the client can answer: a name
    // that is no account's.
    login.auth_plugin = response ? std::string_view(method_) : relayed_method;
    login.attributes = bytes_view(std::span<const std::byte>(settings_.who->attributes));
    protocol::mysql::packet_writer packet(out, sequence_);
    auto writer = packet.begin();
    login.encode(writer);
    packet.end();
    sequence_ = packet.next_sequence();
    stage_ = stage::login_answer;
    return only(step::kind::read);
}

backend_handshake::step backend_handshake::on_login_answer(bytes_view payload, send_buffer& out) {
    constexpr std::byte ok{0x00};
    constexpr std::byte more_data{0x01};
    constexpr std::byte method_switch{0xFE};
    if (payload[0] == ok) {
        auto done = only(step::kind::done);
        done.payload = payload;
        return done;
    }
    if (payload[0] == method_switch) return on_switch(payload, out);
    if (payload[0] == more_data) return on_more_data(payload, out);
    return fail(protocol::mysql::errc::unexpected_packet);
}

backend_handshake::step backend_handshake::on_switch(bytes_view payload, send_buffer& out) {
    if (payload.size() == 1) {
        // A lone 0xFE: MariaDB's short form for the method of servers before 4.1. The scramble
        // stays.
        method_ = old_method;
    } else {
        const auto request = protocol::wire::decode<protocol::mysql::auth_switch_request>(payload);
        if (!request) return fail(request.error());
        method_ = request->plugin_name;
        bytes_view data = request->plugin_data;
        if (!data.empty() && data[data.size() - 1] == std::byte{0})
            data = data.first(data.size() - 1);
        scramble_.assign(data.begin(), data.end());
    }
    const auto response = respond();
    if (response) {
        append(response->bytes(), out);
        return only(step::kind::read);
    }
    auto ask = only(step::kind::ask_client);
    ask.method = method_;
    ask.payload = bytes_view(std::span<const std::byte>(scramble_));
    return ask;
}

backend_handshake::step backend_handshake::on_more_data(bytes_view payload, send_buffer& out) {
    const auto more = protocol::wire::decode<protocol::mysql::auth_more_data>(payload);
    if (!more || more->data.empty()) return fail(protocol::mysql::errc::malformed_packet);
    if (method_ != sha2::plugin_name) {
        auto ask = only(step::kind::ask_client);
        ask.payload = payload;
        return ask;
    }
    if (stage_ == stage::public_key) {
        const auto encrypted = sha2::encrypt_password(
            settings_.proof->value.text(),
            bytes_view(std::span<const std::byte>(scramble_)),
            protocol::wire::as_text(more->data)
        );
        if (!encrypted) return fail(encrypted.error());
        append(protocol::wire::bytes_of(*encrypted), out);
        stage_ = stage::login_answer;
        return only(step::kind::read);
    }
    if (more->data[0] == sha2::fast_authentication_ok) return only(step::kind::read);
    if (more->data[0] != sha2::perform_full_authentication)
        return fail(protocol::mysql::errc::unexpected_packet);
    if (settings_.proof->what != credential::kind::password) return only(step::kind::need_password);
    return on_full_exchange(out);
}

backend_handshake::step backend_handshake::on_full_exchange(send_buffer& out) {
    if (is_secure()) {
        append(with_zero(*settings_.proof).bytes(), out);
        return only(step::kind::read);
    }
    append(bytes_view(std::span(&sha2::request_public_key, 1)), out);
    stage_ = stage::public_key;
    return only(step::kind::read);
}

backend_handshake::step backend_handshake::on_password(send_buffer& out) {
    if (method_ == sha2::plugin_name) return on_full_exchange(out);
    const auto response = respond();
    if (!response) return fail(errc::method_not_relayable);
    append(response->bytes(), out);
    return only(step::kind::read);
}

backend_handshake::step backend_handshake::on_client_answer(bytes_view answer, send_buffer& out) {
    append(answer, out);
    return only(step::kind::read);
}

std::optional<secret> backend_handshake::respond() const {
    const credential& proof = *settings_.proof;
    if (proof.what == credential::kind::none) return std::nullopt;
    if (proof.what == credential::kind::empty) return secret{};
    const bool has_password = proof.what == credential::kind::password;
    const bytes_view scramble{std::span<const std::byte>(scramble_)};
    if (method_ == native::plugin_name) {
        if (has_password)
            return bytes_in(native::respond(native::key_from_password(proof.value.text()), scramble)
            );
        if (proof.what == credential::kind::native_key)
            return bytes_in(native::respond(proof.value, scramble));
    } else if (method_ == sha2::plugin_name) {
        if (has_password)
            return bytes_in(sha2::respond(sha2::key_from_password(proof.value.text()), scramble));
        if (proof.what == credential::kind::sha2_key)
            return bytes_in(sha2::respond(proof.value, scramble));
    } else if (method_ == ed25519::plugin_name && has_password) {
        const auto signature = ed25519::sign(proof.value.text(), scramble);
        if (signature) return secret(bytes_view(std::span<const std::byte>(*signature)));
    } else if ((method_ == clear_method || method_ == sha256_method) && has_password && is_secure()) {
        return with_zero(proof);
    }
    return std::nullopt;
}

void backend_handshake::append(bytes_view payload, send_buffer& out) {
    protocol::mysql::append_packet(out, sequence_, payload);
}

capability_set capabilities_for(capability_set client, capability_set server) noexcept {
    const capability_set always{
        capability::protocol_41,
        capability::secure_connection,
        capability::plugin_auth,
        capability::plugin_auth_lenenc_data,
        capability::transactions,
        capability::session_track,
    };
    const capability_set ours{
        capability::ssl,
        capability::compress,
        capability::zstd_compression,
        capability::connect_with_db};
    const capability_set theirs = capability_set((client.value() | always.value()) & ~ours.value());
    return theirs & server;
}

std::uint32_t version_number_of(std::string_view version_text) noexcept {
    // MariaDB 10 pretends to be 5.5.5 first, for the sake of old replicas.
    constexpr std::string_view replication_prefix = "5.5.5-";
    if (version_text.starts_with(replication_prefix))
        version_text.remove_prefix(replication_prefix.size());
    std::uint32_t number = 0;
    for (int part = 0; part < 3; ++part) {
        std::uint32_t value = 0;
        const auto [end, code] =
            std::from_chars(version_text.data(), version_text.data() + version_text.size(), value);
        if (code != std::errc{}) return part == 0 ? 0 : number;
        number = number * 100 + std::min(value, 99U);
        version_text.remove_prefix(static_cast<std::size_t>(end - version_text.data()));
        if (version_text.starts_with('.')) version_text.remove_prefix(1);
    }
    return number;
}

}  // namespace weir::splitter
