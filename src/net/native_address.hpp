#pragma once

#include "config/schema/proxy_settings.hpp"
#include "protocol/wire/result.hpp"
#include "src/net/deadline_guard.hpp"
#include "src/net/peer_address.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <sys/socket.h>

#include <optional>
#include <vector>

namespace weir::net {

/// An address as the kernel takes it, and the same in our words.
struct native_address {
    sockaddr_storage bytes{};
    socklen_t size = 0;
    peer_address peer;

    [[nodiscard]] const sockaddr* get() const noexcept;
};

[[nodiscard]] native_address make_native_address(const boost::asio::ip::tcp::endpoint& endpoint
) noexcept;

/// filename_too_long if the path does not fit into a sockaddr_un.
[[nodiscard]] result<native_address> make_unix_address(const std::string& path) noexcept;

/// The addresses of an endpoint that is no name: at once. Empty: it is a name, to be resolved.
/// Errors: see make_unix_address.
[[nodiscard]] result<std::optional<native_address>> numeric_address(const config::endpoint& endpoint
) noexcept;

/// All addresses of an endpoint, in the system's order of preference. Errors: the resolver's,
/// timed_out, make_unix_address's.
[[nodiscard]] boost::asio::awaitable<result<std::vector<native_address>>> resolve(
    boost::asio::io_context& context, config::endpoint endpoint, time_point deadline
);

}  // namespace weir::net
