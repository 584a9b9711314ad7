#pragma once

#include "replication_monitor/binlog/commit_search.hpp"
#include "replication_monitor/binlog/event_stream.hpp"
#include "replication_monitor/model/server_id.hpp"
#include "splitter/relay/lost_commit.hpp"
#include "src/net/deadline_guard.hpp"
#include "src/proxy/backend_connection.hpp"

#include <boost/asio/awaitable.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace weir::proxy {

class proxy_worker;

/// The connection that a commit was lost with, as the session knew it.
struct lost_connection {
    replication_monitor::server_id server;
    net::time_point connecting_at{};  ///< before its server had it
    net::time_point logged_in_at{};   ///< its server had it by then
    net::time_point last_heard{};     ///< and still had it then, before the commit
};

/// Finds out what became of one commit whose answer was lost: reaches its server again, makes sure
/// that the lost connection is gone there, so that nothing changes any more, and reads the binary
/// log from a position before the commit up to its end. Over a connection of its own in the
/// monitor's name, whose account needs REPLICATION SLAVE, REPLICATION CLIENT and, to end a
/// connection that the server has not given up itself, CONNECTION_ADMIN.
///
/// Whatever it cannot be sure of makes the outcome unknown: another server at the address, a log
/// that leaves something out, a server that was started anew and does not write its log safely.
/// Lives in its coroutine. Thread: its worker's.
class commit_inquiry {
public:
    commit_inquiry(
        proxy_worker& worker,
        lost_connection connection,
        splitter::lost_commit lost,
        net::time_point deadline
    );

    [[nodiscard]] boost::asio::awaitable<splitter::resolved_commit> run();

    /// Nobody waits for the outcome any more: it ends soon.
    void stop();

private:
    /// What the server says of itself.
    struct server_facts {
        std::uint32_t server_id = 0;
        bool is_durable = false;       ///< log and engine are synced with each commit
        std::uint32_t started_at = 0;  ///< by its own clock, in whole seconds
    };

    [[nodiscard]] boost::asio::awaitable<bool> reach_server();
    [[nodiscard]] boost::asio::awaitable<std::optional<server_facts>> ask_facts();
    [[nodiscard]] boost::asio::awaitable<bool> logs_everything();
    [[nodiscard]] boost::asio::awaitable<bool> end_lost_connection();
    [[nodiscard]] boost::asio::awaitable<replication_monitor::binlog::commit_verdict> read_log(
        replication_monitor::binlog::wanted_commit wanted
    );
    [[nodiscard]] boost::asio::awaitable<bool> send_dump(const protocol::mysql::gtid_set& from);
    [[nodiscard]] boost::asio::awaitable<void> pause();
    [[nodiscard]] bool is_over() const;
    [[nodiscard]] std::optional<replication_monitor::binlog::wanted_commit> wanted_from(
        const server_facts& facts
    );

    /// Whether the server still runs that had the connection.
    enum class server_life : std::uint8_t { same, restarted, unclear };

    proxy_worker& worker_;
    const lost_connection connection_;
    const splitter::lost_commit lost_;
    const net::time_point deadline_;
    backend_connection_pointer asks_;  ///< null: not connected
    server_life life_ = server_life::unclear;
    bool is_ending_ = false;
};

}  // namespace weir::proxy
