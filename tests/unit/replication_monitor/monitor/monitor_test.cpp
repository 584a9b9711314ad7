#include "replication_monitor/monitor/monitor.hpp"

#include "tests/unit/replication_monitor/decision/cluster.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <condition_variable>
#include <map>
#include <mutex>
#include <string>

namespace weir::replication_monitor {
namespace {

using namespace std::chrono_literals;

/// What the servers answer, and what the monitor told; all behind one mutex. Server N is "dbN".
class stage {
public:
    void set(const std::string& server, probe_result result) {
        const std::lock_guard lock{mutex_};
        results_[server] = std::move(result);
    }

    void set_accounts(accounts_reading reading) {
        const std::lock_guard lock{mutex_};
        accounts_ = std::move(reading);
    }

    /// Probes of `server` do not end until release(). Later probes do.
    void hold(const std::string& server) {
        const std::lock_guard lock{mutex_};
        held_ = server;
    }

    /// What is under way ends; the next probe of that server waits.
    void let_one_through() {
        const std::lock_guard lock{mutex_};
        let_through_ = asked_[held_];
        changed_.notify_all();
    }

    void release() {
        const std::lock_guard lock{mutex_};
        held_.clear();
        changed_.notify_all();
    }

    probe_result ask(const std::string& server) {
        std::unique_lock lock{mutex_};
        const int number = ++asked_[server];
        changed_.notify_all();
        changed_.wait(lock, [&] { return held_ != server || number <= let_through_; });
        return results_[server];
    }

    accounts_reading read_accounts(const std::string& server) {
        const std::lock_guard lock{mutex_};
        accounts_read_from_.push_back(server);
        return accounts_;
    }

    definitions_reading read_definitions(const std::string& server) {
        definitions_reading reading;
        reading.what = definitions_reading::outcome::read;
        definition_list list;
        list.views = {{"app", server, "select 1"}};
        reading.definitions = std::make_shared<const definition_list>(std::move(list));
        return reading;
    }

    monitor_callbacks callbacks() {
        monitor_callbacks all;
        all.on_topology = [this](std::shared_ptr<const topology> next) {
            tell([&] { topologies_.push_back(std::move(next)); });
        };
        all.on_accounts = [this](std::shared_ptr<const account_list> next) {
            tell([&] { lists_.push_back(std::move(next)); });
        };
        all.on_definitions = [this](std::shared_ptr<const definition_list> next, time_point) {
            tell([&] { definitions_.push_back(std::move(next)); });
        };
        all.log = [this](config::log_level, std::string_view line) {
            tell([&] { lines_.emplace_back(line); });
        };
        return all;
    }

    probe_factory factory();

    /// True once `condition(*this)` holds; false if it does not within the deadline. Holds the
    /// mutex for the condition.
    template <class Condition>
    [[nodiscard]] bool eventually(Condition condition) {
        std::unique_lock lock{mutex_};
        return changed_.wait_for(lock, 20s, [&] { return condition(); });
    }

    /// The accessors below are for conditions, or for after stop().
    [[nodiscard]] const server_state* newest(const std::string& server) const {
        if (topologies_.empty()) return nullptr;
        for (const auto& state : topologies_.back()->servers) {
            if (state.name == server) return &state;
        }
        return nullptr;
    }

    [[nodiscard]] bool has_role(const std::string& server, server_role role) const {
        const auto* const state = newest(server);
        return state != nullptr && state->role == role;
    }

    [[nodiscard]] int asked(const std::string& server) const {
        const auto found = asked_.find(server);
        return found == asked_.end() ? 0 : found->second;
    }

    [[nodiscard]] const auto& topologies() const { return topologies_; }

    [[nodiscard]] const auto& lists() const { return lists_; }

    [[nodiscard]] const auto& definitions() const { return definitions_; }

    [[nodiscard]] const auto& lines() const { return lines_; }

    [[nodiscard]] const auto& accounts_read_from() const { return accounts_read_from_; }

private:
    template <class Action>
    void tell(Action action) {
        const std::lock_guard lock{mutex_};
        action();
        changed_.notify_all();
    }

    std::mutex mutex_;
    std::condition_variable changed_;
    std::map<std::string, probe_result> results_;
    std::map<std::string, int> asked_;
    std::string held_;
    int let_through_ = 0;
    accounts_reading accounts_;
    std::vector<std::string> accounts_read_from_;
    std::vector<std::shared_ptr<const topology>> topologies_;
    std::vector<std::shared_ptr<const account_list>> lists_;
    std::vector<std::shared_ptr<const definition_list>> definitions_;
    std::vector<std::string> lines_;
};

class scripted_probe final : public probe {
public:
    scripted_probe(stage& scene, std::string server) : scene_(scene), server_(std::move(server)) {}

    probe_result ask() override { return scene_.ask(server_); }

    accounts_reading read_accounts() override { return scene_.read_accounts(server_); }

    definitions_reading read_definitions(std::string_view) override {
        return scene_.read_definitions(server_);
    }

private:
    stage& scene_;
    const std::string server_;
};

probe_factory stage::factory() {
    return [this](const probe_settings& settings) {
        return std::make_unique<scripted_probe>(*this, settings.server.name);
    };
}

monitor_setup setup_with(std::initializer_list<std::uint32_t> servers) {
    monitor_setup setup;
    setup.monitor.interval = 10ms;
    setup.monitor.accounts_interval = 1h;
    setup.monitor.catalog_interval = 1h;
    for (const auto number : servers)
        setup.servers.push_back(listed(number).settings);
    return setup;
}

accounts_reading readable(const char* hash) {
    return {accounts_reading::outcome::read, {{"app", "%", "mysql_native_password", hash}}, {}};
}

accounts_reading refused() {
    return {accounts_reading::outcome::refused, {}, "error 1142: denied"};
}

class monitor_with_two_servers : public testing::Test {
protected:
    monitor_with_two_servers() {
        scene.set("db1", good(writable(1)));
        scene.set("db2", good(read_only(2, {channel_from(1)})));
        scene.set_accounts(readable("*1"));
    }

    [[nodiscard]] bool sees(const char* server, server_role role) {
        return scene.eventually([&] { return scene.has_role(server, role); });
    }

    stage scene;
    monitor watched{setup_with({1, 2}), scene.factory(), scene.callbacks()};
};

TEST_F(monitor_with_two_servers, tells_a_topology_before_any_answer) {
    scene.hold("db1");
    watched.start();
    EXPECT_TRUE(scene.eventually([&] { return !scene.topologies().empty(); }));
    scene.release();
    watched.stop();
    EXPECT_EQ(scene.topologies().front()->servers.size(), 2U);
    EXPECT_EQ(scene.topologies().front()->primary, std::nullopt);
}

TEST_F(monitor_with_two_servers, finds_primary_and_replica) {
    watched.start();
    EXPECT_TRUE(sees("db1", server_role::primary));
    EXPECT_TRUE(sees("db2", server_role::replica));
}

TEST_F(monitor_with_two_servers, dates_answers_before_the_question) {
    scene.hold("db1");
    watched.start();
    ASSERT_TRUE(scene.eventually([&] { return scene.asked("db1") == 1; }));
    const auto under_way = std::chrono::steady_clock::now();
    scene.let_one_through();
    ASSERT_TRUE(scene.eventually([&] {
        const auto& all = scene.topologies();
        return std::ranges::any_of(all, [](const auto& one) { return one->primary.has_value(); });
    }));
    scene.release();
    watched.stop();
    const auto first = std::ranges::find_if(scene.topologies(), [](const auto& one) {
        return one->primary.has_value();
    });
    EXPECT_LE((*first)->find(*(*first)->primary)->asked_at, under_way);
}

TEST_F(monitor_with_two_servers, generations_grow) {
    watched.start();
    ASSERT_TRUE(sees("db2", server_role::replica));
    scene.set("db2", good(read_only(2)));
    ASSERT_TRUE(sees("db2", server_role::detached));
    watched.stop();
    for (std::size_t index = 1; index < scene.topologies().size(); ++index) {
        EXPECT_GT(scene.topologies()[index]->generation, scene.topologies()[index - 1]->generation);
    }
}

TEST_F(monitor_with_two_servers, a_server_that_hangs_delays_no_other) {
    scene.hold("db2");
    watched.start();
    EXPECT_TRUE(scene.eventually([&] { return scene.asked("db1") >= 5; }));
    EXPECT_TRUE(sees("db1", server_role::primary));
    scene.release();
    EXPECT_TRUE(sees("db2", server_role::replica));
}

TEST_F(monitor_with_two_servers, a_server_that_fails_is_dropped_and_taken_back) {
    watched.start();
    ASSERT_TRUE(sees("db2", server_role::replica));
    scene.set("db2", failed("refused"));
    EXPECT_TRUE(sees("db2", server_role::unknown));
    scene.set("db2", good(read_only(2, {channel_from(1)})));
    EXPECT_TRUE(sees("db2", server_role::replica));
}

TEST_F(monitor_with_two_servers, logs_what_changed_once) {
    watched.start();
    ASSERT_TRUE(sees("db2", server_role::replica));
    scene.set("db2", failed("refused"));
    ASSERT_TRUE(sees("db2", server_role::unknown));
    const int asked_so_far = scene.asked("db2");
    ASSERT_TRUE(scene.eventually([&] { return scene.asked("db2") > asked_so_far + 5; }));
    watched.stop();
    const std::string expected = "server db2 (10.0.0.2:3306): replica -> unknown: refused";
    EXPECT_EQ(std::count(scene.lines().begin(), scene.lines().end(), expected), 1);
}

TEST_F(monitor_with_two_servers, reads_the_accounts_of_the_primary_alone) {
    watched.start();
    ASSERT_TRUE(scene.eventually([&] { return !scene.lists().empty(); }));
    ASSERT_TRUE(sees("db2", server_role::replica));
    watched.stop();
    EXPECT_TRUE(scene.lists().front()->readable);
    EXPECT_EQ(scene.lists().front()->by_user.count("app"), 1U);
    EXPECT_EQ(scene.accounts_read_from(), std::vector<std::string>{"db1"});
}

TEST_F(monitor_with_two_servers, a_request_reads_the_accounts_again) {
    watched.start();
    ASSERT_TRUE(scene.eventually([&] { return scene.lists().size() == 1; }));
    scene.set_accounts(readable("*2"));
    watched.request_accounts();
    ASSERT_TRUE(scene.eventually([&] { return scene.lists().size() == 2; }));
    watched.stop();
    EXPECT_EQ(scene.lists()[1]->generation, 2U);
}

TEST_F(monitor_with_two_servers, a_request_is_answered_though_nothing_changed) {
    watched.start();
    ASSERT_TRUE(scene.eventually([&] { return scene.lists().size() == 1; }));
    watched.request_accounts();
    ASSERT_TRUE(scene.eventually([&] { return scene.lists().size() == 2; }));
    watched.stop();
    EXPECT_EQ(scene.lists()[1], scene.lists()[0]);
}

TEST_F(monitor_with_two_servers, accounts_move_with_the_primary) {
    watched.start();
    ASSERT_TRUE(scene.eventually([&] { return scene.lists().size() == 1; }));
    scene.set_accounts(readable("*2"));
    scene.set("db1", failed());
    scene.set("db2", good(writable(2)));
    ASSERT_TRUE(scene.eventually([&] { return scene.lists().size() == 2; }));
    watched.stop();
    EXPECT_EQ(scene.accounts_read_from().back(), "db2");
}

TEST_F(monitor_with_two_servers, accounts_that_may_not_be_read_are_reported_once) {
    scene.set_accounts(refused());
    watched.start();
    ASSERT_TRUE(scene.eventually([&] { return scene.lists().size() == 1; }));
    watched.request_accounts();
    ASSERT_TRUE(scene.eventually([&] { return scene.lists().size() == 2; }));
    watched.stop();
    EXPECT_FALSE(scene.lists().back()->readable);
    const std::string expected =
        "the monitor's account may not read the primary's accounts: error 1142: denied";
    EXPECT_EQ(std::count(scene.lines().begin(), scene.lines().end(), expected), 1);
}

TEST_F(monitor_with_two_servers, reads_definitions_of_the_primary_and_on_request) {
    watched.start();
    ASSERT_TRUE(scene.eventually([&] { return scene.definitions().size() == 1; }));
    watched.request_definitions();
    ASSERT_TRUE(scene.eventually([&] { return scene.definitions().size() == 2; }));
    scene.set("db1", failed());
    scene.set("db2", good(writable(2)));
    ASSERT_TRUE(scene.eventually([&] { return scene.definitions().size() == 3; }));
    watched.stop();
    EXPECT_EQ(scene.definitions()[1]->views[0].name, "db1");
    EXPECT_EQ(scene.definitions()[2]->views[0].name, "db2");
}

TEST_F(monitor_with_two_servers, no_line_of_the_log_has_a_secret) {
    watched.start();
    ASSERT_TRUE(scene.eventually([&] { return !scene.lists().empty(); }));
    watched.stop();
    for (const auto& line : scene.lines())
        EXPECT_EQ(line.find("*1"), std::string::npos) << line;
}

TEST_F(monitor_with_two_servers, an_update_adds_and_removes_servers) {
    watched.start();
    ASSERT_TRUE(sees("db2", server_role::replica));
    scene.set("db3", good(read_only(3, {channel_from(1)})));
    watched.update(setup_with({1, 3}));
    EXPECT_TRUE(sees("db3", server_role::replica));
    EXPECT_TRUE(scene.eventually([&] { return scene.newest("db2") == nullptr; }));
    watched.stop();
    EXPECT_EQ(scene.newest("db1")->id, server_id{0});
    EXPECT_EQ(scene.newest("db3")->id, server_id{2});
}

TEST_F(monitor_with_two_servers, an_update_does_not_wait_for_a_server_that_hangs) {
    watched.start();
    ASSERT_TRUE(sees("db2", server_role::replica));
    scene.hold("db2");
    const auto asked_so_far = scene.asked("db2");
    ASSERT_TRUE(scene.eventually([&] { return scene.asked("db2") > asked_so_far; }));
    watched.update(setup_with({1}));  // would hang here
    EXPECT_TRUE(scene.eventually([&] { return scene.newest("db2") == nullptr; }));
    scene.release();
}

TEST_F(monitor_with_two_servers, an_update_of_the_monitors_own_settings_keeps_the_roles) {
    watched.start();
    ASSERT_TRUE(sees("db2", server_role::replica));
    auto setup = setup_with({1, 2});
    setup.monitor.password = "another";
    const auto asked_so_far = scene.asked("db2");
    watched.update(setup);
    ASSERT_TRUE(scene.eventually([&] { return scene.asked("db2") > asked_so_far + 2; }));
    watched.stop();
    EXPECT_TRUE(scene.has_role("db1", server_role::primary));
    EXPECT_TRUE(scene.has_role("db2", server_role::replica));
}

TEST_F(monitor_with_two_servers, stop_ends_the_waits) {
    auto setup = setup_with({1, 2});
    setup.monitor.interval = 1h;
    watched.start();
    watched.update(setup);
    ASSERT_TRUE(sees("db2", server_role::replica));
    const auto before = std::chrono::steady_clock::now();
    watched.stop();  // would take an hour
    EXPECT_LT(std::chrono::steady_clock::now() - before, 1min);
    const auto told = scene.topologies().size();
    watched.stop();
    EXPECT_EQ(scene.topologies().size(), told);
}

TEST_F(monitor_with_two_servers, need_not_be_started) {
    watched.stop();
}

TEST(monitor_setup, is_the_monitors_part_of_the_settings) {
    config::proxy_settings settings;
    settings.servers = {listed(1).settings};
    settings.monitor.user = "watch";
    settings.server_tls.mode = config::server_tls_mode::required;
    const auto setup = setup_of(settings);
    EXPECT_EQ(setup.servers, settings.servers);
    EXPECT_EQ(setup.monitor, settings.monitor);
    EXPECT_EQ(setup.tls, settings.server_tls);
}

}  // namespace
}  // namespace weir::replication_monitor
