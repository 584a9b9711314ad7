#include "replication_monitor/decision/reachability.hpp"

#include <gtest/gtest.h>

#include <ostream>
#include <string_view>

namespace weir::replication_monitor {
namespace {

/// '+' is a good probe, '-' a failed one; `up` has the verdict after each, '1' or '0'.
struct probing_row {
    const char* name;
    damping rules;
    std::string_view probes;
    std::string_view up;

    friend void PrintTo(const probing_row& shown, std::ostream* out) { *out << shown.name; }
};

class reachability_table : public testing::TestWithParam<probing_row> {};

TEST_P(reachability_table, follows_the_probes) {
    reachability server;
    std::string verdicts;
    for (const char probe : GetParam().probes) {
        if (probe == '+') {
            server.on_success(GetParam().rules);
        } else {
            server.on_failure(GetParam().rules);
        }
        verdicts += server.is_up() ? '1' : '0';
    }
    EXPECT_EQ(verdicts, GetParam().up);
}

const probing_row probing_rows[] = {
    {"first_success_counts_at_once", {2, 2}, "+", "1"},
    {"first_success_counts_after_failures_too", {2, 2}, "---+", "0001"},
    {"one_failure_is_forgiven", {2, 2}, "+-+-+-+", "1111111"},
    {"two_in_a_row_are_not", {2, 2}, "+--", "110"},
    {"coming_back_takes_two_in_a_row", {2, 2}, "+--+-++", "1100001"},
    {"one_of_each_is_enough_if_so_told", {1, 1}, "+-+-+", "10101"},
    {"zero_means_one", {0, 0}, "+-+", "101"},
    {"patient_rules", {3, 4}, "+---+++-++++", "111000000001"},
};

INSTANTIATE_TEST_SUITE_P(
    rows,
    reachability_table,
    testing::ValuesIn(probing_rows),
    [](const auto& shown) { return std::string{shown.param.name}; }
);

TEST(reachability, never_probed_is_not_up) {
    EXPECT_FALSE(reachability{}.is_up());
}

}  // namespace
}  // namespace weir::replication_monitor
