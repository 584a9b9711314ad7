#pragma once

#include "replication_monitor/model/server_id.hpp"
#include "src/proxy/backend_budget.hpp"
#include "src/proxy/backend_connection.hpp"

#include <boost/asio/steady_timer.hpp>

#include <optional>
#include <string>

namespace weir::proxy {

/// What a login at a server begins with: a connection that changes its user, or the right to a new
/// one.
struct way_to_server {
    backend_connection_pointer connection;  ///< null: a new one is to be made
    backend_place place;
};

/// A login that waits for a way to its server, among others. Lives in its coroutine; thread: its
/// worker.
struct login_turn {
    replication_monitor::server_id server;
    std::string form;                 ///< of the connections that suit it
    boost::asio::steady_timer woken;  ///< at its deadline, or when it is granted
    std::optional<way_to_server> granted;
};

}  // namespace weir::proxy
