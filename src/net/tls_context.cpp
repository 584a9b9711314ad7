#include "src/net/tls_context.hpp"

#include "src/net/tls_error.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>

#include <cerrno>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

namespace weir::net {

namespace {

/// A wrong file costs an operator time; the file and OpenSSL's or the system's reason save it.
setup_error file_error(std::string_view key, const std::string& file) {
    const auto reason = take_tls_error();
    return {std::string(key) + " " + file + ": " + reason.message()};
}

int native_version(config::tls_version version) noexcept {
    switch (version) {
        case config::tls_version::tls_1_2: return TLS1_2_VERSION;
        case config::tls_version::tls_1_3: return TLS1_3_VERSION;
    }
    return TLS1_3_VERSION;
}

/// What both sides of the proxy want of every connection.
void set_common_rules(SSL_CTX* context, config::tls_version minimum) noexcept {
    SSL_CTX_set_min_proto_version(context, native_version(minimum));
    // RELEASE_BUFFERS: an idle connection holds no record buffer. The write modes let a blocked
    // write be tried again from another address and report what was taken so far.
    SSL_CTX_set_mode(
        context,
        SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE |
            SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER
    );
    // One recv for a whole record, and for all records that are there, instead of two for each.
    SSL_CTX_set_read_ahead(context, 1);
    // NO_RENEGOTIATION: a peer could make us do handshakes for ever. IGNORE_UNEXPECTED_EOF: most
    // MySQL clients just close; truncation is found by the packets' own lengths. NO_COMPRESSION is
    // OpenSSL's default.
    SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_IGNORE_UNEXPECTED_EOF);
}

/// Empty on success.
std::string load_certificate(SSL_CTX* context, const std::string& cert, const std::string& key) {
    ERR_clear_error();
    if (SSL_CTX_use_certificate_chain_file(context, cert.c_str()) != 1)
        return file_error("cert", cert).message;
    if (SSL_CTX_use_PrivateKey_file(context, key.c_str(), SSL_FILETYPE_PEM) != 1) {
        return file_error("key", key).message;
    }
    if (SSL_CTX_check_private_key(context) != 1) return file_error("key", key).message;
    return {};
}

/// Empty on success.
std::string load_authorities(SSL_CTX* context, const std::string& ca) {
    ERR_clear_error();
    if (SSL_CTX_load_verify_file(context, ca.c_str()) != 1) return file_error("ca", ca).message;
    return {};
}

}  // namespace

tls_context::tls_context(owned_context context, identity_check identity) noexcept
    : context_(std::move(context)), identity_(identity) {}

void tls_context::context_deleter::operator()(SSL_CTX* context) const noexcept {
    SSL_CTX_free(context);
}

setup_result<std::shared_ptr<const tls_context>> tls_context::for_clients(
    const config::client_tls_settings& settings
) {
    owned_context context(SSL_CTX_new(TLS_server_method()));
    if (context == nullptr) return setup_error{take_tls_error().message()};
    set_common_rules(context.get(), settings.minimum_version);
    if (auto why = load_certificate(context.get(), settings.cert, settings.key); !why.empty()) {
        return setup_error{std::move(why)};
    }
    // Clients resume with tickets, which need no memory of ours and no lock between workers; one
    // per login is enough.
    SSL_CTX_set_session_cache_mode(context.get(), SSL_SESS_CACHE_OFF);
    SSL_CTX_set_num_tickets(context.get(), 1);
    // The client chooses among what both accept: it knows whether its processor does AES. Old ones
    // know no elliptic curves and need parameters for Diffie-Hellman, as servers have them.
    SSL_CTX_set_dh_auto(context.get(), 1);
    // CLEANSE_PLAINTEXT: clients' passwords come inside, and OpenSSL's buffers are not wiped else.
    SSL_CTX_set_options(context.get(), SSL_OP_CLEANSE_PLAINTEXT);
    if (!settings.ca.empty()) {
        if (auto why = load_authorities(context.get(), settings.ca); !why.empty()) {
            return setup_error{std::move(why)};
        }
        SSL_CTX_set_verify(
            context.get(), SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr
        );
        SSL_CTX_set_client_CA_list(context.get(), SSL_load_client_CA_file(settings.ca.c_str()));
        // A resumed session must have been verified by the same rules: OpenSSL refuses resumption
        // without a context id.
        static constexpr unsigned char session_context[] = "weir clients";
        SSL_CTX_set_session_id_context(context.get(), session_context, sizeof session_context - 1);
    }
    return std::shared_ptr<const tls_context>(
        new tls_context(std::move(context), identity_check::none)
    );
}

setup_result<std::shared_ptr<const tls_context>> tls_context::for_servers(
    const config::server_tls_settings& settings
) {
    owned_context context(SSL_CTX_new(TLS_client_method()));
    if (context == nullptr) return setup_error{take_tls_error().message()};
    set_common_rules(context.get(), settings.minimum_version);
    // Server connections live long and are reused by us; a resumption cache would save little and
    // need a lock.
    SSL_CTX_set_session_cache_mode(context.get(), SSL_SESS_CACHE_OFF);
    if (!settings.cert.empty()) {
        if (auto why = load_certificate(context.get(), settings.cert, settings.key); !why.empty()) {
            return setup_error{std::move(why)};
        }
    }
    const bool verifies = settings.mode == config::server_tls_mode::verify_ca ||
                          settings.mode == config::server_tls_mode::verify_identity;
    if (verifies) {
        if (auto why = load_authorities(context.get(), settings.ca); !why.empty()) {
            return setup_error{std::move(why)};
        }
        SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER, nullptr);
    }
    const auto identity = settings.mode == config::server_tls_mode::verify_identity
                              ? identity_check::host
                              : identity_check::none;
    return std::shared_ptr<const tls_context>(new tls_context(std::move(context), identity));
}

}  // namespace weir::net
