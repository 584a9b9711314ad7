#pragma once

#include "protocol/wire/result.hpp"
#include "src/net/byte_socket.hpp"
#include "src/net/readiness.hpp"
#include "src/net/tls_context.hpp"

#include <openssl/types.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace weir::net {

/// What both sides agreed on. Views into OpenSSL's tables: valid as long as the process.
struct tls_facts {
    std::string_view version;  ///< `TLSv1.2`, `TLSv1.3`
    std::string_view cipher;   ///< `TLS_AES_256_GCM_SHA384`
    friend bool operator==(const tls_facts&, const tls_facts&) = default;
};

/// TLS over a byte_socket: OpenSSL calls that never block. Reads the socket in pieces of a whole
/// buffer, so records may wait inside (`has_buffered_input`); frees its buffers when they are
/// empty. Owner: stream. Thread: its worker.
class tls_session {
public:
    /// `socket` outlives the session. Null if OpenSSL cannot allocate.
    [[nodiscard]] static std::unique_ptr<tls_session> make_server(
        const tls_context& context, byte_socket& socket
    );
    /// `host`: sent as server name if it is one, and checked if the context says so.
    [[nodiscard]] static std::unique_ptr<tls_session> make_client(
        const tls_context& context, byte_socket& socket, const std::string& host
    );
    ~tls_session();
    tls_session(const tls_session&) = delete;
    tls_session& operator=(const tls_session&) = delete;

    /// Success: done. would_block: call again after the wait that `read_needs` names.
    [[nodiscard]] error_code handshake() noexcept;

    [[nodiscard]] bool is_established() const noexcept { return established_; }

    std::size_t read_some(std::span<std::byte> into, error_code& error) noexcept;
    std::size_t write_some(std::span<const std::byte> from, error_code& error) noexcept;

    /// Sends close_notify if that does not block.
    void notify_close() noexcept;

    /// A read may succeed without a new event of the socket.
    [[nodiscard]] bool has_buffered_input() const noexcept;

    /// What the last blocked read (or handshake) or write waits for: TLS may have to write in order
    /// to read.
    [[nodiscard]] wait_direction read_needs() const noexcept { return read_needs_; }

    [[nodiscard]] wait_direction write_needs() const noexcept { return write_needs_; }

    [[nodiscard]] tls_facts facts() const noexcept;

private:
    struct ssl_deleter {
        void operator()(SSL* ssl) const noexcept;
    };
    struct transport;  ///< the BIO's functions

    explicit tls_session(byte_socket& socket) noexcept : socket_(socket) {}

    static std::unique_ptr<tls_session> make(const tls_context& context, byte_socket& socket);
    /// Why an OpenSSL call returned `returned` <= 0; sets `needs` if it is would_block.
    error_code explain(int returned, wait_direction& needs) noexcept;

    byte_socket& socket_;
    std::unique_ptr<SSL, ssl_deleter> ssl_;
    error_code transport_error_;  ///< of the socket call that made OpenSSL fail
    error_code deferred_error_;   ///< met after bytes that had to be returned first
    wait_direction read_needs_ = wait_direction::read;
    wait_direction write_needs_ = wait_direction::write;
    bool established_ = false;
    bool read_blocked_ =
        false;  ///< the last read needs an event: what is buffered is no whole record
};

}  // namespace weir::net
