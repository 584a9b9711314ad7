// A client that says anything at each stage of its login. A password over a plain connection counts
// only if it came encrypted, and nothing of it ever comes back.

#include "protocol/mysql/messages/handshake_response.hpp"
#include "protocol/mysql/messages/ssl_request.hpp"
#include "splitter/relay/client_handshake.hpp"

#include "tests/fuzz/protocol/fuzz_support.hpp"
#include "tests/fuzz/splitter/script.hpp"
#include "tests/fuzz/splitter/well_formed.hpp"
#include "tests/support/packets.hpp"

#include <array>
#include <optional>
#include <span>
#include <string_view>

namespace weir::fuzz {
namespace {

namespace sha2 = protocol::mysql::auth::caching_sha2_password;
using protocol::mysql::capability;
using protocol::mysql::capability_set;
using protocol::wire::bytes_view;
using protocol::wire::send_buffer;
using splitter::client_handshake;
using splitter::transport;
using test::byte_vector;
using test::operator+;  // not found by its arguments, which are of the standard library

constexpr std::string_view password = "Sesame-4711-open";
constexpr std::array<std::string_view, 4> methods{
    "caching_sha2_password", "mysql_native_password", "mysql_clear_password", ""};

const sha2::rsa_key_pair& keys() {
    // Small, so that a run is not about arithmetic.
    static const auto pair = sha2::rsa_key_pair::generate(1024);
    return *pair;
}

class scripted_client {
public:
    explicit scripted_client(script& input)
        : input_(input), way_(static_cast<transport>(input.below(3))), handshake_(settings()) {
        handshake_.greet(out_);
        check_output();
    }

    /// Each round is one packet of the client: it cannot go on longer than the script.
    void run() {
        while (!input_.is_over() && !is_over_) {
            const byte_vector sent = packet();
            const bool is_in_order = input_.number() != 0xFF;
            const std::uint8_t number = is_in_order ? number_ : input_.number();
            awaited_.reset();
            if (is_in_order) awaited_ = protocol::mysql::next_sequence(number);
            on_step(
                is_in_login_ ? login(sent, number)
                             : handshake_.on_answer(test::view(sent), number, keys(), out_)
            );
        }
    }

private:
    using kind = client_handshake::step::kind;

    client_handshake::settings settings() {
        client_handshake::settings given;
        given.offer.capabilities = capability_set(~0ULL);
        if (input_.decide()) given.offer.capabilities = {capability::protocol_41};
        given.offer.scramble.fill(std::byte{7});
        given.offer.auth_plugin = sha2::plugin_name;
        given.tls_required = input_.decide();
        tls_required_ = given.tls_required;
        return given;
    }

    client_handshake::step login(const byte_vector& sent, std::uint8_t number) {
        changes_user_ = input_.number() % 8 == 7;
        return changes_user_ ? handshake_.on_change_user(test::view(sent), number, way_, out_)
                             : handshake_.on_login_packet(test::view(sent), number, way_, out_);
    }

    byte_vector packet() {
        sent_encrypted_ = false;
        switch (input_.below(8)) {
            case 0: return test::payload_from([&](auto& writer) { login_packet().encode(writer); });
            case 1:
                return test::payload_from([](auto& writer) {
                    protocol::mysql::ssl_request{{capability::protocol_41, capability::ssl}, 1, 45}
                        .encode(writer);
                });
            case 2: return test::bytes(password);
            case 3: return test::bytes(password) + test::bytes({0});
            case 4: return test::bytes({protocol::wire::number_in(sha2::request_public_key)});
            case 5: return encrypted_password();
            case 6: return {};
            default: return test::copy_of(input_.bytes());
        }
    }

    protocol::mysql::handshake_response login_packet() {
        protocol::mysql::handshake_response message;
        message.capabilities = capability_set(~0ULL)
                                   .without(capability::ssl)
                                   .without(capability::connect_with_db)
                                   .without(capability::connect_attrs);
        message.user = "u";
        message.auth_response = input_.bytes(40);
        message.auth_plugin = input_.one_of(methods);
        return message;
    }

    byte_vector encrypted_password() {
        const auto text =
            sha2::encrypt_password(password, handshake_.scramble(), keys().public_pem());
        require(text.has_value());
        sent_encrypted_ = true;
        return test::bytes(*text);
    }

    void on_step(client_handshake::step step) {
        check_output();
        switch (step.what) {
            case kind::start_tls:
                require(way_ != transport::tls);
                way_ = transport::tls;
                return;
            case kind::refuse: is_over_ = true; return;
            case kind::read: return;
            case kind::password: require(way_ != transport::plain || sent_encrypted_); break;
            case kind::proof:
                // Who changes its user has logged in before.
                require(
                    !is_in_login_ || changes_user_ || !tls_required_ || way_ != transport::plain
                );
                break;
        }
        is_in_login_ = false;
        decide();
    }

    /// What the login does with an answer is its own business: here the script's.
    void decide() {
        switch (input_.below(6)) {
            case 0:
                handshake_.ask_method(input_.one_of(methods), bytes_view(scramble()), out_);
                break;
            case 1: handshake_.ask_password(out_); break;
            case 2: handshake_.pass_data(input_.bytes(8), out_); break;
            case 3:
                handshake_.accept(test::view(test::ok_payload()), out_);
                is_over_ = true;
                break;
            case 4:
                handshake_.refuse_with(test::view(test::err_payload()), out_);
                is_over_ = true;
                break;
            default: (void)handshake_.take_password(); is_in_login_ = input_.decide();
        }
        check_output();
    }

    std::span<const std::byte> scramble() {
        static const std::array<std::byte, 20> made{};
        return made;
    }

    /// Whole packets, numbered on from the client's, and no password.
    void check_output() {
        if (out_.empty()) return;
        number_ = require_packets(out_.view(), awaited_);
        awaited_ = number_;
        require(!contains(out_.view(), password));
        out_.clear();
    }

    script& input_;
    transport way_;
    bool tls_required_ = false;
    client_handshake handshake_;
    send_buffer out_;
    std::uint8_t number_ = 0;                        ///< of the client's next packet
    std::optional<std::uint8_t> awaited_ = number_;  ///< of our next one; nothing: any
    bool changes_user_ = false;
    bool is_in_login_ = true;
    bool sent_encrypted_ = false;
    bool is_over_ = false;
};

}  // namespace
}  // namespace weir::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    weir::fuzz::script input(weir::fuzz::input(data, size));
    weir::fuzz::scripted_client(input).run();
    return 0;
}
