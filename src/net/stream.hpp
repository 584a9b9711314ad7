#pragma once

#include "config/schema/proxy_settings.hpp"
#include "protocol/wire/result.hpp"
#include "src/net/byte_socket.hpp"
#include "src/net/deadline_guard.hpp"
#include "src/net/native_address.hpp"
#include "src/net/peer_address.hpp"
#include "src/net/readiness.hpp"
#include "src/net/tls_context.hpp"
#include "src/net/tls_session.hpp"
#include "src/net/unique_descriptor.hpp"

#include <boost/asio/async_result.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace weir::net {

/// A byte stream to one peer: TCP or Unix, plain or TLS, upgradable in place.
///
/// Reads and writes are attempted at once and never block; waiting is a separate step without a
/// buffer. The order on the query path is: wait, read until the message is complete, write the
/// answer, wait. A wait costs no system call if the last read found the socket empty or, for TCP,
/// had room to spare and something was written since (readiness.hpp says why); otherwise one. In
/// the second case one thing can go unseen: that the peer stopped sending, in the same moment as
/// its last bytes, but has not closed. Whoever waits without a deadline calls `look_again` after a
/// while.
///
/// At most one wait, or one coroutine's, per direction at a time. `close` ends them with
/// operation_aborted; the stream must outlive its coroutines (not its waits). Owner: a session or a
/// backend connection. Thread: its worker.
class stream {
public:
    explicit stream(boost::asio::io_context& context);
    /// Closes.
    ~stream();
    stream(const stream&) = delete;
    stream& operator=(const stream&) = delete;

    /// Takes over a connected, non-blocking socket. What was open is closed first.
    [[nodiscard]] error_code adopt(unique_descriptor native, peer_address peer);

    /// Connects to the first address of `to` that answers before the deadline, else the last one's
    /// error or timed_out. Names are resolved (numeric addresses without asking anybody). What was
    /// open is closed first.
    [[nodiscard]] boost::asio::awaitable<error_code> connect(
        config::endpoint to, config::socket_settings options, time_point deadline
    );

    /// Bytes read, at least 1 unless `error` is set: would_block (then wait), eof (the peer will
    /// send no more), or what broke the connection. `into` is not empty.
    std::size_t read_some(std::span<std::byte> into, error_code& error) noexcept;

    /// Bytes taken, perhaps fewer than given; 0 only with `error` (would_block: then wait) or an
    /// empty `from`. After would_block the next write must start with the same bytes and be no
    /// shorter: TLS may have encrypted them already.
    std::size_t write_some(std::span<const std::byte> from, error_code& error) noexcept;

    /// Completes with `void(error_code)` when a read should be tried, never from within this call.
    /// Spurious completions happen. operation_aborted: cancelled or closed; bad_descriptor: not
    /// open.
    template <class Token>
    auto async_wait_readable(Token&& token);

    /// The same for writes: to be called after would_block or a partial write.
    template <class Token>
    auto async_wait_writable(Token&& token);

    /// TLS from the next byte on, as its server. The login must have read exactly up to the TLS
    /// request, so that the socket holds nothing but the handshake. Errors: timed_out,
    /// tls_category, certificate_category, the kernel's. After an error only `close` makes sense.
    [[nodiscard]] boost::asio::awaitable<error_code> start_tls_server(
        std::shared_ptr<const tls_context> context, time_point deadline
    );
    /// The same as its client; `host` is the name or address that the certificate must carry under
    /// verify_identity.
    [[nodiscard]] boost::asio::awaitable<error_code> start_tls_client(
        std::shared_ptr<const tls_context> context, std::string host, time_point deadline
    );

    [[nodiscard]] bool is_tls() const noexcept { return tls_ != nullptr; }

    /// What was agreed; empty without TLS or before the handshake is over.
    [[nodiscard]] std::optional<tls_facts> tls() const;

    [[nodiscard]] bool is_open() const noexcept { return socket_.is_open(); }

    [[nodiscard]] int native_handle() const noexcept { return socket_.native(); }

    [[nodiscard]] const peer_address& peer() const noexcept { return peer_; }

    [[nodiscard]] boost::asio::io_context& context() const noexcept { return context_; }

    /// Tells the peer that nothing more will be sent (TLS: close_notify first). Reading goes on.
    void shutdown_write() noexcept;
    /// Ends pending waits with operation_aborted and leaves the stream open.
    void cancel() noexcept;

    /// For a wait to read that has lasted: if the peer may have stopped sending without an event to
    /// show for it, ends the wait with operation_aborted, and a read then tells. Costs nothing
    /// else, and happens at most once between two reads.
    void look_again() noexcept;
    /// Idempotent; sends close_notify if that takes no waiting.
    void close() noexcept;

    /// The same without close_notify. A server that is busy looks whether its client is still
    /// there, and would take the unread farewell for a sign of life.
    void abandon() noexcept;

private:
    struct initiate_wait;

    enum class purpose : std::uint8_t { to_read, to_write };

    template <class Handler>
    void start_wait(purpose what, Handler handler);

    [[nodiscard]] boost::asio::awaitable<error_code> connect_to(
        native_address address, config::socket_settings options
    );
    [[nodiscard]] boost::asio::awaitable<error_code> handshake(time_point deadline);

    boost::asio::io_context& context_;
    byte_socket socket_;
    readiness readiness_;               ///< after socket_: stops watching before the socket closes
    std::unique_ptr<tls_session> tls_;  ///< refers to socket_
    peer_address peer_;
};

struct stream::initiate_wait {
    stream* self;
    purpose what;

    template <class Handler>
    void operator()(Handler&& handler) const {
        self->start_wait(what, std::forward<Handler>(handler));
    }
};

template <class Token>
auto stream::async_wait_readable(Token&& token) {
    return boost::asio::async_initiate<Token, void(error_code)>(
        initiate_wait{this, purpose::to_read}, token
    );
}

template <class Token>
auto stream::async_wait_writable(Token&& token) {
    return boost::asio::async_initiate<Token, void(error_code)>(
        initiate_wait{this, purpose::to_write}, token
    );
}

template <class Handler>
void stream::start_wait(purpose what, Handler handler) {
    auto direction = what == purpose::to_read ? wait_direction::read : wait_direction::write;
    if (tls_ != nullptr) {
        if (what == purpose::to_read && tls_->has_buffered_input()) {
            boost::asio::post(
                context_, boost::asio::detail::bind_handler(std::move(handler), error_code())
            );
            return;
        }
        direction = what == purpose::to_read ? tls_->read_needs() : tls_->write_needs();
    }
    const auto knowledge =
        direction == wait_direction::read ? socket_.read_knowledge() : socket_.write_knowledge();
    readiness_.async_wait(direction, knowledge, std::move(handler));
}

}  // namespace weir::net
