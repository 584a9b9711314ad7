#pragma once

#include "config/schema/proxy_settings.hpp"
#include "protocol/mysql/auth/secret.hpp"
#include "protocol/mysql/status_flags.hpp"
#include "replication_monitor/model/topology.hpp"
#include "splitter/relay/client_handshake.hpp"
#include "splitter/relay/credential.hpp"
#include "splitter/relay/login_request.hpp"
#include "src/net/stream.hpp"
#include "src/proxy/backend_connection.hpp"
#include "src/proxy/backend_login.hpp"
#include "src/proxy/client_compression.hpp"
#include "src/proxy/login_turn.hpp"

#include <boost/asio/awaitable.hpp>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace weir::proxy {

class proxy_worker;

/// What a session keeps of its login.
struct logged_in_client {
    splitter::login_request who;
    splitter::credential proof;
    net::peer_address peer;  ///< the client's own address, from a PROXY header if there was one
    backend_connection_pointer connection;  ///< to the server that accepted the account
    protocol::mysql::status_set status;
    std::string method;                      ///< that the account proved itself with
    std::vector<std::byte> scramble;         ///< while there is no credential: what the client's
    protocol::mysql::auth::secret response;  ///< response answered, to derive one later
    std::uint8_t failed_user_changes = 0;
    std::uint64_t login_epoch = 0;  ///< what the login found; see proxy_context
};

/// A client's login, or its COM_CHANGE_USER: who it is, by which method, proven to a server. A
/// server always has the last word: accounts, hosts, locks, schemas and error numbers are its own.
/// Lives for one login; thread: its worker.
class client_login final : public client_prover {
public:
    /// `compression`: of a session that speaks compressed already, or null; outlives this.
    client_login(
        proxy_worker& worker,
        net::stream& client,
        std::uint32_t session_id,
        client_compression* compression = nullptr
    );

    /// True: `result()` has the session's beginning, and the client has its OK. False: the client
    /// has been told why, or has gone; close.
    [[nodiscard]] boost::asio::awaitable<bool> run();

    /// The same for a COM_CHANGE_USER packet on an established session; `before` outlives this.
    /// False: the client has been told why, and has to be closed unless `client_may_go_on`.
    [[nodiscard]] boost::asio::awaitable<bool> change_user(
        const logged_in_client& before, std::vector<std::byte> payload, std::uint8_t sequence
    );

    /// After a refused change of users: the client is there, speaks the protocol, and its server
    /// would keep the connection for the former user, as MariaDB does and MySQL does not.
    [[nodiscard]] bool client_may_go_on() const;

    /// What the client answers next: a method that was asked for brought a new one.
    [[nodiscard]] std::vector<std::byte> scramble() const;

    [[nodiscard]] logged_in_client take_result() noexcept { return std::move(client_); }

    [[nodiscard]] boost::asio::awaitable<result<protocol::mysql::auth::secret>> answer(
        std::string method, std::vector<std::byte> data
    ) override;
    [[nodiscard]] boost::asio::awaitable<error_code> fetch_password() override;

private:
    [[nodiscard]] boost::asio::awaitable<bool> greet();
    [[nodiscard]] boost::asio::awaitable<bool> read_login();
    [[nodiscard]] boost::asio::awaitable<bool> authenticate();
    [[nodiscard]] boost::asio::awaitable<bool> agree_on_method();
    [[nodiscard]] boost::asio::awaitable<bool> prove();
    [[nodiscard]] boost::asio::awaitable<bool> prove_by_static_user(std::string_view password);
    [[nodiscard]] boost::asio::awaitable<bool> log_in_at_server();
    [[nodiscard]] boost::asio::awaitable<backend_login_outcome> log_in_by(
        replication_monitor::server_id server, way_to_server way
    );
    [[nodiscard]] boost::asio::awaitable<bool> accept(const backend_login_outcome& outcome);
    [[nodiscard]] boost::asio::awaitable<bool> refuse(const backend_login_outcome& outcome);
    [[nodiscard]] boost::asio::awaitable<bool> refuse(splitter::local_error error);
    [[nodiscard]] boost::asio::awaitable<error_code> flush();

    /// Reads the client's next packet and gives it to the handshake; an error if the client was
    /// refused.
    [[nodiscard]] boost::asio::awaitable<result<splitter::client_handshake::step>> converse();

    void make_handshake();
    [[nodiscard]] splitter::transport way() const noexcept;
    [[nodiscard]] splitter::local_error access_denied() const;

    proxy_worker& worker_;
    net::stream& stream_;
    std::uint32_t session_id_;
    client_compression* compression_;
    net::time_point deadline_;
    logged_in_client client_;
    std::shared_ptr<const config::proxy_settings> settings_;
    std::shared_ptr<const replication_monitor::topology> topology_;
    std::shared_ptr<const net::tls_context> tls_;
    std::unique_ptr<splitter::client_handshake> handshake_;
    protocol::wire::send_buffer out_;
    bool client_gone_ = false;  ///< or was told that it may go
    bool from_cache_ = false;   ///< the password is the one that was known from a login before
    bool relayed_ = false;      ///< the client has answered a server's scramble
};

}  // namespace weir::proxy
