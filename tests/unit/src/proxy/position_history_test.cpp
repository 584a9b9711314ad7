#include "src/proxy/position_history.hpp"

#include "tests/support/mysql_gtids.hpp"
#include "tests/unit/src/proxy/moments.hpp"

#include <gtest/gtest.h>

#include <string>

namespace weir::proxy {
namespace {

using protocol::mysql::gtid_set;

constexpr replication_monitor::server_id ours{1};
constexpr replication_monitor::server_id other{2};

gtid_set set_up_to(std::int64_t number) {
    return test::mysql_gtids("1-" + std::to_string(number));
}

/// Asked each second, answered half a second later; the number of the second is what was executed.
position_history filled(std::int64_t until) {
    position_history history;
    for (std::int64_t second = 1; second <= until; ++second)
        history.add(
            ours, at(second), at(second) + std::chrono::milliseconds(500), set_up_to(second)
        );
    return history;
}

TEST(position_history, finds_the_newest_that_lies_in_a_time) {
    const position_history history = filled(10);

    const struct {
        const char* name;
        std::int64_t from;
        std::int64_t to;
        std::int64_t expected;  ///< 0: none
    } rows[]{
        {"all of it", 0, 100, 10},
        {"answered just after its end", 0, 10, 9},
        {"the beginning is part of it", 9, 10, 9},
        {"asked before its beginning", 10, 10, 0},
        {"before the first", 0, 1, 0},
        {"after the last", 11, 100, 0},
    };

    for (const auto& row : rows) {
        const auto* const found = history.find(ours, at(row.from), at(row.to));
        ASSERT_EQ(found != nullptr, row.expected != 0) << row.name;
        if (found != nullptr) {
            EXPECT_EQ(*found, set_up_to(row.expected)) << row.name;
        }
    }
    EXPECT_EQ(history.find(other, at(0), at(100)), nullptr);
}

TEST(position_history, keeps_one_a_second) {
    position_history history = filled(3);
    history.add(ours, at(3) + std::chrono::milliseconds(900), at(4), set_up_to(7));
    EXPECT_EQ(history.size(), 3U);
    history.add(other, at(3) + std::chrono::milliseconds(900), at(4), set_up_to(8));
    EXPECT_EQ(history.size(), 4U) << "another server's says nothing of this one";
    history.add(ours, at(9), at(9), {});
    EXPECT_EQ(history.size(), 4U) << "a server without GTIDs has no position";
}

TEST(position_history, reaches_far_back_with_few) {
    constexpr std::int64_t day = 86'400;
    const position_history history = filled(day);
    EXPECT_LE(history.size(), position_history::size_max);
    const auto* const late = history.find(ours, at(0), at(day - 9));
    ASSERT_NE(late, nullptr);
    EXPECT_TRUE(late->contains(set_up_to(day - 10))) << "of late each second is there";
    EXPECT_NE(history.find(ours, at(0), at(day / 2)), nullptr);
    EXPECT_NE(history.find(ours, at(0), at(3)), nullptr) << "the first one is";
}

}  // namespace
}  // namespace weir::proxy
