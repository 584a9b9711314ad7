#pragma once

#include "config/schema/log_settings.hpp"
#include "replication_monitor/decision/definitions_reading.hpp"
#include "replication_monitor/probe/probe.hpp"

#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>

namespace weir::replication_monitor {

/// What the watcher tells, on its own thread, with no lock held.
struct definition_callbacks {
    /// The primary's definitions as of a reading that began at `asked_at`: after each reading that
    /// succeeded, also if nothing changed (the pointer is then the same).
    std::function<void(
        std::shared_ptr<const definition_list>, std::chrono::steady_clock::time_point asked_at
    )>
        on_definitions;

    /// One line for the log.
    std::function<void(config::log_level, std::string_view)> log;
};

/// Reads the primary's stored routines and views: every `catalog_interval` and on request, over a
/// connection and on a thread of its own, as on a server with many of them that takes longer than
/// a probe may. What did not change is not sent: a fingerprint is asked for first.
///
/// Thread: request() from any; follow() from one at a time; start(), stop() and the destructor
/// from the owner's.
class definition_watcher {
public:
    definition_watcher(probe_factory make_probe, definition_callbacks callbacks);
    definition_watcher(const definition_watcher&) = delete;
    definition_watcher& operator=(const definition_watcher&) = delete;
    definition_watcher(definition_watcher&&) = delete;
    definition_watcher& operator=(definition_watcher&&) = delete;
    ~definition_watcher();

    void start();

    /// Whom to read from: the primary; nothing: nobody for now. Another one is read at once. With a
    /// `catalog_interval` of 0 nothing is read.
    void follow(const std::optional<probe_settings>& primary);

    /// Reads now instead of at the next interval; a reading that has begun does not answer. Many
    /// requests make one reading, and there is at most one per 100 ms.
    void request();

    /// Returns when the reading under way is done. Idempotent.
    void stop();

private:
    using time_point = std::chrono::steady_clock::time_point;

    void run();
    void read(std::unique_lock<std::mutex>& lock);
    void report(const definitions_reading& reading);

    const probe_factory make_probe_;
    const definition_callbacks callbacks_;

    std::mutex mutex_;  ///< guards all below, down to the thread
    std::condition_variable wake_;
    std::optional<probe_settings> source_;
    bool has_new_source_ = false;
    bool is_stopping_ = false;
    time_point due_at_{};
    time_point read_at_{};  ///< when the last reading ended
    std::thread thread_;

    // The thread's own.
    std::unique_ptr<probe> probe_;
    std::shared_ptr<const definition_list> last_;
    std::string fingerprint_;
    std::optional<definitions_reading::outcome> last_outcome_;
};

}  // namespace weir::replication_monitor
