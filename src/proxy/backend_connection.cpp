#include "src/proxy/backend_connection.hpp"

#include "src/net/peer_state.hpp"

namespace weir::proxy {

bool is_stale(const backend_connection& connection) noexcept {
    if (!connection.received.empty()) return true;
    switch (net::look_at_peer(connection.stream)) {
        case net::peer_state::quiet: return false;
        case net::peer_state::closed: return true;
        // TLS peers may send session tickets at any time.
        case net::peer_state::has_sent: return !connection.stream.is_tls();
    }
    return true;
}

}  // namespace weir::proxy
