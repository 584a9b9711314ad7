#pragma once

#include "protocol/wire/result.hpp"
#include "src/net/stream.hpp"
#include "src/proxy/backend_connection.hpp"
#include "src/proxy/login_packet.hpp"

#include <boost/asio/awaitable.hpp>

#include <string>

namespace weir::proxy {

/// One COM_QUERY of our own and the one packet that answers it, on a connection that nobody else
/// uses meanwhile.
[[nodiscard]] boost::asio::awaitable<result<login_packet>> ask_briefly(
    backend_connection& with, std::string text, net::time_point deadline
);

}  // namespace weir::proxy
