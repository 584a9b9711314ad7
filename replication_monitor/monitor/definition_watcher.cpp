#include "replication_monitor/monitor/definition_watcher.hpp"

#include <algorithm>
#include <utility>

namespace weir::replication_monitor {
namespace {

using clock = std::chrono::steady_clock;

/// Between two readings, however many ask.
constexpr std::chrono::milliseconds gap{100};

/// A request that a failed reading did not answer waits no longer than this.
constexpr std::chrono::milliseconds longest_pause_after_failure{1000};

/// How much longer than a probe's question a reading may take.
constexpr int patience = 10;

bool is_off(const std::optional<probe_settings>& source) {
    return !source || source->monitor.catalog_interval.count() == 0;
}

}  // namespace

definition_watcher::definition_watcher(probe_factory make_probe, definition_callbacks callbacks)
    : make_probe_(std::move(make_probe)), callbacks_(std::move(callbacks)) {}

definition_watcher::~definition_watcher() {
    stop();
}

void definition_watcher::start() {
    thread_ = std::thread{[this] { run(); }};
}

void definition_watcher::follow(const std::optional<probe_settings>& primary) {
    {
        const std::lock_guard lock{mutex_};
        if (primary == source_) return;
        source_ = primary;
        has_new_source_ = true;
        due_at_ = clock::now();
    }
    wake_.notify_one();
}

void definition_watcher::request() {
    {
        const std::lock_guard lock{mutex_};
        due_at_ = std::min(due_at_, std::max(clock::now(), read_at_ + gap));
    }
    wake_.notify_one();
}

void definition_watcher::stop() {
    {
        const std::lock_guard lock{mutex_};
        is_stopping_ = true;
    }
    wake_.notify_one();
    if (thread_.joinable()) thread_.join();
}

void definition_watcher::run() {
    std::unique_lock lock{mutex_};
    while (!is_stopping_) {
        if (is_off(source_)) {
            wake_.wait(lock);
        } else if (clock::now() < due_at_) {
            wake_.wait_until(lock, due_at_);
        } else {
            read(lock);
        }
    }
}

void definition_watcher::read(std::unique_lock<std::mutex>& lock) {
    auto settings = *source_;
    const auto interval = settings.monitor.catalog_interval;
    // A request from here on asks for another reading.
    due_at_ = time_point::max();
    if (std::exchange(has_new_source_, false)) probe_.reset();
    lock.unlock();
    if (!probe_) {
        settings.monitor.query_timeout *= patience;
        probe_ = make_probe_(settings);
    }
    const auto asked_at = clock::now();
    auto reading = probe_->read_definitions(fingerprint_);
    lock.lock();
    read_at_ = clock::now();
    const bool is_asked = due_at_ != time_point::max();
    const bool has_failed = reading.what == definitions_reading::outcome::failed;
    const auto pause = has_failed ? std::min(interval, longest_pause_after_failure) : interval;
    due_at_ = is_asked ? std::max(due_at_, read_at_ + gap) : read_at_ + pause;
    if (has_new_source_ || is_stopping_) return;
    lock.unlock();
    report(reading);
    using outcome = definitions_reading::outcome;
    if (reading.what == outcome::read) {
        last_ = std::move(reading.definitions);
        fingerprint_ = std::move(reading.fingerprint);
    }
    if (reading.what != outcome::failed) callbacks_.on_definitions(last_, asked_at);
    lock.lock();
}

void definition_watcher::report(const definitions_reading& reading) {
    using outcome = definitions_reading::outcome;
    using config::log_level;
    const bool is_news = last_outcome_ != reading.what;
    last_outcome_ = reading.what;
    if (reading.what == outcome::failed && is_news) {
        callbacks_.log(
            log_level::warning,
            "the primary's functions and views could not be read: " + reading.error
        );
    }
    if (reading.what != outcome::read) return;
    const auto& read = *reading.definitions;
    callbacks_.log(
        log_level::info,
        "the primary's definitions are read: " + std::to_string(read.routines.size()) +
            " routines, " + std::to_string(read.views.size()) + " views"
    );
    if (read.may_miss_views && (last_ == nullptr || !last_->may_miss_views)) {
        callbacks_.log(
            log_level::warning,
            "the monitor's account lacks SELECT or SHOW VIEW on all schemas: views that it does "
            "not see are taken for tables"
        );
    }
}

}  // namespace weir::replication_monitor
