#pragma once

#include "config/schema/proxy_settings.hpp"

#include <boost/asio/ip/address.hpp>

#include <cstdint>
#include <string>

struct sockaddr;

namespace weir::net {

/// Who is at the other end of a socket. A Unix socket's peer has no address worth naming.
struct peer_address {
    config::endpoint::kind kind = config::endpoint::kind::tcp;
    boost::asio::ip::address address;  ///< tcp only; IPv4 even if the listener is IPv6
    std::uint16_t port = 0;            ///< tcp only
    friend bool operator==(const peer_address&, const peer_address&) = default;
};

/// From what accept4() or getpeername() filled in.
[[nodiscard]] peer_address make_peer_address(const sockaddr& native) noexcept;

/// `192.0.2.1:4711`, `[2001:db8::1]:4711` or `unix`.
[[nodiscard]] std::string to_string(const peer_address& peer);

/// `127.0.0.1:6033`, `[::1]:6033` or `unix:/run/weir.sock`: as in the configuration.
[[nodiscard]] std::string to_string(const config::endpoint& endpoint);

}  // namespace weir::net
