// How much a read tells about what is left, and why it matters: see readiness.hpp for the rule,
// here for its sources.
//
// - would_block: nothing is left. Certain.
// - A TCP read that got less than it had room for: no byte is left (epoll(7)). An end or a reset
//   that arrived in the same event as the bytes does not show: the kernel tells of it with the next
//   call. (At TCP's urgent mark a read stops early; what is behind it is found like such an end.)
// - A write that succeeds after that shows that there was no reset: a reset connection refuses
//   writes. A peer that had closed answers the write with a reset, which is a new event. What is
//   still not known is whether the peer has only stopped sending (shutdown(SHUT_WR)) and waits for
//   the rest; whoever waits for long asks once (may_have_missed_end, stream::look_again). A query
//   path alternates reads and writes, so it nearly always ends up here.
// - Everything else (a full buffer, a Unix socket's short read, an error): unknown, and the wait
//   asks the kernel.
#include "src/net/byte_socket.hpp"

#include "protocol/wire/ensure.hpp"

#include <boost/asio/error.hpp>

#include <sys/socket.h>

#include <cerrno>
#include <utility>

namespace weir::net {

namespace {

/// What `errno` says, with would_block under one name.
error_code last_transfer_error() noexcept {
    if (errno == EAGAIN || errno == EWOULDBLOCK) return boost::asio::error::would_block;
    return {errno, boost::system::system_category()};
}

}  // namespace

void byte_socket::adopt(unique_descriptor native, config::endpoint::kind kind) noexcept {
    native_ = std::move(native);
    left_ = left_to_read::unknown;
    send_blocked_ = false;
    short_read_is_last_ = kind == config::endpoint::kind::tcp;
}

void byte_socket::close() noexcept {
    native_.reset();
}

std::size_t byte_socket::read_some(std::span<std::byte> into, error_code& error) noexcept {
    WEIR_ENSURE(!into.empty());
    left_ = left_to_read::unknown;
    ssize_t received = 0;
    do {
        received = ::recv(native_.get(), into.data(), into.size(), 0);
    } while (received < 0 && errno == EINTR);
    if (received > 0) {
        const auto count = static_cast<std::size_t>(received);
        if (short_read_is_last_ && count < into.size()) left_ = left_to_read::nothing_unless_closed;
        error.clear();
        return count;
    }
    error = received == 0 ? error_code(boost::asio::error::eof) : last_transfer_error();
    if (error == boost::asio::error::would_block) left_ = left_to_read::nothing;
    return 0;
}

std::size_t byte_socket::write_some(std::span<const std::byte> from, error_code& error) noexcept {
    error.clear();
    if (from.empty()) return 0;
    ssize_t sent = 0;
    do {
        sent = ::send(native_.get(), from.data(), from.size(), MSG_NOSIGNAL);
    } while (sent < 0 && errno == EINTR);
    if (sent < 0) {
        error = last_transfer_error();
        send_blocked_ = error == boost::asio::error::would_block;
        return 0;
    }
    // The kernel promises an event for the rest in both cases: it marks the socket when it takes
    // less than it was given.
    send_blocked_ = static_cast<std::size_t>(sent) < from.size();
    if (left_ == left_to_read::nothing_unless_closed)
        left_ = left_to_read::nothing_unless_half_closed;
    return static_cast<std::size_t>(sent);
}

wait_knowledge byte_socket::read_knowledge() const noexcept {
    const bool knows =
        left_ == left_to_read::nothing || left_ == left_to_read::nothing_unless_half_closed;
    return knows ? wait_knowledge::exhausted : wait_knowledge::nothing;
}

wait_knowledge byte_socket::write_knowledge() const noexcept {
    return send_blocked_ ? wait_knowledge::exhausted : wait_knowledge::nothing;
}

}  // namespace weir::net
