#pragma once

#include "protocol/wire/bytes_view.hpp"
#include "protocol/wire/result.hpp"
#include "protocol/wire/wiping_allocator.hpp"
#include "src/net/deadline_guard.hpp"
#include "src/net/stream.hpp"
#include "src/proxy/client_compression.hpp"

#include <boost/asio/awaitable.hpp>

#include <cstdint>

namespace weir::proxy {

/// One packet of a login, read to its last byte and not one further: TLS may follow on the same
/// socket.
struct login_packet {
    protocol::wire::wiped_bytes payload;
    std::uint8_t sequence = 0;

    [[nodiscard]] protocol::wire::bytes_view view() const noexcept {
        return std::span<const std::byte>(payload);
    }
};

/// `compression`: of a conversation that is compressed already, or null. Errors: those of
/// net::read_exactly and client_compression; packet_too_large above 64 KiB, which no login needs;
/// unexpected_packet if more has come in its compressed frame.
[[nodiscard]] boost::asio::awaitable<result<login_packet>> read_login_packet(
    net::stream& from, net::time_point deadline, client_compression* compression = nullptr
);

}  // namespace weir::proxy
