#include "replication_monitor/monitor/monitor.hpp"

#include "replication_monitor/decision/topology_builder.hpp"
#include "replication_monitor/decision/topology_changes.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace weir::replication_monitor {
namespace {

using clock = std::chrono::steady_clock;

/// Between two readings of the accounts, however many ask: clients with wrong passwords must not
/// load the primary.
constexpr std::chrono::milliseconds accounts_gap{100};

}  // namespace

monitor_setup setup_of(const config::proxy_settings& settings) {
    return {settings.servers, settings.monitor, settings.server_tls};
}

/// What the deciding thread keeps from round to round.
class monitor::decider {
public:
    explicit decider(const monitor_callbacks& callbacks) : callbacks_(callbacks) {}

    void configure(
        const config::monitor_settings& settings, std::span<const watched_server> servers
    ) {
        builder_.configure(settings, servers);
    }

    /// Takes what came in, tells what is new, and returns who is primary.
    std::optional<server_id> run(inbox news) {
        for (auto& report : news.reports) {
            builder_.on_probe(report.id, std::move(report.result), report.at);
        }
        const auto next = builder_.build(clock::now());
        if (next != topology_) {
            for (const auto& change : changes_between(*topology_, *next)) {
                callbacks_.log(change.level, change.text);
            }
            topology_ = next;
            callbacks_.on_topology(next);
        }
        if (news.accounts) tell_accounts(std::move(*news.accounts), news.is_answer);
        return next->primary;
    }

private:
    void tell_accounts(accounts_reading reading, bool is_answer) {
        const auto outcome = reading.what;
        if (outcome != last_outcome_) log_outcome(reading);
        last_outcome_ = outcome;
        const auto next = account_builder_.update(std::move(reading));
        if (next == account_list_ && !is_answer) return;
        account_list_ = next;
        callbacks_.on_accounts(next);
    }

    void log_outcome(const accounts_reading& reading) const {
        using config::log_level;
        switch (reading.what) {
            case accounts_reading::outcome::read:
                callbacks_.log(log_level::info, "the primary's accounts are read");
                break;
            case accounts_reading::outcome::refused:
                callbacks_.log(
                    log_level::warning,
                    "the monitor's account may not read the primary's accounts: " + reading.error
                );
                break;
            case accounts_reading::outcome::failed:
                callbacks_.log(
                    log_level::warning, "the primary's accounts could not be read: " + reading.error
                );
                break;
        }
    }

    const monitor_callbacks& callbacks_;
    topology_builder builder_;
    account_list_builder account_builder_;
    std::shared_ptr<const topology> topology_ = std::make_shared<const topology>();
    std::shared_ptr<const account_list> account_list_;
    std::optional<accounts_reading::outcome> last_outcome_;
};

monitor::monitor(monitor_setup setup, probe_factory make_probe, monitor_callbacks callbacks)
    : make_probe_(std::move(make_probe)),
      callbacks_(std::move(callbacks)),
      definitions_(make_probe_, {callbacks_.on_definitions, callbacks_.log}),
      setup_(std::move(setup)) {}

monitor::~monitor() {
    stop();
}

void monitor::start() {
    const std::lock_guard lock{mutex_};
    assign_watchers();
    decider_ = std::thread{[this] { decide(); }};
    if (callbacks_.on_definitions) definitions_.start();
}

void monitor::update(monitor_setup setup) {
    std::vector<std::unique_ptr<watcher>> ended;
    {
        const std::lock_guard lock{mutex_};
        if (is_stopping_) return;
        setup_ = std::move(setup);
        assign_watchers();
        const auto first_ended = std::partition(
            retired_.begin(), retired_.end(), [](const auto& old) { return !old->has_ended; }
        );
        std::move(first_ended, retired_.end(), std::back_inserter(ended));
        retired_.erase(first_ended, retired_.end());
    }
    for (const auto& old : ended)
        old->thread.join();
}

void monitor::request_accounts() {
    {
        const std::lock_guard lock{mutex_};
        accounts_.is_requested = true;
        accounts_.due_at = std::min(accounts_.due_at, accounts_.read_at + accounts_gap);
    }
    watchers_wake_.notify_all();
}

void monitor::stop() {
    {
        const std::lock_guard lock{mutex_};
        is_stopping_ = true;
        for (auto& old : watchers_)
            retire(std::move(old));
        watchers_.clear();
    }
    watchers_wake_.notify_all();
    decider_wake_.notify_all();
    for (const auto& old : retired_)
        old->thread.join();  // nobody adds to them any more
    retired_.clear();
    if (decider_.joinable()) decider_.join();
    definitions_.stop();
}

/// Makes the threads those of `setup_`. The caller holds the mutex.
void monitor::assign_watchers() {
    servers_ = registry_.assign(setup_.servers);
    std::vector<std::unique_ptr<watcher>> next;
    for (const auto& server : servers_) {
        const probe_settings settings{server.settings, setup_.monitor, setup_.tls};
        const auto same = std::find_if(watchers_.begin(), watchers_.end(), [&](const auto& other) {
            return other && other->id == server.id && other->settings == settings;
        });
        if (same != watchers_.end()) {
            next.push_back(std::move(*same));
            continue;
        }
        auto& added = *next.emplace_back(std::make_unique<watcher>());
        added.id = server.id;
        added.settings = settings;
        added.thread = std::thread{[this, &added] { watch(added); }};
    }
    for (auto& old : watchers_) {
        if (old) retire(std::move(old));
    }
    watchers_ = std::move(next);
    inbox_.is_new_setup = true;
    watchers_wake_.notify_all();
    decider_wake_.notify_one();
}

void monitor::retire(std::unique_ptr<watcher> old) {
    old->is_retired = true;
    retired_.push_back(std::move(old));
}

/// One server's thread.
void monitor::watch(watcher& self) {
    const auto asked = make_probe_(self.settings);
    std::unique_lock lock{mutex_};
    while (!self.is_retired) {
        const auto due_at = clock::now() + self.settings.monitor.interval;
        lock.unlock();
        const auto asked_at = clock::now();
        auto result = asked->ask();
        const auto answered_at = clock::now();
        // Rounded up, and free of the wait for the lock: a beginning later than the true one would
        // call an older executed set newer than it is.
        result.took = std::chrono::ceil<std::chrono::microseconds>(answered_at - asked_at);
        lock.lock();
        if (self.is_retired) break;
        inbox_.reports.push_back({self.id, std::move(result), answered_at});
        decider_wake_.notify_one();
        wait_for_turn(lock, self, *asked, due_at);
    }
    self.has_ended = true;
}

/// Waits for the next probe's time, and reads the accounts meanwhile if that falls to this server.
void monitor::wait_for_turn(
    std::unique_lock<std::mutex>& lock, const watcher& self, probe& asked, time_point due_at
) {
    while (!self.is_retired) {
        const bool is_source = accounts_.source == self.id;
        const auto now = clock::now();
        if (is_source && now >= accounts_.due_at) read_accounts(lock, self, asked);
        if (now >= due_at) return;
        const bool still_source = accounts_.source == self.id;
        const auto wake_at = still_source ? std::min(due_at, accounts_.due_at) : due_at;
        watchers_wake_.wait_until(lock, wake_at);
    }
}

void monitor::read_accounts(std::unique_lock<std::mutex>& lock, const watcher& self, probe& asked) {
    const bool is_answer = std::exchange(accounts_.is_requested, false);
    lock.unlock();
    auto reading = asked.read_accounts();
    lock.lock();
    accounts_.read_at = clock::now();
    accounts_.due_at =
        accounts_.read_at +
        (accounts_.is_requested ? accounts_gap : self.settings.monitor.accounts_interval);
    if (self.is_retired || accounts_.source != self.id) {
        // Another thread reads them from here on, and answers the request too.
        accounts_.is_requested = accounts_.is_requested || is_answer;
        accounts_.due_at = accounts_.read_at;
        watchers_wake_.notify_all();
        return;
    }
    inbox_.is_answer = inbox_.is_answer || is_answer;
    inbox_.accounts = std::move(reading);
    decider_wake_.notify_one();
}

/// The deciding thread.
void monitor::decide() {
    decider state{callbacks_};
    std::unique_lock lock{mutex_};
    while (!is_stopping_) {
        auto news = std::exchange(inbox_, {});
        if (news.is_new_setup) state.configure(setup_.monitor, servers_);
        const auto interval = setup_.monitor.interval;
        lock.unlock();
        const auto primary = state.run(std::move(news));
        lock.lock();
        follow_primary(primary);
        // Also without news: the lag of a server that does not answer grows.
        decider_wake_.wait_for(lock, interval, [this] { return is_stopping_ || !inbox_.empty(); });
    }
}

void monitor::follow_primary(std::optional<server_id> primary) {
    const auto watched =
        std::ranges::find_if(watchers_, [&](const auto& one) { return one->id == primary; });
    definitions_.follow(
        watched == watchers_.end() ? std::nullopt : std::optional{(*watched)->settings}
    );
    if (accounts_.source == primary) return;
    accounts_.source = primary;
    accounts_.due_at = clock::now();
    watchers_wake_.notify_all();
}

}  // namespace weir::replication_monitor
