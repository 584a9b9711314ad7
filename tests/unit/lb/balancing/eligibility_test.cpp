#include "lb/balancing/eligibility.hpp"

#include "tests/unit/lb/balancing/servers.hpp"

#include <gtest/gtest.h>

#include <array>
#include <ostream>

namespace weir::lb {
namespace {

using namespace std::chrono_literals;

backend_load failing_until(time_point retry_at) {
    backend_load load;
    load.connect_failures = 1;
    load.retry_at = retry_at;
    return load;
}

struct eligibility_row {
    const char* name;
    server_state server;
    eligibility verdict;
    backend_load load{};
    std::optional<server_id> wanted{};
    std::vector<server_id> excluded{};
    const char* must_contain = nullptr;

    friend void PrintTo(const eligibility_row& shown, std::ostream* out) { *out << shown.name; }
};

selection_request request_of(
    const eligibility_row& from, const protocol::mysql::gtid_set& must_contain
) {
    selection_request request;
    request.needs = selection_request::role::replica;
    request.max_lag = 2s;
    request.wanted = from.wanted;
    request.excluded = from.excluded;
    request.now = now;
    if (from.must_contain != nullptr) request.must_contain = &must_contain;
    return request;
}

class check_replica_table : public testing::TestWithParam<eligibility_row> {};

TEST_P(check_replica_table, gives_the_first_reason) {
    const auto must_contain =
        gtids(GetParam().must_contain != nullptr ? GetParam().must_contain : "");
    const auto request = request_of(GetParam(), must_contain);
    EXPECT_EQ(check_replica(GetParam().server, request, &GetParam().load), GetParam().verdict);
}

const eligibility_row replica_rows[] = {
    {"healthy", replica(1), eligibility::eligible},
    {"at_the_highest_lag", lagging(replica(1), 2s), eligibility::eligible},
    {"beyond_the_highest_lag", lagging(replica(1), 2'001ms), eligibility::lagging},
    {"lag_unknown", lag_unknown(replica(1)), eligibility::lag_unknown},
    {"unreachable", unreachable(replica(1)), eligibility::unreachable},
    {"stopped", stopped(replica(1)), eligibility::not_running},
    {"primary", primary(1), eligibility::not_a_replica},
    {"detached", in_role(replica(1), server_role::detached), eligibility::not_a_replica},
    {"unknown", in_role(replica(1), server_role::unknown), eligibility::not_a_replica},
    {"no_weight", weighted(replica(1), 0), eligibility::no_weight},
    {"no_weight_but_wanted", weighted(replica(1), 0), eligibility::eligible, {}, server_id{1}},
    {"wanted_but_lagging", lagging(replica(1), 3s), eligibility::lagging, {}, server_id{1}},
    {"tried_already", replica(1), eligibility::excluded, {}, {}, {{7}, {1}}},
    {"another_tried", replica(1), eligibility::eligible, {}, {}, {{7}}},
    {"backing_off", replica(1), eligibility::backing_off, failing_until(now + 1ms)},
    {"backed_off_long_enough", replica(1), eligibility::eligible, failing_until(now)},
    {"has_the_gtid", replica(1), eligibility::eligible, {}, {}, {}, "0-1-100"},
    {"lacks_the_gtid", at(replica(1), "0-1-99"), eligibility::gtid_missing, {}, {}, {}, "0-1-100"},
    {"nothing_is_in_all", at(replica(1), ""), eligibility::eligible, {}, {}, {}, ""},
    {"gtid_is_the_last_reason",
     at(lagging(replica(1), 3s), ""),
     eligibility::lagging,
     {},
     {},
     {},
     "0-1-1"},
};

INSTANTIATE_TEST_SUITE_P(
    rows,
    check_replica_table,
    testing::ValuesIn(replica_rows),
    [](const auto& shown) { return std::string{shown.param.name}; }
);

class check_primary_table : public testing::TestWithParam<eligibility_row> {};

TEST_P(check_primary_table, gives_the_first_reason) {
    const auto must_contain =
        gtids(GetParam().must_contain != nullptr ? GetParam().must_contain : "");
    const auto request = request_of(GetParam(), must_contain);
    EXPECT_EQ(check_primary(GetParam().server, request, &GetParam().load), GetParam().verdict);
}

const eligibility_row primary_rows[] = {
    {"healthy", primary(1), eligibility::eligible},
    {"weight_does_not_matter", weighted(primary(1), 0), eligibility::eligible},
    {"has_every_gtid", at(primary(1), ""), eligibility::eligible, {}, {}, {}, "0-1-100"},
    {"unreachable", unreachable(primary(1)), eligibility::unreachable},
    {"tried_already", primary(1), eligibility::excluded, {}, {}, {{1}}},
    {"backing_off", primary(1), eligibility::backing_off, failing_until(now + 1ms)},
};

INSTANTIATE_TEST_SUITE_P(
    rows,
    check_primary_table,
    testing::ValuesIn(primary_rows),
    [](const auto& shown) { return std::string{shown.param.name}; }
);

TEST(eligibility, without_load_nothing_backs_off) {
    EXPECT_EQ(check_replica(replica(1), {}, nullptr), eligibility::eligible);
    EXPECT_EQ(check_primary(primary(1), {}, nullptr), eligibility::eligible);
}

TEST(eligibility, names_are_for_people) {
    EXPECT_EQ(name_of(eligibility::eligible), "eligible");
    EXPECT_EQ(name_of(eligibility::lag_unknown), "lag unknown");
}

}  // namespace
}  // namespace weir::lb
