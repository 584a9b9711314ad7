#pragma once

#include "config/schema/log_settings.hpp"
#include "config/schema/proxy_settings.hpp"
#include "replication_monitor/decision/account_list_builder.hpp"
#include "replication_monitor/decision/probe_result.hpp"
#include "replication_monitor/decision/server_registry.hpp"
#include "replication_monitor/model/account.hpp"
#include "replication_monitor/model/topology.hpp"
#include "replication_monitor/monitor/definition_watcher.hpp"
#include "replication_monitor/probe/probe.hpp"

#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string_view>
#include <thread>
#include <vector>

namespace weir::replication_monitor {

/// The part of the settings that the monitor obeys.
struct monitor_setup {
    std::vector<config::server_settings> servers;
    config::monitor_settings monitor;
    config::server_tls_settings tls;
};

[[nodiscard]] monitor_setup setup_of(const config::proxy_settings& settings);

/// What the monitor tells. All but on_definitions are called on the deciding thread, one at a time,
/// with no lock held; they must not block for long and must not call stop() or destroy the monitor.
struct monitor_callbacks {
    /// A topology that differs from the last one. The first comes at once and knows nothing of the
    /// servers yet.
    std::function<void(std::shared_ptr<const topology>)> on_topology;

    /// The primary's accounts: after the first reading, whenever they changed, and after each
    /// reading that followed request_accounts(), even if it changed nothing (the generation then
    /// stands still).
    std::function<void(std::shared_ptr<const account_list>)> on_accounts;

    /// The primary's routines and views; see definition_callbacks. On a thread of its own, which
    /// also logs. May be empty.
    std::function<void(std::shared_ptr<const definition_list>, time_point asked_at)> on_definitions;

    /// One line for the log; no secrets in it.
    std::function<void(config::log_level, std::string_view)> log;
};

/// Watches all servers. One thread per server probes it every `interval`, so that a slow one delays
/// no other; one more thread decides after each probe, and at least once per interval, what the
/// answers mean. The accounts are read on the primary's thread, every `accounts_interval` and on
/// request; its routines and views by a definition_watcher.
///
/// Thread: request_accounts() and request_definitions() from any; start(), update(), stop() and the
/// destructor from one, the owner's. Shared state is behind one mutex, never held while a probe or
/// a callback runs.
class monitor {
public:
    monitor(monitor_setup setup, probe_factory make_probe, monitor_callbacks callbacks);
    monitor(const monitor&) = delete;
    monitor& operator=(const monitor&) = delete;
    monitor(monitor&&) = delete;
    monitor& operator=(monitor&&) = delete;
    ~monitor();

    /// Once, before all others.
    void start();

    /// New settings, as after a reload: threads of servers that went are retired, those of servers
    /// that came are started, those of servers whose settings are the same go on. Does not wait for
    /// probes that are under way.
    void update(monitor_setup setup);

    /// Reads the accounts now instead of at the next interval; many requests make one reading, and
    /// there is at most one per 100 ms. While there is no primary nothing is read.
    void request_accounts();

    /// Reads the primary's routines and views now; see definition_watcher::request().
    void request_definitions() { definitions_.request(); }

    /// Ends all threads. Returns when the probes under way are done: at most connect_timeout plus a
    /// few query_timeouts, ten of them while definitions are read. Idempotent; also done by the
    /// destructor.
    void stop();

private:
    struct watcher {
        server_id id;
        probe_settings settings;
        bool is_retired = false;  ///< asked to end
        bool has_ended = false;   ///< may be joined without waiting
        std::thread thread;
    };

    struct probe_report {
        server_id id;
        probe_result result;
        time_point at{};
    };

    /// What waits for the deciding thread.
    struct inbox {
        std::vector<probe_report> reports;
        std::optional<accounts_reading> accounts;
        bool is_answer = false;  ///< the accounts were asked for
        bool is_new_setup = false;

        [[nodiscard]] bool empty() const { return reports.empty() && !accounts && !is_new_setup; }
    };

    struct account_schedule {
        std::optional<server_id> source;  ///< the primary
        time_point due_at{};
        time_point read_at{};  ///< when the last reading ended
        bool is_requested = false;
    };

    class decider;

    void assign_watchers();
    void retire(std::unique_ptr<watcher> old);
    void watch(watcher& self);
    void wait_for_turn(
        std::unique_lock<std::mutex>& lock, const watcher& self, probe& asked, time_point due_at
    );
    void read_accounts(std::unique_lock<std::mutex>& lock, const watcher& self, probe& asked);
    void decide();
    void follow_primary(std::optional<server_id> primary);

    const probe_factory make_probe_;
    const monitor_callbacks callbacks_;
    definition_watcher definitions_;

    std::mutex mutex_;  ///< guards all below but the threads, which are the owner's
    std::condition_variable decider_wake_;
    std::condition_variable watchers_wake_;
    monitor_setup setup_;
    server_registry registry_;
    std::vector<watched_server> servers_;
    std::vector<std::unique_ptr<watcher>> watchers_;
    std::vector<std::unique_ptr<watcher>> retired_;
    inbox inbox_;
    account_schedule accounts_;
    bool is_stopping_ = false;
    std::thread decider_;
};

}  // namespace weir::replication_monitor
