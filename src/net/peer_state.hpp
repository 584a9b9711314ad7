#pragma once

#include "src/net/stream.hpp"

#include <cstdint>

namespace weir::net {

/// What can be seen of a connection's other side without reading from it.
enum class peer_state : std::uint8_t {
    quiet,     ///< there, and nothing of it waits to be read
    has_sent,  ///< bytes wait to be read; what is behind them is not known
    closed,    ///< it has closed, and nothing of it waits but perhaps TLS's farewell
};

/// Looks at the socket: one system call, a second one for TLS if bytes wait. Errors of the
/// connection count as closed. A peer that only shut down its sending side cannot be told from one
/// that is gone.
[[nodiscard]] peer_state look_at_peer(const stream& connection) noexcept;

/// True if the other side will send no more, whatever of it waits to be read. One system call.
[[nodiscard]] bool has_hung_up(const stream& connection) noexcept;

}  // namespace weir::net
