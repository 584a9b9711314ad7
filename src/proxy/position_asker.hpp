#pragma once

#include "protocol/mysql/gtid_set.hpp"
#include "src/proxy/backend_connection.hpp"
#include "src/proxy/client_session.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <optional>
#include <vector>

namespace weir::proxy {

class proxy_worker;

/// Asks the primary what it has executed, over a connection of its own in the monitor's name. One
/// question at a time is under way, and serves all who asked before it was sent. Nothing is pending
/// while nobody needs an answer. Owned by a worker; thread: that one's.
class position_asker {
public:
    explicit position_asker(proxy_worker& worker);
    position_asker(const position_asker&) = delete;
    position_asker& operator=(const position_asker&) = delete;
    ~position_asker() = default;

    /// The session's on_position() follows, in a later turn of the loop.
    void ask(client_session::pointer who);

    /// Somebody would have use for a newer position, and does not wait for it.
    void want();

    /// Ends what is pending; who waits is told that there is no answer.
    void stop();

private:
    using time_point = std::chrono::steady_clock::time_point;

    boost::asio::awaitable<void> run();
    [[nodiscard]] boost::asio::awaitable<bool> ask_primary();
    [[nodiscard]] boost::asio::awaitable<bool> connect(
        replication_monitor::server_id server, std::chrono::milliseconds within
    );
    [[nodiscard]] boost::asio::awaitable<std::optional<std::string>> exchange(time_point deadline);
    [[nodiscard]] time_point next_turn() const;
    void start();
    void disconnect();

    proxy_worker& worker_;
    boost::asio::steady_timer pace_;
    backend_connection_pointer connection_;  ///< null: none
    std::vector<client_session::pointer> waiting_;
    time_point sent_at_{};   ///< of the newest question
    time_point retry_at_{};  ///< after a failure nothing is asked before
    bool is_wanted_ = false;
    bool is_running_ = false;
    bool is_pacing_ = false;
    bool is_ending_ = false;
};

}  // namespace weir::proxy
