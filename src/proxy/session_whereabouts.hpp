#pragma once

#include "replication_monitor/model/server_id.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace weir::proxy {

/// A server connection as that server knows it.
struct backend_address {
    replication_monitor::server_id server;
    std::uint32_t thread_id = 0;  ///< of the server's greeting
};

/// Whose a session is and which connection it uses, or would use for a write. A value: it crosses
/// from worker to worker.
struct session_whereabouts {
    std::string user;
    std::optional<backend_address> connection;  ///< nothing: it has none now
};

/// Who asks for another session: its id, and which of its questions it is.
struct session_inquirer {
    std::uint32_t id = 0;
    std::uint32_t turn = 0;
    bool ends_it = false;  ///< to end the session, not only its statement
};

}  // namespace weir::proxy
