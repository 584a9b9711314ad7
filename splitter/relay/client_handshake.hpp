#pragma once

#include "protocol/mysql/auth/caching_sha2_password.hpp"
#include "protocol/mysql/messages/greeting.hpp"
#include "protocol/wire/bytes_view.hpp"
#include "protocol/wire/send_buffer.hpp"
#include "splitter/relay/local_answer.hpp"
#include "splitter/relay/login_request.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace weir::splitter {

/// The way from a client to us. Over TLS and Unix sockets a password may travel as it is.
enum class transport : std::uint8_t { plain, local, tls };

/// Our side of a client's login, where we are the server: greeting, TLS request, login packet,
/// method switches, the full exchange of caching_sha2_password. Packets in, packets out; who checks
/// the proof is not its business. Source: MySQL "Connection Phase". Owned by a session while it
/// logs in; thread: its worker.
class client_handshake {
public:
    struct settings {
        protocol::mysql::greeting
            offer;  ///< views must outlive the handshake; capabilities as offered
        bool tls_required = false;
    };

    explicit client_handshake(const settings& given);

    /// Appends the greeting.
    void greet(protocol::wire::send_buffer& out);

    struct step {
        enum class kind : std::uint8_t {
            start_tls,  ///< the client wants TLS; its login comes inside
            proof,      ///< the client has answered: look at method() and response()
            password,   ///< the full exchange has given the password
            read,       ///< `out` holds what goes to the client first; then it answers
            refuse,     ///< `out` holds the error; then close
        };
        kind what = kind::read;
    };

    /// The client answers this scramble first: of its login, when it changes its user.
    void set_scramble(protocol::wire::bytes_view scramble) {
        scramble_.assign(scramble.begin(), scramble.end());
    }

    /// For a session that has logged in before: what it then asked for.
    void resume(login_request before) { request_ = std::move(before); }

    /// The first packets: TLS request or login.
    [[nodiscard]] step on_login_packet(
        protocol::wire::bytes_view payload,
        std::uint8_t sequence,
        transport way,
        protocol::wire::send_buffer& out
    );

    /// COM_CHANGE_USER in place of a login packet.
    [[nodiscard]] step on_change_user(
        protocol::wire::bytes_view payload,
        std::uint8_t sequence,
        transport way,
        protocol::wire::send_buffer& out
    );

    /// Asks for another method with this scramble (an auth switch request). The answer goes to
    /// on_answer.
    void ask_method(
        std::string_view method,
        protocol::wire::bytes_view scramble,
        protocol::wire::send_buffer& out
    );

    /// Asks for the password itself: caching_sha2_password's full exchange. Only when that is the
    /// method.
    void ask_password(protocol::wire::send_buffer& out);

    /// Passes on data of a method that only client and server understand.
    void pass_data(protocol::wire::bytes_view payload, protocol::wire::send_buffer& out);

    /// The client's packet after ask_method, ask_password or pass_data. `keys`: our RSA pair.
    [[nodiscard]] step on_answer(
        protocol::wire::bytes_view payload,
        std::uint8_t sequence,
        const protocol::mysql::auth::caching_sha2_password::rsa_key_pair& keys,
        protocol::wire::send_buffer& out
    );

    /// The login went well; where the fast path of caching_sha2_password was enough, its word to
    /// say so comes first.
    void accept(protocol::wire::bytes_view ok_payload, protocol::wire::send_buffer& out);
    void refuse(const local_error& error, protocol::wire::send_buffer& out);

    /// A server's own ERR, as it came.
    void refuse_with(protocol::wire::bytes_view error_payload, protocol::wire::send_buffer& out);

    [[nodiscard]] const login_request& request() const noexcept { return request_; }

    [[nodiscard]] login_request take_request() noexcept { return std::move(request_); }

    [[nodiscard]] std::string_view method() const noexcept { return method_; }

    [[nodiscard]] protocol::wire::bytes_view response() const noexcept { return response_.bytes(); }

    [[nodiscard]] protocol::wire::bytes_view scramble() const noexcept {
        return std::span<const std::byte>(scramble_);
    }

    [[nodiscard]] protocol::mysql::auth::secret take_password() noexcept {
        return std::move(password_);
    }

    /// The password has come in the full exchange: no fast-path word precedes the OK.
    [[nodiscard]] bool gave_password() const noexcept { return stage_ == stage::password_given; }

private:
    enum class stage : std::uint8_t {
        login,
        answer,
        password_or_key_request,
        encrypted_password,
        password_given
    };

    [[nodiscard]] step fail(const local_error& error, protocol::wire::send_buffer& out);
    [[nodiscard]] step on_password_packet(
        protocol::wire::bytes_view payload,
        const protocol::mysql::auth::caching_sha2_password::rsa_key_pair& keys,
        protocol::wire::send_buffer& out
    );
    void append(protocol::wire::bytes_view payload, protocol::wire::send_buffer& out);

    settings settings_;
    login_request request_;
    std::string method_;
    protocol::mysql::auth::secret response_;  ///< of some methods the password itself
    std::vector<std::byte> scramble_;         ///< that the client's response is an answer to
    protocol::mysql::auth::secret password_;
    std::uint8_t sequence_ = 0;  ///< of our next packet
    transport way_ = transport::plain;
    stage stage_ = stage::login;
};

}  // namespace weir::splitter
