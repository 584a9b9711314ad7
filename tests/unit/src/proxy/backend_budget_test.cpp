#include "src/proxy/backend_budget.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <utility>
#include <vector>

namespace weir::proxy {
namespace {

constexpr replication_monitor::server_id first{0};
constexpr replication_monitor::server_id second{1};

/// A budget that counts its announcements.
struct counted_budget {
    backend_budget budget;
    int announced = 0;

    counted_budget() {
        budget.on_freed = [this] { ++announced; };
    }
};

TEST(backend_budget, gives_as_many_places_as_the_limit_says) {
    backend_budget budget;
    const auto one = budget.try_take(first, 2);
    const auto two = budget.try_take(first, 2);
    EXPECT_TRUE(one && two);
    EXPECT_FALSE(budget.try_take(first, 2));
    EXPECT_EQ(budget.taken(first), 2U);
}

TEST(backend_budget, counts_each_server_for_itself) {
    backend_budget budget;
    const auto one = budget.try_take(first, 1);
    EXPECT_TRUE(budget.try_take(second, 1));
    EXPECT_FALSE(budget.try_take(first, 1));
}

TEST(backend_budget, has_no_limit_at_zero_but_counts) {
    backend_budget budget;
    const auto one = budget.try_take(first, 0);
    const auto two = budget.try_take(first, 0);
    EXPECT_TRUE(one && two);
    EXPECT_FALSE(budget.try_take(first, 2)) << "a limit that came with a reload";
}

TEST(backend_budget, gets_a_place_back_when_its_holder_goes) {
    backend_budget budget;
    auto held = budget.try_take(first, 1);
    ASSERT_TRUE(held);
    backend_place moved = std::move(*held);
    held.reset();
    EXPECT_EQ(budget.taken(first), 1U) << "moved, not gone";
    moved.give_back();
    moved.give_back();
    EXPECT_EQ(budget.taken(first), 0U);
    EXPECT_TRUE(budget.try_take(first, 1));
}

TEST(backend_budget, gets_the_former_place_back_when_another_takes_its_room) {
    backend_budget budget;
    auto one = budget.try_take(first, 0);
    auto other = budget.try_take(second, 0);
    ASSERT_TRUE(one && other);
    *one = std::move(*other);
    EXPECT_EQ(budget.taken(first), 0U);
    EXPECT_EQ(budget.taken(second), 1U);
}

TEST(backend_budget, announces_a_freed_place_only_to_who_was_refused) {
    counted_budget counted;
    auto place = counted.budget.try_take(first, 1);
    place.reset();
    EXPECT_EQ(counted.announced, 0) << "nobody waits";
    place = counted.budget.try_take(first, 1);
    EXPECT_FALSE(counted.budget.try_take(first, 1));
    EXPECT_FALSE(counted.budget.try_take(first, 1));
    place.reset();
    EXPECT_EQ(counted.announced, 1) << "once for all: each of them looks again";
    place = counted.budget.try_take(first, 1);
    place.reset();
    EXPECT_EQ(counted.announced, 1);
}

TEST(backend_budget, never_gives_more_than_the_limit_to_several_threads) {
    constexpr std::uint32_t limit = 3;
    constexpr int rounds = 2'000;
    backend_budget budget;
    std::atomic<int> inside{0};
    std::atomic<bool> was_exceeded{false};
    std::vector<std::jthread> threads;
    for (int i = 0; i < 4; ++i) {
        threads.emplace_back([&] {
            for (int round = 0; round < rounds; ++round) {
                const auto place = budget.try_take(first, limit);
                if (!place) continue;
                if (inside.fetch_add(1) >= static_cast<int>(limit)) was_exceeded = true;
                inside.fetch_sub(1);
            }
        });
    }
    threads.clear();
    EXPECT_FALSE(was_exceeded);
    EXPECT_EQ(budget.taken(first), 0U);
}

}  // namespace
}  // namespace weir::proxy
