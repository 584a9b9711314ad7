#include "splitter/relay/client_handshake.hpp"

#include "protocol/mysql/messages/auth_more_data.hpp"
#include "protocol/mysql/messages/auth_switch_request.hpp"
#include "protocol/mysql/messages/change_user.hpp"
#include "protocol/mysql/messages/handshake_response.hpp"
#include "protocol/mysql/messages/ssl_request.hpp"
#include "protocol/mysql/packet_header.hpp"
#include "protocol/mysql/packet_writer.hpp"
#include "protocol/wire/codec.hpp"

namespace weir::splitter {

namespace sha2 = protocol::mysql::auth::caching_sha2_password;
using protocol::mysql::capability;
using protocol::mysql::server_errc;
using protocol::wire::bytes_view;
using protocol::wire::copy_of;
using protocol::wire::send_buffer;

namespace {

constexpr std::string_view native_method = "mysql_native_password";

local_error bad_handshake() {
    return {server_errc::handshake_error, "Bad handshake"};
}

}  // namespace

client_handshake::client_handshake(const settings& given)
    : settings_(given), scramble_(copy_of(std::span<const std::byte>(given.offer.scramble))) {}

void client_handshake::greet(send_buffer& out) {
    protocol::mysql::packet_writer packet(out, sequence_);
    auto writer = packet.begin();
    settings_.offer.encode(writer);
    packet.end();
    sequence_ = packet.next_sequence();
}

client_handshake::step client_handshake::on_login_packet(
    bytes_view payload, std::uint8_t sequence, transport way, send_buffer& out
) {
    if (sequence != sequence_)
        return fail({server_errc::packets_out_of_order, "Got packets out of order"}, out);
    sequence_ = protocol::mysql::next_sequence(sequence);
    way_ = way;
    const bool offers_tls = settings_.offer.capabilities.has(capability::ssl);
    if (protocol::mysql::ssl_request::matches(payload)) {
        if (!offers_tls || way == transport::tls) return fail(bad_handshake(), out);
        return {step::kind::start_tls};
    }
    if (settings_.tls_required && way == transport::plain) {
        return fail(
            {server_errc::secure_transport_required,
             "Connections using insecure transport are prohibited (tls.client.mode: require)"},
            out
        );
    }
    const auto login = protocol::mysql::handshake_response::decode(payload);
    if (!login) return fail(bad_handshake(), out);
    request_.user = login->user;
    request_.schema = login->schema;
    request_.capabilities = login->capabilities & settings_.offer.capabilities;
    request_.collation = login->collation;
    request_.max_packet = login->max_packet;
    request_.zstd_level = login->zstd_level;
    request_.attributes = copy_of(login->attributes);
    response_ = protocol::mysql::auth::secret(login->auth_response);
    method_ = login->auth_plugin.empty() ? native_method : login->auth_plugin;
    return {step::kind::proof};
}

client_handshake::step client_handshake::on_change_user(
    bytes_view payload, std::uint8_t sequence, transport way, send_buffer& out
) {
    way_ = way;
    sequence_ = protocol::mysql::next_sequence(sequence);
    const auto login = protocol::mysql::change_user::decode(payload, request_.capabilities);
    if (!login) return fail(bad_handshake(), out);
    request_.user = login->user;
    request_.schema = login->schema;
    if (login->collation != 0) request_.collation = login->collation;
    if (!login->attributes.empty()) request_.attributes = copy_of(login->attributes);
    response_ = protocol::mysql::auth::secret(login->auth_response);
    method_ = login->auth_plugin.empty() ? native_method : login->auth_plugin;
    stage_ = stage::login;
    return {step::kind::proof};
}

void client_handshake::ask_method(std::string_view method, bytes_view scramble, send_buffer& out) {
    method_ = method;
    scramble_ = copy_of(scramble);
    // Scrambles travel with a zero behind them.
    std::vector<std::byte> data = scramble_;
    data.push_back(std::byte{0});
    protocol::mysql::packet_writer packet(out, sequence_);
    auto writer = packet.begin();
    protocol::wire::encode(
        writer,
        protocol::mysql::auth_switch_request{method, bytes_view(std::span<const std::byte>(data))}
    );
    packet.end();
    sequence_ = packet.next_sequence();
    stage_ = stage::answer;
}

void client_handshake::ask_password(send_buffer& out) {
    append(bytes_view(std::span(&sha2::perform_full_authentication, 1)), out);
    stage_ = stage::password_or_key_request;
}

void client_handshake::pass_data(bytes_view payload, send_buffer& out) {
    protocol::mysql::append_packet(out, sequence_, payload);
    stage_ = stage::answer;
}

client_handshake::step client_handshake::on_answer(
    bytes_view payload, std::uint8_t sequence, const sha2::rsa_key_pair& keys, send_buffer& out
) {
    if (sequence != sequence_)
        return fail({server_errc::packets_out_of_order, "Got packets out of order"}, out);
    sequence_ = protocol::mysql::next_sequence(sequence);
    switch (stage_) {
        case stage::answer:
            response_ = protocol::mysql::auth::secret(payload);
            return {step::kind::proof};
        case stage::password_or_key_request:
        case stage::encrypted_password: return on_password_packet(payload, keys, out);
        case stage::login:
        case stage::password_given: break;
    }
    return fail(bad_handshake(), out);
}

client_handshake::step client_handshake::on_password_packet(
    bytes_view payload, const sha2::rsa_key_pair& keys, send_buffer& out
) {
    if (way_ != transport::plain) {
        auto password = sha2::password_from_clear(payload);
        if (!password) return fail(bad_handshake(), out);
        password_ = std::move(*password);
        stage_ = stage::password_given;
        return {step::kind::password};
    }
    if (stage_ == stage::password_or_key_request && payload.size() == 1 &&
        payload[0] == sha2::request_public_key) {
        append(protocol::wire::bytes_of(keys.public_pem()), out);
        stage_ = stage::encrypted_password;
        return {step::kind::read};
    }
    auto password = keys.decrypt_password(payload, scramble());
    if (!password) return fail(bad_handshake(), out);
    password_ = std::move(*password);
    stage_ = stage::password_given;
    return {step::kind::password};
}

void client_handshake::accept(bytes_view ok_payload, send_buffer& out) {
    if (method_ == sha2::plugin_name && !response_.empty() && stage_ != stage::password_given) {
        append(bytes_view(std::span(&sha2::fast_authentication_ok, 1)), out);
    }
    protocol::mysql::append_packet(out, sequence_, ok_payload);
}

void client_handshake::refuse(const local_error& error, send_buffer& out) {
    append_error(out, sequence_, error);
}

void client_handshake::refuse_with(bytes_view error_payload, send_buffer& out) {
    protocol::mysql::append_packet(out, sequence_, error_payload);
}

client_handshake::step client_handshake::fail(const local_error& error, send_buffer& out) {
    refuse(error, out);
    return {step::kind::refuse};
}

void client_handshake::append(bytes_view data, send_buffer& out) {
    protocol::mysql::packet_writer packet(out, sequence_);
    auto writer = packet.begin();
    protocol::wire::encode(writer, protocol::mysql::auth_more_data{data});
    packet.end();
    sequence_ = packet.next_sequence();
}

}  // namespace weir::splitter
