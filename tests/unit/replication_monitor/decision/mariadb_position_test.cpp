#include "replication_monitor/decision/mariadb_position.hpp"

#include <gtest/gtest.h>

#include <ostream>
#include <string>

namespace weir::replication_monitor {
namespace {

struct position_row {
    const char* name;
    std::string_view binlog;
    std::string_view applied;
    applier_state state;
    std::string_view executed;

    friend void PrintTo(const position_row& shown, std::ostream* out) { *out << shown.name; }
};

class mariadb_position_table : public testing::TestWithParam<position_row> {};

TEST_P(mariadb_position_table, gives_the_executed_set) {
    const auto [name, binlog, applied, state, expected] = GetParam();
    const auto executed = executed_set({binlog, applied}, state);
    ASSERT_TRUE(executed);
    const auto parsed =
        protocol::mysql::gtid_set::parse(expected, protocol::mysql::server_flavor::mariadb);
    EXPECT_EQ(*executed, *parsed) << executed->to_string();
}

constexpr auto idle = applier_state::idle;
constexpr auto running = applier_state::running;

const position_row position_rows[] = {
    {"empty", "", "", idle, ""},
    {"primary_from_the_start", "0-1-100", "", idle, "0-1-100"},
    {"primary_that_was_a_replica", "0-1-100", "0-2-50", idle, "0-1-100"},
    {"stopped_replica_without_own_log", "", "0-1-100", idle, "0-1-100"},
    {"running_replica_without_own_log", "", "0-1-100", running, "0-1-100"},
    {"running_replica_logs_before_others_can_read", "0-1-101", "0-1-100", running, "0-1-100"},
    {"running_replica_with_a_domain_of_its_own",
     "0-1-101,5-2-7",
     "0-1-100",
     running,
     "0-1-100,5-2-7"},
    {"running_replica_that_applied_nothing_yet", "0-1-100", "", running, "0-1-100"},
    {"several_domains_and_white_space", "0-1-9, 1-1-8", "2-1-3,\n1-1-9", idle, "0-1-9,1-1-9,2-1-3"},
    {"domains_are_compared_whole", "1-1-5", "11-1-9", running, "1-1-5,11-1-9"},
};

INSTANTIATE_TEST_SUITE_P(
    rows,
    mariadb_position_table,
    testing::ValuesIn(position_rows),
    [](const auto& shown) { return std::string{shown.param.name}; }
);

TEST(mariadb_position, malformed_text_is_an_error) {
    EXPECT_FALSE(executed_set({"", "rubbish"}, idle));
    EXPECT_FALSE(executed_set({"rubbish", ""}, idle));
}

}  // namespace
}  // namespace weir::replication_monitor
