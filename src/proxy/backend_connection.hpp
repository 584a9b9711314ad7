#pragma once

#include "protocol/wire/receive_buffer.hpp"
#include "replication_monitor/model/server_id.hpp"
#include "splitter/session/backend_state.hpp"
#include "src/net/stream.hpp"
#include "src/proxy/backend_budget.hpp"
#include "src/runtime/handler_memory.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/intrusive/list_hook.hpp>
#include <boost/smart_ptr/intrusive_ptr.hpp>
#include <boost/smart_ptr/intrusive_ref_counter.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>

namespace weir::proxy {

class client_session;
class connection_class;

struct idle_in_class;
struct idle_in_worker;

using unlinking = boost::intrusive::link_mode<boost::intrusive::auto_unlink>;
using class_idle_hook =
    boost::intrusive::list_base_hook<boost::intrusive::tag<idle_in_class>, unlinking>;
using worker_idle_hook =
    boost::intrusive::list_base_hook<boost::intrusive::tag<idle_in_worker>, unlinking>;

/// One connection to a server in one account's name: the socket, what has arrived on it, and what
/// it has set. Held by the session that uses it or used it last, by the pool while it is idle, and
/// by each pending wait on it, whose memory is in here. Thread: its worker.
struct backend_connection
    : boost::intrusive_ref_counter<backend_connection, boost::thread_unsafe_counter>,
      class_idle_hook,
      worker_idle_hook {
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
    std::chrono::steady_clock::time_point connecting_at{};  ///< before its server had it
    std::chrono::steady_clock::time_point logged_in_at{};   ///< for the first time
    /// When it was last given back, or a statement was answered on it.
    std::chrono::steady_clock::time_point last_used{};
    std::shared_ptr<connection_class> pool_class;  ///< who else may use it
    client_session* holder = nullptr;              ///< uses it, or used it last and may come back
    std::uint64_t login_epoch = 0;                 ///< of its login; see proxy_context::login_epoch
    bool is_logged_in = false;                     ///< in somebody's name
    bool has_served = false;                       ///< a statement, since it was logged in
    bool leased = false;
    bool kept = false;           ///< by its holder, though not leased: others cannot have it
    bool filled_buffer = false;  ///< the last read took all it could: more is likely there
};

using backend_connection_pointer = boost::intrusive_ptr<backend_connection>;

/// How a connection's end is told to its server.
enum class farewell : std::uint8_t {
    quit,     ///< COM_QUIT: it is between two commands
    none,     ///< it is broken
    abandon,  ///< a command is under way: not even the end of TLS is told
};

/// Tells the server that no more commands come (COM_QUIT), so that it does not count an aborted
/// client. Only between two commands; best effort, never waits. Then the stream is to be closed.
void say_quit(backend_connection& connection) noexcept;

/// True if the peer of an idle connection has closed it, or has sent something that nobody asked
/// for.
[[nodiscard]] bool is_stale(const backend_connection& connection) noexcept;

/// The same, but a connection that was used a moment ago is trusted without a look.
[[nodiscard]] bool has_gone_stale(
    const backend_connection& connection, std::chrono::steady_clock::time_point now
) noexcept;

}  // namespace weir::proxy
