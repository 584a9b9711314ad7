#pragma once

#include "config/schema/tls_settings.hpp"
#include "protocol/mysql/capabilities.hpp"
#include "protocol/mysql/gtid_set.hpp"
#include "protocol/mysql/messages/greeting.hpp"
#include "protocol/mysql/status_flags.hpp"
#include "protocol/wire/bytes_view.hpp"
#include "protocol/wire/result.hpp"
#include "protocol/wire/send_buffer.hpp"
#include "splitter/relay/credential.hpp"
#include "splitter/relay/login_request.hpp"
#include "splitter/session/backend_state.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace weir::splitter {

/// Our side of a login at a server, where we are the client: greeting, TLS, login packet, method
/// switches, proofs from whatever credential there is. Packets in, packets out. Source: MySQL
/// "Connection Phase". Owned by a backend connection while it logs in; thread: its worker.
class backend_handshake {
public:
    struct settings {
        const login_request* who = nullptr;  ///< outlives the handshake
        const credential* proof = nullptr;   ///< outlives the handshake; may change between events
        std::string_view schema;             ///< outlives the handshake; empty: none
        std::string_view
            probable_method;  ///< of the account, as far as known; empty: the server's default
        config::server_tls_mode tls = config::server_tls_mode::preferred;
        bool is_local = false;  ///< a Unix socket: as good as TLS for passwords
    };

    explicit backend_handshake(const settings& given) : settings_(given) {}

    struct step {
        enum class kind : std::uint8_t {
            read,           ///< write `out` if there is any, then read the next packet
            start_tls,      ///< write `out`, do the TLS handshake, then on_tls_started
            ask_client,     ///< only the client can answer: `method`, `data`; then on_client_answer
            need_password,  ///< only the password will do; then on_password
            done,           ///< logged in: `payload` is the server's OK
            refused,        ///< `payload` is the server's ERR
            failed,         ///< `why`
        };
        kind what = kind::read;
        std::string_view method{};             ///< ask_client: empty: more data of the same method
        protocol::wire::bytes_view payload{};  ///< view into the packet
        error_code why{};
    };

    /// In place of a greeting: the connection is logged in, whoever it was for, and becomes the new
    /// user's. Appends the command; then on_packet. Only between two commands.
    void change_user(const backend_state& there, bool is_tls, protocol::wire::send_buffer& out);

    [[nodiscard]] step on_packet(
        protocol::wire::bytes_view payload, std::uint8_t sequence, protocol::wire::send_buffer& out
    );
    [[nodiscard]] step on_tls_started(protocol::wire::send_buffer& out);
    [[nodiscard]] step on_client_answer(
        protocol::wire::bytes_view answer, protocol::wire::send_buffer& out
    );

    /// The credential now holds the password.
    [[nodiscard]] step on_password(protocol::wire::send_buffer& out);

    [[nodiscard]] protocol::mysql::capability_set capabilities() const noexcept {
        return negotiated_;
    }

    [[nodiscard]] protocol::mysql::server_flavor flavor() const noexcept { return flavor_; }

    [[nodiscard]] std::uint32_t version_number() const noexcept { return version_number_; }

    [[nodiscard]] std::uint32_t thread_id() const noexcept { return thread_id_; }

private:
    enum class stage : std::uint8_t { greeting, login_answer, public_key };

    [[nodiscard]] step on_greeting(
        protocol::wire::bytes_view payload, protocol::wire::send_buffer& out
    );
    [[nodiscard]] step on_login_answer(
        protocol::wire::bytes_view payload, protocol::wire::send_buffer& out
    );
    [[nodiscard]] step on_switch(
        protocol::wire::bytes_view payload, protocol::wire::send_buffer& out
    );
    [[nodiscard]] step on_more_data(
        protocol::wire::bytes_view payload, protocol::wire::send_buffer& out
    );
    [[nodiscard]] step on_full_exchange(protocol::wire::send_buffer& out);
    [[nodiscard]] step send_login(protocol::wire::send_buffer& out);
    [[nodiscard]] std::optional<protocol::mysql::auth::secret> respond() const;

    [[nodiscard]] bool is_secure() const noexcept { return is_tls_ || settings_.is_local; }

    void append(protocol::wire::bytes_view payload, protocol::wire::send_buffer& out);

    settings settings_;
    protocol::mysql::capability_set offered_;
    protocol::mysql::capability_set negotiated_;
    protocol::mysql::server_flavor flavor_ = protocol::mysql::server_flavor::mysql;
    std::vector<std::byte> scramble_;
    std::string method_;
    std::uint32_t version_number_ = 0;
    std::uint32_t thread_id_ = 0;
    std::uint8_t sequence_ = 0;  ///< of our next packet
    stage stage_ = stage::greeting;
    bool is_tls_ = false;
};

/// What a server will be asked for on behalf of a client: the client's capabilities as far as the
/// server has them, so that answers pass without translation; never compression; always session
/// tracking.
[[nodiscard]] protocol::mysql::capability_set capabilities_for(
    protocol::mysql::capability_set client, protocol::mysql::capability_set server
) noexcept;

/// "5.5.5-10.11.8-MariaDB-log" -> 101108; "9.7.0" -> 90700; 0 if there is no number.
[[nodiscard]] std::uint32_t version_number_of(std::string_view version_text) noexcept;

}  // namespace weir::splitter
