#include "src/net/tls_session.hpp"

#include "protocol/wire/ensure.hpp"
#include "src/net/tls_error.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/ip/address.hpp>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

namespace weir::net {

/// OpenSSL reads and writes through the byte_socket instead of its own socket BIO, for two reasons:
/// that one writes without MSG_NOSIGNAL, and the byte_socket has to see every read to know how to
/// wait.
struct tls_session::transport {
    static tls_session& of(BIO* bio) { return *static_cast<tls_session*>(BIO_get_data(bio)); }

    static int finish(BIO* bio, std::size_t transferred, const error_code& error, int retry_flag) {
        BIO_clear_retry_flags(bio);
        if (!error) return static_cast<int>(transferred);
        if (error == boost::asio::error::would_block) {
            BIO_set_flags(bio, retry_flag | BIO_FLAGS_SHOULD_RETRY);
            return -1;
        }
        if (error == boost::asio::error::eof) {
            BIO_set_flags(bio, BIO_FLAGS_IN_EOF);
            return 0;
        }
        of(bio).transport_error_ = error;
        return -1;
    }

    static int read(BIO* bio, char* into, int size) {
        if (size <= 0) return 0;
        error_code error;
        const std::span area(into, static_cast<std::size_t>(size));
        const auto received = of(bio).socket_.read_some(std::as_writable_bytes(area), error);
        return finish(bio, received, error, BIO_FLAGS_READ);
    }

    static int write(BIO* bio, const char* from, int size) {
        if (size <= 0) return 0;
        error_code error;
        const std::span bytes(from, static_cast<std::size_t>(size));
        const auto sent = of(bio).socket_.write_some(std::as_bytes(bytes), error);
        return finish(bio, sent, error, BIO_FLAGS_WRITE);
    }

    static long control(BIO* bio, int command, long, void*) {
        if (command == BIO_CTRL_FLUSH) return 1;  // nothing is held back
        if (command == BIO_CTRL_EOF) return BIO_test_flags(bio, BIO_FLAGS_IN_EOF) != 0 ? 1 : 0;
        return 0;
    }

    static int create(BIO* bio) {
        BIO_set_init(bio, 1);
        return 1;
    }

    /// Shared by all sessions; made at the first use and never freed.
    static const BIO_METHOD* method() {
        static const BIO_METHOD* const made = make_method();
        return made;
    }

private:
    static const BIO_METHOD* make_method() {
        auto* const made =
            BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "weir byte_socket");
        WEIR_ENSURE(made != nullptr);
        BIO_meth_set_read(made, &read);
        BIO_meth_set_write(made, &write);
        BIO_meth_set_ctrl(made, &control);
        BIO_meth_set_create(made, &create);
        return made;
    }
};

namespace {

/// SSL_set_tlsext_host_name() without its C cast; OpenSSL copies the name.
bool send_server_name(SSL* ssl, const std::string& host) {
    void* const name = const_cast<char*>(host.c_str());
    return SSL_ctrl(ssl, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name, name) == 1;
}

}  // namespace

void tls_session::ssl_deleter::operator()(SSL* ssl) const noexcept {
    SSL_free(ssl);
}

tls_session::~tls_session() = default;

std::unique_ptr<tls_session> tls_session::make(const tls_context& context, byte_socket& socket) {
    std::unique_ptr<tls_session> session(new tls_session(socket));
    session->ssl_.reset(SSL_new(context.native()));
    BIO* const bio = BIO_new(transport::method());
    if (bio == nullptr || session->ssl_ == nullptr) {
        BIO_free(bio);
        return nullptr;
    }
    BIO_set_data(bio, session.get());
    SSL_set_bio(session->ssl_.get(), bio, bio);  // takes over the one reference
    return session;
}

std::unique_ptr<tls_session> tls_session::make_server(
    const tls_context& context, byte_socket& socket
) {
    auto session = make(context, socket);
    if (session) SSL_set_accept_state(session->ssl_.get());
    return session;
}

std::unique_ptr<tls_session> tls_session::make_client(
    const tls_context& context, byte_socket& socket, const std::string& host
) {
    auto session = make(context, socket);
    if (!session) return nullptr;
    auto* const ssl = session->ssl_.get();
    SSL_set_connect_state(ssl);

    error_code not_numeric;
    boost::asio::ip::make_address(host, not_numeric);
    const bool is_name = static_cast<bool>(not_numeric);
    // RFC 6066 s.3: addresses are not permitted as server names.
    if (is_name && !host.empty() && !send_server_name(ssl, host)) return nullptr;
    if (context.identity() == tls_context::identity_check::none) return session;

    SSL_set_hostflags(ssl, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    // An empty host would switch the check off; what was asked for cannot be had, so there is no
    // session.
    if (host.empty()) return nullptr;
    const int set = is_name ? SSL_set1_host(ssl, host.c_str())
                            : X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), host.c_str());
    if (set != 1) return nullptr;
    return session;
}

error_code tls_session::handshake() noexcept {
    ERR_clear_error();
    const int returned = SSL_do_handshake(ssl_.get());
    if (returned == 1) {
        established_ = true;
        read_blocked_ = false;
        return {};
    }
    const auto error = explain(returned, read_needs_);
    if (error == boost::asio::error::would_block) return error;
    const long verified = SSL_get_verify_result(ssl_.get());
    if (verified != X509_V_OK && SSL_get_verify_mode(ssl_.get()) != SSL_VERIFY_NONE) {
        return {static_cast<int>(verified), certificate_category()};
    }
    return error;
}

error_code tls_session::explain(int returned, wait_direction& needs) noexcept {
    switch (SSL_get_error(ssl_.get(), returned)) {
        case SSL_ERROR_WANT_READ:
            needs = wait_direction::read;
            return boost::asio::error::would_block;
        case SSL_ERROR_WANT_WRITE:
            needs = wait_direction::write;
            return boost::asio::error::would_block;
        case SSL_ERROR_ZERO_RETURN: return boost::asio::error::eof;
        default:
            break;  // SSL_ERROR_SYSCALL, SSL_ERROR_SSL; others do not happen without callbacks. Not
                    // an enum of ours.
    }
    if (transport_error_) {
        ERR_clear_error();
        return transport_error_;
    }
    if (ERR_peek_error() == 0) return boost::asio::error::eof;
    return take_tls_error();
}

std::size_t tls_session::read_some(std::span<std::byte> into, error_code& error) noexcept {
    WEIR_ENSURE(!into.empty());
    error = std::exchange(deferred_error_, {});
    if (error) return 0;
    std::size_t total = 0;
    do {
        std::size_t received = 0;
        ERR_clear_error();
        const int returned =
            SSL_read_ex(ssl_.get(), into.data() + total, into.size() - total, &received);
        if (returned != 1) {
            error = explain(returned, read_needs_);
            break;
        }
        total += received;
        // Further records that are already here are taken along; the socket is asked again only for
        // the rest of one.
    } while (total < into.size() && SSL_has_pending(ssl_.get()) == 1);

    read_blocked_ = error == boost::asio::error::would_block;
    if (!read_blocked_) read_needs_ = wait_direction::read;
    if (total == 0) return 0;
    // Bytes first: would_block is no news after them, and anything worse is told by the next read.
    if (!read_blocked_) deferred_error_ = error;
    error.clear();
    return total;
}

std::size_t tls_session::write_some(std::span<const std::byte> from, error_code& error) noexcept {
    error.clear();
    std::size_t total = 0;
    while (total < from.size()) {
        std::size_t sent = 0;
        ERR_clear_error();
        const int returned =
            SSL_write_ex(ssl_.get(), from.data() + total, from.size() - total, &sent);
        if (returned != 1) {
            error = explain(returned, write_needs_);
            break;
        }
        write_needs_ = wait_direction::write;
        total += sent;
    }
    // A failure after a success is met again by the next write: OpenSSL keeps it.
    if (total > 0) error.clear();
    return total;
}

void tls_session::notify_close() noexcept {
    // After a fatal error, or in the middle of a handshake, OpenSSL forbids it.
    if (!established_ || transport_error_) return;
    ERR_clear_error();
    SSL_shutdown(ssl_.get());
    ERR_clear_error();
}

bool tls_session::has_buffered_input() const noexcept {
    return established_ &&
           ((!read_blocked_ && SSL_has_pending(ssl_.get()) == 1) || deferred_error_.failed());
}

tls_facts tls_session::facts() const noexcept {
    return {SSL_get_version(ssl_.get()), SSL_get_cipher_name(ssl_.get())};
}

}  // namespace weir::net
