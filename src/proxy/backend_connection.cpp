#include "src/proxy/backend_connection.hpp"

#include "protocol/mysql/command.hpp"

#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <cstddef>

namespace weir::proxy {

void say_quit(backend_connection& connection) noexcept {
    static constexpr std::array quit{
        std::byte{1},
        std::byte{0},
        std::byte{0},
        std::byte{0},
        static_cast<std::byte>(protocol::mysql::command::quit)};
    error_code ignored;
    (void)connection.stream.write_some(quit, ignored);
}

bool is_stale(const backend_connection& connection) noexcept {
    if (!connection.stream.is_open() || !connection.received.empty()) return true;
    char byte = 0;
    const auto peeked =
        ::recv(connection.stream.native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
    // TLS peers may send session tickets at any time; only the end of the stream counts there.
    if (peeked > 0) return !connection.stream.is_tls();
    if (peeked == 0) return true;
    return errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR;
}

}  // namespace weir::proxy
