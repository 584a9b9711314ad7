#include "src/runtime/worker.hpp"

#include "src/runtime/log.hpp"
#include "src/runtime/worker_group.hpp"

#include <boost/asio/steady_timer.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>
#include <mutex>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

namespace weir::runtime {
namespace {

/// What contents did, in order, and in which thread; several threads write.
class record {
public:
    void add(std::string what) {
        const std::scoped_lock lock(mutex_);
        events_.push_back(std::move(what));
        threads_.push_back(std::this_thread::get_id());
    }

    [[nodiscard]] std::vector<std::string> events() const {
        const std::scoped_lock lock(mutex_);
        return events_;
    }

    [[nodiscard]] bool all_in_one_other_thread() const {
        const std::scoped_lock lock(mutex_);
        for (const auto& thread : threads_) {
            if (thread != threads_.front() || thread == std::this_thread::get_id()) return false;
        }
        return !threads_.empty();
    }

private:
    mutable std::mutex mutex_;
    std::vector<std::string> events_;
    std::vector<std::thread::id> threads_;
};

/// Keeps one operation pending until it is drained or stopped.
class waiting_content final : public worker_content {
public:
    waiting_content(worker& owner, record& log) : log_(log), timer_(owner.context()) {
        log_.add("created");
        timer_.expires_at(std::chrono::steady_clock::time_point::max());
        timer_.async_wait([this](const auto&) { log_.add("cancelled"); });
    }

    ~waiting_content() override { log_.add("destroyed"); }

    waiting_content(const waiting_content&) = delete;
    waiting_content& operator=(const waiting_content&) = delete;

    void drain() override {
        log_.add("drain");
        timer_.cancel();
    }

    void stop() override {
        log_.add("stop");
        timer_.cancel();
    }

private:
    record& log_;
    boost::asio::steady_timer timer_;
};

class worker_life : public testing::Test {
protected:
    worker_content_factory factory() {
        return [this](worker& owner) { return std::make_unique<waiting_content>(owner, record_); };
    }

    record record_;
    std::ostringstream lines_;
    logger log_{{}, lines_};
};

TEST_F(worker_life, creates_calls_and_destroys_its_content_in_its_thread) {
    worker one({}, factory(), log_);
    one.start();
    one.drain();
    one.join();
    EXPECT_THAT(
        record_.events(), testing::ElementsAre("created", "drain", "cancelled", "destroyed")
    );
    EXPECT_TRUE(record_.all_in_one_other_thread());
}

TEST_F(worker_life, runs_what_was_posted_before_its_start_after_the_content_exists) {
    worker one({}, factory(), log_);
    one.post([this] { record_.add("posted"); });
    one.start();
    one.stop();
    one.join();
    EXPECT_THAT(
        record_.events(),
        testing::ElementsAre("created", "posted", "stop", "cancelled", "destroyed")
    );
}

TEST_F(worker_life, stops_when_destroyed) {
    {
        worker one({}, factory(), log_);
        one.start();
    }
    EXPECT_THAT(
        record_.events(), testing::ElementsAre("created", "stop", "cancelled", "destroyed")
    );
}

TEST_F(worker_life, needs_no_start_to_be_destroyed) {
    { const worker one({}, factory(), log_); }
    EXPECT_TRUE(record_.events().empty());
}

TEST_F(worker_life, goes_on_after_a_core_that_does_not_exist) {
    {
        worker one({3, 1'023U}, factory(), log_);
        one.start();
    }
    EXPECT_THAT(lines_.str(), testing::HasSubstr("cannot bind the worker to its core"));
    EXPECT_THAT(record_.events(), testing::Contains("destroyed"));
}

TEST_F(worker_life, death_by_exception_is_logged) {
    testing::GTEST_FLAG(death_test_style) = "threadsafe";
    EXPECT_DEATH(
        {
            logger log;
            worker one({}, factory(), log);
            one.post([] { throw std::runtime_error("a bug"); });
            one.start();
            one.join();
        },
        "an exception reached the worker.*a bug"
    );
}

TEST_F(worker_life, group_posts_to_all_and_gives_each_its_index) {
    worker_group group(3, worker_pinning::one_core_each, factory(), log_);
    std::mutex mutex;
    std::vector<std::thread::id> seen;
    group.start();
    std::promise<void> all_ran;
    group.post_to_all([&] {
        const std::scoped_lock lock(mutex);
        seen.push_back(std::this_thread::get_id());
        if (seen.size() == 3) all_ran.set_value();
    });
    all_ran.get_future().wait();
    group.drain();
    group.join();
    EXPECT_EQ(group.at(2).index(), 2);
    EXPECT_NE(seen[0], seen[1]);
    EXPECT_NE(seen[1], seen[2]);
    EXPECT_NE(seen[0], seen[2]);
}

}  // namespace
}  // namespace weir::runtime
