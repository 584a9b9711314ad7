#pragma once

#include "protocol/wire/receive_buffer.hpp"
#include "replication_monitor/model/server_id.hpp"
#include "splitter/session/backend_state.hpp"
#include "src/net/stream.hpp"
#include "src/proxy/backend_budget.hpp"
#include "src/runtime/handler_memory.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/smart_ptr/intrusive_ptr.hpp>
#include <boost/smart_ptr/intrusive_ref_counter.hpp>

#include <chrono>
#include <cstdint>
#include <string>
#include <utility>

namespace weir::proxy {

/// One connection to a server in one client's name: the socket, what has arrived on it, and what it
/// has set. Held by its session and by each pending wait on it, whose memory is in here. Thread:
/// its worker.
struct backend_connection
    : boost::intrusive_ref_counter<backend_connection, boost::thread_unsafe_counter> {
    backend_connection(
        boost::asio::io_context& context, replication_monitor::server_id of, backend_place taken
    )
        : server(of), place(std::move(taken)), stream(context) {}

    replication_monitor::server_id server;
    backend_place place;  ///< given back when the connection is closed
    runtime::handler_memory read_memory;
    runtime::handler_memory write_memory;
    net::stream stream;
    protocol::wire::receive_buffer received;
    splitter::backend_state state;
    std::chrono::steady_clock::time_point last_used{};  ///< when it was last given back
    bool leased = false;
    bool filled_buffer = false;  ///< the last read took all it could: more is likely there
};

using backend_connection_pointer = boost::intrusive_ptr<backend_connection>;

/// Tells the server that no more commands come (COM_QUIT), so that it does not count an aborted
/// client. Only between two commands; best effort, never waits. Then the stream is to be closed.
void say_quit(backend_connection& connection) noexcept;

/// True if the peer of an idle connection has closed it, or has sent something that nobody asked
/// for.
[[nodiscard]] bool is_stale(const backend_connection& connection) noexcept;

}  // namespace weir::proxy
