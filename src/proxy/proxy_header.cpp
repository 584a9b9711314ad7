#include "src/proxy/proxy_header.hpp"

#include "src/net/transfer.hpp"

#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/network_v4.hpp>
#include <boost/asio/ip/network_v6.hpp>

#include <algorithm>
#include <array>

namespace weir::proxy {

namespace ip = boost::asio::ip;
namespace proxy_protocol = protocol::proxy_protocol;

namespace {

void store(const ip::address& from, proxy_protocol::address& into) {
    const auto copy = [&](const auto& bytes) {
        std::ranges::transform(bytes, into.bytes.begin(), [](unsigned char byte) {
            return std::byte{byte};
        });
    };
    if (from.is_v4()) {
        copy(from.to_v4().to_bytes());
    } else {
        copy(from.to_v6().to_bytes());
    }
}

net::peer_address peer_of(
    const proxy_protocol::header& header, const net::peer_address& connection
) {
    if (header.local || header.family == proxy_protocol::address_family::unspecified)
        return connection;
    net::peer_address peer = connection;
    peer.kind = config::endpoint::kind::tcp;
    peer.port = header.source.port;
    const auto number = [](std::byte byte) { return std::to_integer<unsigned char>(byte); };
    if (header.family == proxy_protocol::address_family::ipv4) {
        ip::address_v4::bytes_type bytes{};
        std::transform(
            header.source.bytes.begin(), header.source.bytes.begin() + 4, bytes.begin(), number
        );
        peer.address = ip::address_v4(bytes);
    } else {
        ip::address_v6::bytes_type bytes{};
        std::ranges::transform(header.source.bytes, bytes.begin(), number);
        peer.address = ip::address_v6(bytes);
    }
    return peer;
}

bool contains(const std::string& network, const ip::address& address) {
    boost::system::error_code error;
    if (address.is_v4()) {
        const auto v4 = ip::make_network_v4(network, error);
        if (error) return false;
        return ip::network_v4(address.to_v4(), v4.prefix_length()).canonical() == v4.canonical();
    }
    const auto v6 = ip::make_network_v6(network, error);
    if (error) return false;
    return ip::network_v6(address.to_v6(), v6.prefix_length()).canonical() == v6.canonical();
}

}  // namespace

proxy_protocol::header header_for(const net::peer_address& client, const config::endpoint& server) {
    proxy_protocol::header header;
    if (client.kind == config::endpoint::kind::unix_socket) return header;
    header.family = client.address.is_v4() ? proxy_protocol::address_family::ipv4
                                           : proxy_protocol::address_family::ipv6;
    store(client.address, header.source);
    header.source.port = client.port;
    header.destination.port = server.port;
    // The address that the client reached is ours; servers only look at the source. Any of its
    // family will do.
    boost::system::error_code error;
    const auto target = ip::make_address(server.host, error);
    if (!error && target.is_v4() == client.address.is_v4()) store(target, header.destination);
    return header;
}

bool is_in(const net::peer_address& peer, const std::vector<std::string>& networks) {
    if (peer.kind != config::endpoint::kind::tcp) return false;
    return std::ranges::any_of(networks, [&](const std::string& network) {
        return contains(network, peer.address);
    });
}

boost::asio::awaitable<result<net::peer_address>> read_proxy_header(
    net::stream& from, net::time_point deadline
) {
    // Byte by byte: the header's length shows only in its text, and what follows may be a TLS
    // handshake.
    std::vector<std::byte> received;
    while (true) {
        std::array<std::byte, 1> next{};
        const error_code error = co_await net::read_exactly(from, next, deadline);
        if (error) co_return error;
        received.push_back(next[0]);
        const auto header = proxy_protocol::decode(std::span<const std::byte>(received));
        if (!header) co_return header.error();
        if (*header) co_return peer_of((*header)->value, from.peer());
    }
}

}  // namespace weir::proxy
