#pragma once

#include "replication_monitor/model/server_id.hpp"
#include "splitter/relay/small_result.hpp"
#include "src/net/deadline_guard.hpp"
#include "src/proxy/backend_connection.hpp"

#include <boost/asio/awaitable.hpp>

#include <optional>
#include <string_view>

namespace weir::proxy {

class proxy_worker;

// A worker's own questions to servers, in the monitor's name.

/// A connection of its own: not held to the limits of clients' connections, like the monitor's.
/// Null: in vain.
[[nodiscard]] boost::asio::awaitable<backend_connection_pointer> connect_as_monitor(
    proxy_worker& worker, replication_monitor::server_id server, net::time_point deadline
);

/// The whole answer to a query, which is known to be small; one of an error has no rows. Nothing:
/// the connection is of no further use.
[[nodiscard]] boost::asio::awaitable<std::optional<splitter::small_result>> ask_small(
    backend_connection_pointer with, std::string_view text, net::time_point deadline
);

}  // namespace weir::proxy
