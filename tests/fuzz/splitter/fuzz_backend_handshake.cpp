// A server that says anything at each stage of our login. What we know of the account's password
// leaves us only over TLS, a Unix socket, or as the answer of a method that hides it.

#include "protocol/mysql/auth/caching_sha2_password.hpp"
#include "protocol/mysql/auth/native_password.hpp"
#include "protocol/mysql/messages/auth_more_data.hpp"
#include "protocol/mysql/messages/auth_switch_request.hpp"
#include "splitter/relay/backend_handshake.hpp"

#include "tests/fuzz/protocol/fuzz_support.hpp"
#include "tests/fuzz/splitter/script.hpp"
#include "tests/fuzz/splitter/well_formed.hpp"
#include "tests/support/packets.hpp"

#include <array>
#include <string_view>

namespace weir::fuzz {
namespace {

namespace native = protocol::mysql::auth::native_password;
namespace sha2 = protocol::mysql::auth::caching_sha2_password;
using protocol::mysql::capability;
using protocol::mysql::capability_set;
using protocol::mysql::auth::secret;
using protocol::wire::bytes_view;
using protocol::wire::send_buffer;
using splitter::backend_handshake;
using splitter::credential;
using test::byte_vector;

constexpr std::string_view password = "Sesame-4711-open";
constexpr std::array<std::string_view, 7> methods{
    "caching_sha2_password",
    "mysql_native_password",
    "client_ed25519",
    "mysql_clear_password",
    "sha256_password",
    "dialog",
    ""};

credential known(credential::kind what) {
    switch (what) {
        case credential::kind::none:
        case credential::kind::empty: return {what, {}};
        case credential::kind::native_key: return {what, native::key_from_password(password)};
        case credential::kind::sha2_key: return {what, sha2::key_from_password(password)};
        case credential::kind::password: return {what, secret(password)};
    }
    return {};
}

class scripted_server {
public:
    explicit scripted_server(script& input)
        : input_(input),
          proof_(known(static_cast<credential::kind>(input.below(5)))),
          handshake_(settings()) {}

    /// Each round is one packet of the server: it cannot go on longer than the script.
    void run() {
        while (!input_.is_over() && !is_over_) {
            const byte_vector sent = packet();
            const auto number =
                static_cast<std::uint8_t>(number_ + (input_.number() == 0xFF ? 9 : 0));
            number_ = protocol::mysql::next_sequence(number);
            on_step(handshake_.on_packet(test::view(sent), number, out_));
        }
    }

private:
    using kind = backend_handshake::step::kind;

    backend_handshake::settings settings() {
        who_.user = "u";
        who_.capabilities = capability_set(~0ULL);
        if (input_.decide()) who_.capabilities = {capability::protocol_41};
        backend_handshake::settings given;
        given.who = &who_;
        given.proof = &proof_;
        if (input_.decide()) given.schema = "d";
        if (input_.decide()) given.probable_method = input_.one_of(methods);
        given.tls = static_cast<config::server_tls_mode>(input_.below(5));
        given.is_local = input_.decide();
        is_secure_ = given.is_local;
        return given;
    }

    byte_vector packet() {
        switch (input_.below(8)) {
            case 0: return test::payload_from([&](auto& writer) { greeting().encode(writer); });
            case 1: {
                protocol::mysql::auth_switch_request request;
                request.plugin_name = input_.one_of(methods);
                request.plugin_data = input_.bytes(24);
                return test::payload_of(request);
            }
            case 2: return test::bytes({1, 3U + input_.number() % 2U});
            case 3: {
                protocol::mysql::auth_more_data more;
                more.data = protocol::wire::bytes_of(key_pem());
                return test::payload_of(more);
            }
            case 4: return test::ok_payload();
            case 5: return test::err_payload();
            default: return test::copy_of(input_.bytes());
        }
    }

    protocol::mysql::greeting greeting() {
        protocol::mysql::greeting message;
        message.server_version = input_.decide() ? "9.7.0" : "5.5.5-10.11.8-MariaDB";
        message.capabilities = capability_set(~0ULL >> 32U);
        if (input_.decide()) message.capabilities = message.capabilities.without(capability::ssl);
        message.scramble.fill(std::byte{input_.number()});
        message.auth_plugin = input_.one_of(methods);
        return message;
    }

    static const std::string& key_pem() {
        // Small, so that a run is not about arithmetic.
        static const auto pair = sha2::rsa_key_pair::generate(1024);
        return pair->public_pem();
    }

    void on_step(backend_handshake::step step) {
        check_output();
        // A step that needs no packet leads to one that does, or to the end.
        for (int asked = 0; !is_over_; ++asked) {
            switch (step.what) {
                case kind::read: return;
                case kind::start_tls:
                    require(asked == 0 && !is_secure_);
                    is_secure_ = true;
                    step = handshake_.on_tls_started(out_);
                    break;
                case kind::ask_client:
                case kind::need_password:
                    require(asked <= 1);
                    step = ask_client(step.what);
                    break;
                case kind::done:
                case kind::refused:
                case kind::failed: is_over_ = true; break;
            }
            check_output();
        }
    }

    /// The client answers itself, or gives us its password; or it does not care.
    backend_handshake::step ask_client(kind asked) {
        if (asked == kind::ask_client && input_.decide())
            return handshake_.on_client_answer(input_.bytes(8), out_);
        proof_ = known(credential::kind::password);
        return handshake_.on_password(out_);
    }

    /// Whole packets, numbered on from the server's, and no secret in the clear.
    void check_output() {
        if (out_.empty()) return;
        number_ = require_packets(out_.view(), number_);
        if (!is_secure_) {
            require(!contains(out_.view(), password));
            const bool has_key = proof_.value.size() > 0;
            require(!has_key || !contains(out_.view(), proof_.value.text()));
        }
        out_.clear();
    }

    script& input_;
    credential proof_;
    splitter::login_request who_;
    bool is_secure_ = false;
    backend_handshake handshake_;
    send_buffer out_;
    std::uint8_t number_ = 0;  ///< of the next packet, whoever sends it
    bool is_over_ = false;
};

}  // namespace
}  // namespace weir::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto bytes = weir::fuzz::input(data, size);
    // A server that knows the password may name it, and some of what it says comes back.
    if (weir::fuzz::contains(bytes, weir::fuzz::password)) return 0;
    weir::fuzz::script input(bytes);
    weir::fuzz::scripted_server(input).run();
    return 0;
}
