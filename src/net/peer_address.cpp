#include "src/net/peer_address.hpp"

#include <boost/asio/ip/address_v4.hpp>
#include <boost/asio/ip/address_v6.hpp>

#include <netinet/in.h>
#include <sys/socket.h>

#include <cstring>

namespace weir::net {

namespace {

namespace ip = boost::asio::ip;

ip::address plain_address(const sockaddr_in6& native) noexcept {
    ip::address_v6::bytes_type bytes;
    std::memcpy(bytes.data(), &native.sin6_addr, bytes.size());
    const ip::address_v6 address(bytes, native.sin6_scope_id);
    // A client that reaches an IPv6 listener over IPv4 is the same client: accounts and networks
    // are written as IPv4.
    if (address.is_v4_mapped()) return ip::make_address_v4(ip::v4_mapped, address);
    return address;
}

std::string host_and_port(const std::string& host, std::uint16_t port) {
    const bool needs_brackets = host.find(':') != std::string::npos;
    return (needs_brackets ? "[" + host + "]" : host) + ":" + std::to_string(port);
}

}  // namespace

peer_address make_peer_address(const sockaddr& native) noexcept {
    peer_address peer;
    if (native.sa_family == AF_INET) {
        sockaddr_in four{};
        std::memcpy(&four, &native, sizeof four);
        peer.address = ip::address_v4(ntohl(four.sin_addr.s_addr));
        peer.port = ntohs(four.sin_port);
    } else if (native.sa_family == AF_INET6) {
        sockaddr_in6 six{};
        std::memcpy(&six, &native, sizeof six);
        peer.address = plain_address(six);
        peer.port = ntohs(six.sin6_port);
    } else {
        peer.kind = config::endpoint::kind::unix_socket;
    }
    return peer;
}

std::string to_string(const peer_address& peer) {
    if (peer.kind == config::endpoint::kind::unix_socket) return "unix";
    return host_and_port(peer.address.to_string(), peer.port);
}

std::string to_string(const config::endpoint& endpoint) {
    if (endpoint.what == config::endpoint::kind::unix_socket) return "unix:" + endpoint.path;
    return host_and_port(endpoint.host, endpoint.port);
}

}  // namespace weir::net
