#include "src/net/peer_state.hpp"

#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>

namespace weir::net {
namespace {

/// A close_notify of TLS 1.3 is one record of so many bytes; a record with a command of a client's
/// is longer.
constexpr std::size_t farewell_size = 24;

}  // namespace

bool has_hung_up(const stream& connection) noexcept {
    pollfd entry{.fd = connection.native_handle(), .events = POLLRDHUP, .revents = 0};
    return !connection.is_open() || ::poll(&entry, 1, 0) == 1;
}

peer_state look_at_peer(const stream& connection) noexcept {
    if (!connection.is_open()) return peer_state::closed;
    std::array<char, farewell_size + 1> seen{};
    const int socket = connection.native_handle();
    const auto count = ::recv(socket, seen.data(), seen.size(), MSG_PEEK | MSG_DONTWAIT);
    if (count == 0) return peer_state::closed;
    if (count > 0) {
        const bool may_be_farewell =
            connection.is_tls() && static_cast<std::size_t>(count) <= farewell_size;
        return may_be_farewell && has_hung_up(connection) ? peer_state::closed
                                                          : peer_state::has_sent;
    }
    const bool is_open = errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
    return is_open ? peer_state::quiet : peer_state::closed;
}

}  // namespace weir::net
