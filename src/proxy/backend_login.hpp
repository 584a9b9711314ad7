#pragma once

#include "config/schema/proxy_settings.hpp"
#include "protocol/mysql/auth/secret.hpp"
#include "protocol/wire/result.hpp"
#include "splitter/relay/backend_handshake.hpp"
#include "splitter/relay/credential.hpp"
#include "splitter/relay/login_request.hpp"
#include "src/net/deadline_guard.hpp"
#include "src/net/tls_context.hpp"
#include "src/proxy/backend_connection.hpp"

#include <boost/asio/awaitable.hpp>

#include <memory>
#include <string>
#include <vector>

namespace weir::proxy {

/// Who can be asked when a server wants what we do not have: the client, while it logs in.
class client_prover {
public:
    client_prover() = default;
    client_prover(const client_prover&) = delete;
    client_prover& operator=(const client_prover&) = delete;
    virtual ~client_prover() = default;

    /// The client's answer to a server's method and scramble; an empty method passes on more data
    /// of the same one.
    [[nodiscard]] virtual boost::asio::awaitable<result<protocol::mysql::auth::secret>> answer(
        std::string method, std::vector<std::byte> data
    ) = 0;

    /// Gets the password into the credential that the login uses.
    [[nodiscard]] virtual boost::asio::awaitable<error_code> fetch_password() = 0;
};

/// What a login in a client's name needs. References outlive the coroutine.
struct backend_login_request {
    config::server_settings server;
    std::shared_ptr<const config::proxy_settings> settings;
    const splitter::login_request& who;
    const splitter::credential& proof;
    std::string schema;
    std::string probable_method;                  ///< empty: not known
    std::shared_ptr<const net::tls_context> tls;  ///< null: TLS is off towards servers
    client_prover* prover = nullptr;              ///< null: nobody to ask any more
    const net::peer_address* client = nullptr;    ///< for PROXY headers; null: none
};

struct backend_login_outcome {
    error_code error;                     ///< none: logged in
    std::vector<std::byte> server_error;  ///< the server's ERR payload, if that was the reason
    std::vector<std::byte> ok;            ///< the server's OK payload
    bool changed_user = false;            ///< tried on a connection that was another's

    /// The account is right, the schema is not there (yet).
    [[nodiscard]] bool is_schema_unknown() const;

    /// The connection that was there had broken before the server said anything of the account.
    [[nodiscard]] bool is_worth_another_try() const {
        return error && changed_user && server_error.empty();
    }
};

/// Connects and logs in within timeouts.connect and timeouts.login. A connection that is logged in
/// changes its user instead, which makes it as a new one; what its last user may still ask of it is
/// asked before. On failure the connection is closed.
[[nodiscard]] boost::asio::awaitable<backend_login_outcome> log_in(
    backend_connection& connection, const backend_login_request& request
);

}  // namespace weir::proxy
