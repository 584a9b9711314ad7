#include "splitter/rules/throttle.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

namespace weir::splitter {
namespace {

using namespace std::chrono_literals;
using time_point = throttle::clock::time_point;

constexpr time_point start{1000s};

/// One statement after another: when it comes, and how long it waits; -1ms: it is refused.
struct arrival {
    std::chrono::milliseconds at;
    std::chrono::milliseconds waits;
};

void expect_waits(throttle& brake, const std::vector<arrival>& arrivals) {
    for (const arrival& each : arrivals) {
        const auto wait = brake.admit(start + each.at);
        const auto shown = wait.value_or(-1ms);
        EXPECT_EQ(std::chrono::duration_cast<std::chrono::milliseconds>(shown), each.waits)
            << "at " << each.at.count() << " ms";
    }
}

TEST(throttle, lets_as_many_through_at_once_as_the_rate_names) {
    throttle brake{{3, 1'500ms}, 1s};
    expect_waits(
        brake,
        {{0ms, 0ms}, {0ms, 0ms}, {0ms, 0ms}, {0ms, 500ms}, {0ms, 1000ms}, {0ms, -1ms}, {0ms, -1ms}}
    );
}

TEST(throttle, fills_evenly) {
    throttle brake{{2, 1s}, 10s};
    expect_waits(brake, {{0ms, 0ms}, {0ms, 0ms}, {500ms, 0ms}, {700ms, 300ms}, {3000ms, 0ms}});
}

TEST(throttle, holds_no_more_than_a_bucket_after_a_long_pause) {
    throttle brake{{1, 1s}, 10s};
    expect_waits(brake, {{0ms, 0ms}, {60'000ms, 0ms}, {60'000ms, 1000ms}});
}

TEST(throttle, takes_no_turn_for_what_it_refuses) {
    throttle brake{{1, 1s}, 0s};
    expect_waits(brake, {{0ms, 0ms}, {10ms, -1ms}, {500ms, -1ms}, {1000ms, 0ms}});
}

TEST(throttle, counts_across_threads) {
    throttle brake{{1000, 3'600'000ms}, 0s};
    std::atomic<int> admitted = 0;
    std::vector<std::thread> threads;
    for (int number = 0; number < 4; ++number) {
        threads.emplace_back([&] {
            for (int statement = 0; statement < 1000; ++statement)
                admitted += brake.admit(start) ? 1 : 0;
        });
    }
    for (std::thread& thread : threads)
        thread.join();
    EXPECT_EQ(admitted, 1000);
}

}  // namespace
}  // namespace weir::splitter
