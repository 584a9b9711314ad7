#include "src/runtime/snapshot.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

namespace weir::runtime {
namespace {

struct pair_of_equals {
    int first = 0;
    int second = 0;
};

TEST(snapshot_publisher, has_nothing_before_the_first_publication) {
    const snapshot_publisher<int> publisher;
    EXPECT_EQ(publisher.load(), nullptr);
    EXPECT_EQ(publisher.generation(), 0U);
}

TEST(snapshot_reader, sees_each_publication_at_its_next_look) {
    snapshot_publisher<int> publisher(std::make_shared<const int>(1));
    snapshot_reader<int> reader(publisher);
    EXPECT_EQ(reader.current(), 1);
    publisher.publish(std::make_shared<const int>(2));
    EXPECT_EQ(reader.current(), 2);
    EXPECT_EQ(reader.seen_generation(), publisher.generation());
}

TEST(snapshot_reader, keeps_a_held_value_alive) {
    snapshot_publisher<int> publisher(std::make_shared<const int>(1));
    snapshot_reader<int> reader(publisher);
    const auto held = reader.hold();
    publisher.publish(std::make_shared<const int>(2));
    EXPECT_EQ(reader.current(), 2);
    EXPECT_EQ(*held, 1);
}

TEST(snapshot_publisher, lets_go_of_the_previous_value) {
    auto first = std::make_shared<const int>(1);
    const std::weak_ptr<const int> watched = first;
    snapshot_publisher<int> publisher(std::move(first));
    publisher.publish(std::make_shared<const int>(2));
    EXPECT_TRUE(watched.expired());
}

TEST(snapshot_reader, sees_only_whole_values_while_another_thread_publishes) {
    constexpr int last = 2'000;
    snapshot_publisher<pair_of_equals> publisher(std::make_shared<const pair_of_equals>());
    std::thread writer([&publisher] {
        for (int i = 1; i <= last; ++i)
            publisher.publish(std::make_shared<const pair_of_equals>(pair_of_equals{i, i}));
    });
    snapshot_reader<pair_of_equals> reader(publisher);
    int torn = 0;
    int backwards = 0;
    for (int previous = 0; previous < last;) {
        const auto& seen = reader.current();
        torn += seen.first != seen.second ? 1 : 0;
        backwards += seen.first < previous ? 1 : 0;
        previous = seen.first;
    }
    writer.join();
    EXPECT_EQ(torn, 0);
    EXPECT_EQ(backwards, 0);
}

}  // namespace
}  // namespace weir::runtime
