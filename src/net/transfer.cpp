#include "src/net/transfer.hpp"

#include "src/net/deadline_guard.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/error.hpp>

#include <tuple>

namespace weir::net {

namespace asio = boost::asio;

asio::awaitable<error_code> read_exactly(
    stream& from, std::span<std::byte> into, time_point deadline
) {
    const deadline_guard guard(from.context(), deadline, [&from] { from.cancel(); });
    while (!into.empty()) {
        error_code error;
        const auto received = from.read_some(into, error);
        into = into.subspan(received);
        if (!error) continue;
        if (error != asio::error::would_block) co_return error;
        const auto waited = co_await from.async_wait_readable(asio::as_tuple(asio::deferred));
        const auto failure = std::get<0>(waited);
        if (guard.expired()) co_return error_code(asio::error::timed_out);
        if (failure) co_return failure;
    }
    co_return error_code();
}

asio::awaitable<error_code> write_all(
    stream& to, std::span<const std::byte> bytes, time_point deadline
) {
    const deadline_guard guard(to.context(), deadline, [&to] { to.cancel(); });
    while (!bytes.empty()) {
        error_code error;
        const auto sent = to.write_some(bytes, error);
        bytes = bytes.subspan(sent);
        if (!error) continue;
        if (error != asio::error::would_block) co_return error;
        const auto waited = co_await to.async_wait_writable(asio::as_tuple(asio::deferred));
        const auto failure = std::get<0>(waited);
        if (guard.expired()) co_return error_code(asio::error::timed_out);
        if (failure) co_return failure;
    }
    co_return error_code();
}

asio::awaitable<error_code> wait_readable(stream& from, time_point deadline) {
    const deadline_guard guard(from.context(), deadline, [&from] { from.cancel(); });
    const auto waited = co_await from.async_wait_readable(asio::as_tuple(asio::deferred));
    if (guard.expired()) co_return error_code(asio::error::timed_out);
    co_return std::get<0>(waited);
}

}  // namespace weir::net
