#pragma once

#include "replication_monitor/model/server_id.hpp"
#include "splitter/relay/answer_checksum.hpp"
#include "splitter/relay/credential.hpp"
#include "splitter/relay/login_request.hpp"
#include "splitter/session/session_state.hpp"
#include "src/proxy/backend_connection.hpp"
#include "src/proxy/backend_pool.hpp"

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstddef>
#include <deque>
#include <optional>
#include <string>
#include <vector>

namespace weir::proxy {

class proxy_worker;

/// A read that its client has the answer of, and that another server gets too.
struct mirrored_read {
    replication_monitor::server_id server;
    connection_class_pointer account;  ///< whose connections may run it
    splitter::login_request who;
    splitter::credential proof;
    splitter::session_state state;  ///< that it was sent in
    std::string text;
    std::optional<splitter::answer_checksum> expected;  ///< nothing: it is not compared
};

/// Runs reads a second time, in the background: a few at once, the others wait in a short queue;
/// what finds that full is dropped. Nobody waits for it. Owned by the worker; thread: its worker's.
class read_mirror {
public:
    using time_point = std::chrono::steady_clock::time_point;

    explicit read_mirror(proxy_worker& worker) noexcept : worker_(worker) {}

    void offer(mirrored_read read);

    /// Closes connections that were not used since then.
    void close_unused(time_point since);

    /// Ends everything. Idempotent.
    void close();

private:
    /// Takes one read after the other until none waits.
    [[nodiscard]] boost::asio::awaitable<void> run();
    [[nodiscard]] boost::asio::awaitable<void> run_one(mirrored_read read);
    [[nodiscard]] boost::asio::awaitable<backend_connection_pointer> connect(
        const mirrored_read& read
    );
    [[nodiscard]] backend_connection_pointer take_idle(const mirrored_read& read);
    void count(const mirrored_read& read, protocol::wire::bytes_view answer);

    proxy_worker& worker_;
    std::deque<mirrored_read> queue_;
    std::vector<backend_connection_pointer> idle_;
    std::vector<backend_connection_pointer> busy_;
    std::size_t runners_ = 0;
    bool is_closed_ = false;
};

}  // namespace weir::proxy
