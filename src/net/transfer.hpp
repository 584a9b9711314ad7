#pragma once

#include "protocol/wire/result.hpp"
#include "src/net/stream.hpp"

#include <boost/asio/awaitable.hpp>

#include <cstddef>
#include <span>

namespace weir::net {

// Whole transfers for the control path: login, probes, PROXY headers. Each ends with success,
// timed_out, eof (also in the middle), operation_aborted (cancelled or closed) or what broke the
// connection. The stream and the bytes outlive them.

/// Reads exactly `into.size()` bytes and not one more: a login reads each packet's header, then its
/// payload, so that nothing of a following TLS handshake is taken from the socket.
[[nodiscard]] boost::asio::awaitable<error_code> read_exactly(
    stream& from, std::span<std::byte> into, time_point deadline
);

/// Writes all of `bytes`.
[[nodiscard]] boost::asio::awaitable<error_code> write_all(
    stream& to, std::span<const std::byte> bytes, time_point deadline
);

/// Waits until a read should be tried.
[[nodiscard]] boost::asio::awaitable<error_code> wait_readable(stream& from, time_point deadline);

}  // namespace weir::net
