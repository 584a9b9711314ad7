#pragma once

#include "protocol/mysql/command.hpp"
#include "replication_monitor/model/server_id.hpp"
#include "splitter/rules/rule_hits.hpp"
#include "src/proxy/digest_table.hpp"
#include "src/proxy/mirror_metrics.hpp"
#include "src/proxy/pin_meter.hpp"
#include "src/runtime/counter.hpp"
#include "src/runtime/histogram.hpp"
#include "src/runtime/snapshot.hpp"

#include <array>
#include <atomic>
#include <chrono>
#include <memory>

namespace weir::proxy {

/// Where a statement ran.
struct served_by {
    replication_monitor::server_id server;
    bool primary = false;
};

/// Commands as metrics tell them apart.
enum class command_class : std::uint8_t { query, prepare, execute, other };
inline constexpr std::array command_class_names{"query", "prepare", "execute", "other"};

[[nodiscard]] command_class class_of(protocol::mysql::command command) noexcept;

/// What was found out of commits whose answers were lost, by resolved_commit::kind.
inline constexpr std::array commit_outcome_names{"committed", "rolled_back", "unknown"};

/// What one worker counts of one server.
struct server_metrics {
    using by_class = std::array<runtime::histogram, command_class_names.size()>;
    std::array<by_class, 2> latency;  ///< as replica, as primary
    runtime::gauge connections;
    runtime::gauge in_flight;
    runtime::counter connects;
    runtime::counter connect_failures;
    runtime::counter limit_reached;  ///< connections above limits.backends_per_server
    runtime::counter broken;         ///< connections that failed under a statement
};

/// What one worker counts. Written by its thread only, read by any.
class worker_metrics {
public:
    static constexpr std::size_t servers_max = 256;

    void on_statement(
        const served_by& where, protocol::mysql::command command, std::chrono::nanoseconds took
    ) {
        at(where.server)
            .latency[where.primary ? 1 : 0][static_cast<std::size_t>(class_of(command))]
            .record(took);
    }

    void on_login(bool accepted) noexcept {
        if (!accepted) return failed_logins.add();
        logins.add();
        sessions.add(1);
    }

    void on_session_closed() noexcept { sessions.add(-1); }

    /// The server's own; made on first use. The worker's thread only.
    [[nodiscard]] server_metrics& at(replication_monitor::server_id server);

    /// Null if the worker has never met the server. Any thread.
    [[nodiscard]] const server_metrics* find(replication_monitor::server_id server) const noexcept;

    runtime::counter logins;
    runtime::counter failed_logins;
    runtime::counter refused_clients;  ///< above limits.clients
    runtime::gauge sessions;
    runtime::gauge waiting;  ///< sessions whose statement waits for a server or a connection
    std::array<runtime::counter, commit_outcome_names.size()> commit_outcomes;
    pin_metrics pins;
    mirror_metrics mirror;
    runtime::snapshot_publisher<splitter::rule_hits> rule_hits;  ///< of the rules in force
    digest_table digests;

    explicit worker_metrics(const digest_table::limits& most) : digests(most) {}

    worker_metrics(const worker_metrics&) = delete;
    worker_metrics& operator=(const worker_metrics&) = delete;
    ~worker_metrics();

private:
    std::array<std::atomic<server_metrics*>, servers_max> servers_{};
};

}  // namespace weir::proxy
