#pragma once

#include "config/schema/proxy_settings.hpp"
#include "src/net/stream.hpp"
#include "src/net/unique_descriptor.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <chrono>
#include <cstddef>
#include <exception>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace weir::net::test {

/// A test that waits longer than this for something that must happen has failed.
inline constexpr std::chrono::seconds patience{20};

/// A deadline that is not meant to pass.
[[nodiscard]] inline time_point soon() {
    return std::chrono::steady_clock::now() + patience;
}

/// Two ends of one connection, both non-blocking.
struct socket_pair {
    unique_descriptor near;
    unique_descriptor far;
};

/// TCP over 127.0.0.1 on a port of the kernel's choice, or a Unix pair.
[[nodiscard]] socket_pair make_socket_pair(config::endpoint::kind kind);

/// The same as two streams of one context; buffers of `settings` applied.
void connect_pair(
    stream& near,
    stream& far,
    config::endpoint::kind kind,
    const config::socket_settings& settings = {}
);

/// A Unix socket's path that is free, in the tests' directory.
[[nodiscard]] std::string fresh_path(std::string_view name);

/// Runs the context until `done()`; throws when patience ends or nothing is left to do.
template <class Condition>
void run_until(boost::asio::io_context& context, Condition done) {
    const auto end = std::chrono::steady_clock::now() + patience;
    context.restart();
    while (!done()) {
        if (std::chrono::steady_clock::now() > end) throw std::runtime_error("out of patience");
        if (context.run_one_for(patience) == 0) throw std::runtime_error("nothing left to run");
    }
}

/// Runs the context until the coroutine has ended, and gives its result.
template <class Value>
Value complete(boost::asio::io_context& context, boost::asio::awaitable<Value> work) {
    std::optional<Value> answer;
    std::exception_ptr thrown;
    boost::asio::co_spawn(context, std::move(work), [&](std::exception_ptr exception, Value value) {
        thrown = exception;
        answer = std::move(value);
    });
    run_until(context, [&answer] { return answer.has_value(); });
    if (thrown) std::rethrow_exception(thrown);
    return std::move(*answer);
}

/// Bytes that were read, and how the last read ended.
struct read_outcome {
    std::string text;
    error_code error;
};

/// Reads until would_block, eof or an error, in pieces of `piece` bytes.
[[nodiscard]] read_outcome read_available(stream& from, std::size_t piece = 4'096);

/// Waits and reads, as a session does, until `size` bytes came, or eof or an error.
[[nodiscard]] read_outcome read_waiting(stream& from, std::size_t size);

/// Writes all of a short text at once; throws if it does not fit.
void write_now(stream& to, std::string_view text);

[[nodiscard]] inline std::span<const std::byte> bytes_of(std::string_view text) {
    return std::as_bytes(std::span(text));
}

}  // namespace weir::net::test
