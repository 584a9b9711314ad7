#pragma once

#include "config/schema/tls_settings.hpp"
#include "src/net/setup_error.hpp"

#include <openssl/types.h>

#include <cstdint>
#include <memory>

namespace weir::net {

/// Certificates and rules of one side of the proxy: immutable, shared by all workers, replaced
/// whole on reload (a running connection keeps the one it started with). No ALPN: MySQL has none.
/// Threads: any.
class tls_context {
public:
    /// Towards clients; `settings.mode` is not disabled. Reads the files; errors name the file and
    /// the reason.
    [[nodiscard]] static setup_result<std::shared_ptr<const tls_context>> for_clients(
        const config::client_tls_settings& settings
    );
    /// Towards servers; `settings.mode` is not disabled.
    [[nodiscard]] static setup_result<std::shared_ptr<const tls_context>> for_servers(
        const config::server_tls_settings& settings
    );

    enum class identity_check : std::uint8_t { none, host };

    [[nodiscard]] SSL_CTX* native() const noexcept { return context_.get(); }

    /// host: a connection must also find the server's host name or address in its certificate.
    [[nodiscard]] identity_check identity() const noexcept { return identity_; }

private:
    struct context_deleter {
        void operator()(SSL_CTX* context) const noexcept;
    };

    using owned_context = std::unique_ptr<SSL_CTX, context_deleter>;

    tls_context(owned_context context, identity_check identity) noexcept;

    owned_context context_;
    identity_check identity_;
};

}  // namespace weir::net
