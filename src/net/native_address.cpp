#include "src/net/native_address.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/error.hpp>
#include <boost/system/errc.hpp>

#include <sys/un.h>

#include <cstring>
#include <string>
#include <utility>

namespace weir::net {

namespace asio = boost::asio;
using asio::ip::tcp;

const sockaddr* native_address::get() const noexcept {
    return reinterpret_cast<const sockaddr*>(&bytes);  // the socket interface's own convention
}

native_address make_native_address(const tcp::endpoint& endpoint) noexcept {
    native_address native;
    std::memcpy(&native.bytes, endpoint.data(), endpoint.size());
    native.size = static_cast<socklen_t>(endpoint.size());
    native.peer = make_peer_address(*native.get());
    return native;
}

result<native_address> make_unix_address(const std::string& path) noexcept {
    sockaddr_un name{};
    name.sun_family = AF_UNIX;
    // One byte stays for the terminating zero.
    if (path.empty() || path.size() >= sizeof name.sun_path) {
        return error_code(
            boost::system::errc::make_error_code(boost::system::errc::filename_too_long)
        );
    }
    std::memcpy(name.sun_path, path.data(), path.size());
    native_address native;
    std::memcpy(&native.bytes, &name, sizeof name);
    native.size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + path.size() + 1);
    native.peer.kind = config::endpoint::kind::unix_socket;
    return native;
}

result<std::optional<native_address>> numeric_address(const config::endpoint& endpoint) noexcept {
    if (endpoint.what == config::endpoint::kind::unix_socket) {
        const auto native = make_unix_address(endpoint.path);
        if (!native) return native.error();
        return std::optional(*native);
    }
    error_code not_numeric;
    const auto address = asio::ip::make_address(endpoint.host, not_numeric);
    if (not_numeric) return std::optional<native_address>();
    return std::optional(make_native_address(tcp::endpoint(address, endpoint.port)));
}

asio::awaitable<result<std::vector<native_address>>> resolve(
    asio::io_context& context, config::endpoint endpoint, time_point deadline
) {
    const auto numeric = numeric_address(endpoint);
    if (!numeric) co_return numeric.error();
    if (numeric->has_value()) co_return std::vector<native_address>{**numeric};

    tcp::resolver resolver(context);
    const deadline_guard guard(context, deadline, [&resolver] { resolver.cancel(); });
    const auto port = std::to_string(endpoint.port);
    const auto flags = tcp::resolver::numeric_service;
    const auto answer =
        co_await resolver.async_resolve(endpoint.host, port, flags, asio::as_tuple(asio::deferred));
    const auto& [error, entries] = answer;
    if (guard.expired()) co_return error_code(asio::error::timed_out);
    if (error) co_return error;

    std::vector<native_address> addresses;
    for (const auto& entry : entries)
        addresses.push_back(make_native_address(entry.endpoint()));
    co_return addresses;
}

}  // namespace weir::net
