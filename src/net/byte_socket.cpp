// How much a read tells about what is left, and why it matters: see readiness.hpp for the rule,
// here for its sources.
//
// - would_block: nothing is left. Certain.
// - TCP_INQ (Linux 4.18): with the bytes, recvmsg() reports how many more there are, at least 1 if
// the peer has finished
//   sending. 0 means: neither bytes nor the end of the stream. What it does not show is a reset
//   that arrived in the same event as the bytes: the kernel delivers the bytes first and the reset
//   with the next call.
// - A write that succeeds after that shows that there was no reset: a reset connection refuses
// writes. A query path alternates
//   reads and writes, so it nearly always ends up certain without a call of its own.
// - Everything else (a full buffer, a Unix socket's short read, an error): unknown, and the wait
// asks the kernel.
#include "src/net/byte_socket.hpp"

#include "protocol/wire/ensure.hpp"
#include "src/net/socket_options.hpp"

#include <boost/asio/error.hpp>

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>
#include <utility>

namespace weir::net {

namespace {

/// What `errno` says, with would_block under one name.
error_code last_error() noexcept {
    if (errno == EAGAIN || errno == EWOULDBLOCK) return boost::asio::error::would_block;
    return {errno, boost::system::system_category()};
}

/// The number of bytes left that came with a message; -1 if none came.
int left_count(const msghdr& message) noexcept {
    const auto* const header = CMSG_FIRSTHDR(&message);
    if (header == nullptr || header->cmsg_level != IPPROTO_TCP || header->cmsg_type != TCP_CM_INQ)
        return -1;
    int left = -1;
    std::memcpy(&left, CMSG_DATA(header), sizeof left);
    return left;
}

}  // namespace

void byte_socket::adopt(unique_descriptor native, config::endpoint::kind kind) noexcept {
    native_ = std::move(native);
    left_ = left_to_read::unknown;
    send_blocked_ = false;
    counts_left_ = enable_left_count(native_.get(), kind);
}

void byte_socket::close() noexcept {
    native_.reset();
}

std::size_t byte_socket::read_some(std::span<std::byte> into, error_code& error) noexcept {
    WEIR_ENSURE(!into.empty());
    left_ = left_to_read::unknown;
    return counts_left_ ? read_counting(into, error) : read_plain(into, error);
}

std::size_t byte_socket::read_counting(std::span<std::byte> into, error_code& error) noexcept {
    iovec area{into.data(), into.size()};
    alignas(cmsghdr) char control[CMSG_SPACE(sizeof(int))];
    msghdr message{};
    message.msg_iov = &area;
    message.msg_iovlen = 1;
    message.msg_control = control;
    message.msg_controllen = sizeof control;

    ssize_t received = 0;
    do {
        received = ::recvmsg(native_.get(), &message, 0);
    } while (received < 0 && errno == EINTR);
    if (received > 0) {
        if (left_count(message) == 0) left_ = left_to_read::nothing_unless_reset;
        error.clear();
        return static_cast<std::size_t>(received);
    }
    error = received == 0 ? error_code(boost::asio::error::eof) : last_error();
    if (error == boost::asio::error::would_block) left_ = left_to_read::nothing;
    return 0;
}

std::size_t byte_socket::read_plain(std::span<std::byte> into, error_code& error) noexcept {
    ssize_t received = 0;
    do {
        received = ::recv(native_.get(), into.data(), into.size(), 0);
    } while (received < 0 && errno == EINTR);
    if (received > 0) {
        error.clear();
        return static_cast<std::size_t>(received);
    }
    error = received == 0 ? error_code(boost::asio::error::eof) : last_error();
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
        error = last_error();
        send_blocked_ = error == boost::asio::error::would_block;
        return 0;
    }
    // The kernel promises an event for the rest in both cases: it marks the socket when it takes
    // less than it was given.
    send_blocked_ = static_cast<std::size_t>(sent) < from.size();
    if (left_ == left_to_read::nothing_unless_reset) left_ = left_to_read::nothing;
    return static_cast<std::size_t>(sent);
}

wait_knowledge byte_socket::read_knowledge() const noexcept {
    return left_ == left_to_read::nothing ? wait_knowledge::exhausted : wait_knowledge::nothing;
}

wait_knowledge byte_socket::write_knowledge() const noexcept {
    return send_blocked_ ? wait_knowledge::exhausted : wait_knowledge::nothing;
}

}  // namespace weir::net
