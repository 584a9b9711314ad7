#include "src/net/socket_options.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <limits>

namespace weir::net {

namespace {

struct option {
    int level;
    int name;
    int value;
};

error_code set(int native, const option& wanted) noexcept {
    if (::setsockopt(native, wanted.level, wanted.name, &wanted.value, sizeof wanted.value) == 0)
        return {};
    return {errno, boost::system::system_category()};
}

int clamped(std::uint64_t value) noexcept {
    constexpr std::uint64_t most = std::numeric_limits<int>::max();
    return static_cast<int>(std::min(value, most));
}

int clamped(std::chrono::seconds value) noexcept {
    return value.count() < 1 ? 1 : clamped(static_cast<std::uint64_t>(value.count()));
}

/// 0 leaves the size to the kernel, which then adapts it to the connection; any setsockopt would
/// end that.
error_code set_buffer_sizes(int native, const config::socket_settings& settings) noexcept {
    if (settings.receive_buffer != 0) {
        if (const auto error =
                set(native, {SOL_SOCKET, SO_RCVBUF, clamped(settings.receive_buffer)}))
            return error;
    }
    if (settings.send_buffer != 0) {
        if (const auto error = set(native, {SOL_SOCKET, SO_SNDBUF, clamped(settings.send_buffer)}))
            return error;
    }
    return {};
}

}  // namespace

error_code apply_socket_options(
    int native, config::endpoint::kind kind, const config::socket_settings& settings
) noexcept {
    if (const auto error = set_buffer_sizes(native, settings)) return error;
    if (kind == config::endpoint::kind::unix_socket) return {};
    // We write whole messages, so waiting for more to send (Nagle) only delays them.
    if (const auto error = set(native, {IPPROTO_TCP, TCP_NODELAY, settings.no_delay ? 1 : 0}))
        return error;
    if (!settings.keep_alive) return {};
    // A peer that vanished without a FIN would hold its session, or a lease on a dead server, for
    // hours.
    const std::array keep_alive{
        option{SOL_SOCKET, SO_KEEPALIVE, 1},
        option{IPPROTO_TCP, TCP_KEEPIDLE, clamped(settings.keep_alive_idle)},
        option{IPPROTO_TCP, TCP_KEEPINTVL, clamped(settings.keep_alive_interval)},
        option{IPPROTO_TCP, TCP_KEEPCNT, clamped(std::uint64_t{settings.keep_alive_count})},
    };
    for (const auto& each : keep_alive) {
        if (const auto error = set(native, each)) return error;
    }
    return {};
}

error_code apply_listener_options(
    int native, config::endpoint::kind kind, const config::socket_settings& settings
) noexcept {
    if (const auto error = set_buffer_sizes(native, settings)) return error;
    if (kind == config::endpoint::kind::unix_socket) return {};
    // REUSEADDR: a restart must not wait for the old connections' TIME_WAIT. REUSEPORT: each worker
    // has its own queue.
    if (const auto error = set(native, {SOL_SOCKET, SO_REUSEADDR, 1})) return error;
    return set(native, {SOL_SOCKET, SO_REUSEPORT, 1});
}

}  // namespace weir::net
