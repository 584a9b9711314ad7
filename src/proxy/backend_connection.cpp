#include "src/proxy/backend_connection.hpp"

#include "protocol/mysql/command.hpp"
#include "src/net/peer_state.hpp"

#include <array>
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
    if (!connection.received.empty()) return true;
    switch (net::look_at_peer(connection.stream)) {
        case net::peer_state::quiet: return false;
        case net::peer_state::closed: return true;
        // TLS peers may send session tickets at any time; one that leaves sends a farewell, too.
        case net::peer_state::has_sent:
            return !connection.stream.is_tls() || net::has_hung_up(connection.stream);
    }
    return true;
}

bool has_gone_stale(
    const backend_connection& connection, std::chrono::steady_clock::time_point now
) noexcept {
    constexpr std::chrono::seconds trusted_for{1};
    return now - connection.last_used >= trusted_for && is_stale(connection);
}

}  // namespace weir::proxy
