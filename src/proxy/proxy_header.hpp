#pragma once

#include "config/schema/proxy_settings.hpp"
#include "protocol/proxy_protocol/header.hpp"
#include "protocol/wire/result.hpp"
#include "src/net/deadline_guard.hpp"
#include "src/net/peer_address.hpp"
#include "src/net/stream.hpp"

#include <boost/asio/awaitable.hpp>

#include <string>
#include <vector>

namespace weir::proxy {

/// The PROXY header that tells a server who its client is.
[[nodiscard]] protocol::proxy_protocol::header header_for(
    const net::peer_address& client, const config::endpoint& server
);

/// Is this peer in one of the networks (CIDR form) whose PROXY headers are believed?
[[nodiscard]] bool is_in(const net::peer_address& peer, const std::vector<std::string>& networks);

/// Reads a PROXY header, to its last byte and not further. The client's address; the peer's own if
/// the header names none.
[[nodiscard]] boost::asio::awaitable<result<net::peer_address>> read_proxy_header(
    net::stream& from, net::time_point deadline
);

}  // namespace weir::proxy
