#include "replication_monitor/monitor/definition_watcher.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <string>
#include <vector>

namespace weir::replication_monitor {
namespace {

using namespace std::chrono_literals;
using time_point = std::chrono::steady_clock::time_point;

/// A server whose definitions are one number, and what was told of them; all behind one mutex.
class scene {
public:
    void set(int content) {
        const std::lock_guard lock{mutex_};
        content_ = content;
    }

    void fail(bool does_fail) {
        const std::lock_guard lock{mutex_};
        does_fail_ = does_fail;
    }

    /// The next reading, once it has begun, does not end until release().
    void hold() {
        const std::lock_guard lock{mutex_};
        is_held_ = true;
    }

    void release() {
        const std::lock_guard lock{mutex_};
        is_held_ = false;
        changed_.notify_all();
    }

    definitions_reading read(const std::string& server, std::string_view known) {
        using outcome = definitions_reading::outcome;
        std::unique_lock lock{mutex_};
        read_from_.push_back(server);
        definitions_reading reading;
        reading.fingerprint = std::to_string(content_);
        reading.error = "error 2006: gone";
        definition_list list;
        list.version_number = static_cast<std::uint32_t>(content_);
        list.may_miss_views = true;
        changed_.notify_all();
        changed_.wait(lock, [&] { return !is_held_; });
        if (does_fail_) return reading;
        reading.what = reading.fingerprint == known ? outcome::unchanged : outcome::read;
        if (reading.what == outcome::read) {
            reading.definitions = std::make_shared<const definition_list>(std::move(list));
        }
        return reading;
    }

    definition_callbacks callbacks() {
        definition_callbacks all;
        all.on_definitions = [this](std::shared_ptr<const definition_list> list, time_point at) {
            const std::lock_guard lock{mutex_};
            told.push_back({std::move(list), at});
            changed_.notify_all();
        };
        all.log = [this](config::log_level, std::string_view line) {
            const std::lock_guard lock{mutex_};
            lines.emplace_back(line);
            changed_.notify_all();
        };
        return all;
    }

    probe_factory factory();

    template <class Condition>
    [[nodiscard]] bool eventually(Condition condition) {
        std::unique_lock lock{mutex_};
        return changed_.wait_for(lock, 20s, condition);
    }

    struct telling {
        std::shared_ptr<const definition_list> list;
        time_point asked_at;
    };

    /// For conditions, or for after stop().
    std::vector<telling> told;
    std::vector<std::string> lines;
    std::vector<std::string> read_from_;

private:
    std::mutex mutex_;
    std::condition_variable changed_;
    int content_ = 1;
    bool does_fail_ = false;
    bool is_held_ = false;
};

class definitions_probe final : public probe {
public:
    definitions_probe(scene& stage, std::string server)
        : stage_(stage), server_(std::move(server)) {}

    probe_result ask() override { return {}; }

    accounts_reading read_accounts() override { return {}; }

    definitions_reading read_definitions(std::string_view known) override {
        return stage_.read(server_, known);
    }

private:
    scene& stage_;
    const std::string server_;
};

probe_factory scene::factory() {
    return [this](const probe_settings& settings) {
        return std::make_unique<definitions_probe>(*this, settings.server.name);
    };
}

probe_settings settings_of(const char* server, std::chrono::milliseconds interval) {
    probe_settings settings;
    settings.server.name = server;
    settings.monitor.catalog_interval = interval;
    return settings;
}

class a_definition_watcher : public testing::Test {
protected:
    a_definition_watcher() { watched.start(); }

    [[nodiscard]] bool has_told(std::size_t times) {
        return stage.eventually([&] { return stage.told.size() >= times; });
    }

    scene stage;
    definition_watcher watched{stage.factory(), stage.callbacks()};
};

TEST_F(a_definition_watcher, reads_at_once_and_then_by_time) {
    watched.follow(settings_of("db1", 10ms));
    ASSERT_TRUE(has_told(3));
    watched.stop();
    EXPECT_EQ(stage.told[0].list->version_number, 1U);
    EXPECT_EQ(stage.told[1].list, stage.told[0].list);
    EXPECT_GT(stage.told[1].asked_at, stage.told[0].asked_at);
}

TEST_F(a_definition_watcher, tells_what_changed) {
    watched.follow(settings_of("db1", 10ms));
    ASSERT_TRUE(has_told(1));
    stage.set(2);
    ASSERT_TRUE(stage.eventually([&] { return stage.told.back().list->version_number == 2; }));
}

TEST_F(a_definition_watcher, a_request_is_answered_by_a_reading_that_began_later) {
    stage.hold();
    watched.follow(settings_of("db1", 1h));
    ASSERT_TRUE(stage.eventually([&] { return stage.read_from_.size() == 1; }));
    stage.set(2);
    const auto requested_at = std::chrono::steady_clock::now();
    watched.request();
    stage.release();
    ASSERT_TRUE(has_told(2));
    watched.stop();
    EXPECT_LT(stage.told[0].asked_at, requested_at);
    EXPECT_EQ(stage.told[0].list->version_number, 1U);
    EXPECT_GE(stage.told[1].asked_at, requested_at);
    EXPECT_EQ(stage.told[1].list->version_number, 2U);
}

TEST_F(a_definition_watcher, follows_to_another_server) {
    watched.follow(settings_of("db1", 1h));
    ASSERT_TRUE(has_told(1));
    watched.follow(settings_of("db2", 1h));
    ASSERT_TRUE(has_told(2));
    watched.stop();
    EXPECT_EQ(stage.read_from_, (std::vector<std::string>{"db1", "db2"}));
}

TEST_F(a_definition_watcher, drops_what_a_server_answers_that_it_no_longer_follows) {
    stage.hold();
    watched.follow(settings_of("db1", 1h));
    ASSERT_TRUE(stage.eventually([&] { return stage.read_from_.size() == 1; }));
    watched.follow(settings_of("db2", 1h));
    stage.release();
    ASSERT_TRUE(stage.eventually([&] { return stage.read_from_.size() == 2; }));
    ASSERT_TRUE(has_told(1));
    watched.stop();
    EXPECT_EQ(stage.told.size(), 1U);
}

TEST_F(a_definition_watcher, keeps_asking_after_a_failure_and_logs_it_once) {
    stage.fail(true);
    watched.follow(settings_of("db1", 1ms));
    ASSERT_TRUE(stage.eventually([&] { return stage.read_from_.size() >= 3; }));
    stage.fail(false);
    ASSERT_TRUE(has_told(1));
    watched.stop();
    const std::string line =
        "the primary's functions and views could not be read: error 2006: gone";
    EXPECT_EQ(std::ranges::count(stage.lines, line), 1);
}

TEST_F(a_definition_watcher, warns_once_that_views_may_be_missing) {
    watched.follow(settings_of("db1", 1ms));
    ASSERT_TRUE(has_told(1));
    stage.set(2);
    ASSERT_TRUE(stage.eventually([&] { return stage.told.back().list->version_number == 2; }));
    watched.stop();
    const auto warns = [](const std::string& line) {
        return line.find("taken for tables") != std::string::npos;
    };
    EXPECT_EQ(std::ranges::count_if(stage.lines, warns), 1);
}

TEST_F(a_definition_watcher, reads_nothing_with_an_interval_of_zero_or_without_a_primary) {
    watched.follow(settings_of("db1", 0ms));
    watched.request();
    watched.follow(std::nullopt);
    watched.request();
    watched.follow(settings_of("db2", 1h));
    ASSERT_TRUE(has_told(1));
    watched.stop();
    EXPECT_EQ(stage.read_from_, std::vector<std::string>{"db2"});
}

TEST(definition_watcher, need_not_be_started) {
    scene stage;
    definition_watcher watched{stage.factory(), stage.callbacks()};
    watched.request();
    watched.stop();
}

}  // namespace
}  // namespace weir::replication_monitor
