#include "lb/balancing/backend_selector.hpp"

#include "tests/unit/lb/balancing/servers.hpp"

#include <gtest/gtest.h>

#include <array>
#include <map>
#include <ostream>
#include <set>

namespace weir::lb {
namespace {

using namespace std::chrono_literals;
using config::primary_reads;
using enum selection_reason;

constexpr auto write = selection_request::role::primary;
constexpr auto read = selection_request::role::replica;

selection_request request_for(selection_request::role needs) {
    selection_request request;
    request.needs = needs;
    request.max_lag = 2s;
    request.now = now;
    return request;
}

backend_load with_in_flight(std::uint32_t number, std::uint32_t in_flight) {
    backend_load load;
    load.server = {number};
    load.in_flight = in_flight;
    return load;
}

backend_load backing_off(std::uint32_t number) {
    auto load = with_in_flight(number, 0);
    load.retry_at = now + 1s;
    return load;
}

// --- who may take it

struct select_row {
    const char* name;
    topology servers;
    selection_request::role needs;
    std::optional<std::uint32_t> server;
    selection_reason reason;
    primary_reads reads = primary_reads::when_no_replica;
    std::optional<server_id> wanted{};
    std::vector<server_id> excluded{};
    const char* must_contain = "";
    std::vector<backend_load> loads{};

    friend void PrintTo(const select_row& shown, std::ostream* out) { *out << shown.name; }
};

class select_table : public testing::TestWithParam<select_row> {};

TEST_P(select_table, gives_server_and_reason) {
    const auto& given = GetParam();
    const auto must_contain = gtids(given.must_contain);
    auto request = request_for(given.needs);
    request.must_contain = &must_contain;
    request.primary_reads = given.reads;
    request.wanted = given.wanted;
    request.excluded = given.excluded;
    const auto chosen = select(request, given.servers, given.loads, 0);
    EXPECT_EQ(chosen.reason, given.reason) << name_of(chosen.reason);
    EXPECT_EQ(chosen.server.has_value(), given.server.has_value());
    if (chosen.server && given.server) {
        EXPECT_EQ(chosen.server->value, *given.server);
    }
}

const auto pair = of({primary(1), replica(2)});
const auto late_pair = of({primary(1), at(replica(2), "0-1-99")});
const auto lagging_pair = of({primary(1), lagging(replica(2), 3s)});
const auto alone = of({primary(1)});
const auto headless = of({replica(2)});
constexpr auto never = primary_reads::never;
constexpr auto when_no_replica = primary_reads::when_no_replica;
constexpr auto always = primary_reads::always;

const select_row select_rows[] = {
    {"write", pair, write, 1, primary_needed},
    {"write_though_a_replica_is_wanted", pair, write, 1, primary_needed, never, server_id{2}},
    {"write_without_a_primary", headless, write, std::nullopt, no_primary},
    {"write_to_an_unreachable_primary",
     of({unreachable(primary(1))}),
     write,
     std::nullopt,
     no_primary},
    {"write_tried_in_vain", pair, write, std::nullopt, primary_excluded, never, {}, {{1}}},
    {"write_while_the_primary_backs_off",
     pair,
     write,
     std::nullopt,
     primary_backing_off,
     never,
     {},
     {},
     "",
     {backing_off(1)}},
    {"read", pair, read, 2, balanced},
    {"read_without_a_primary", headless, read, 2, balanced},
    {"read_passes_over_a_lagging_replica",
     of({primary(1), lagging(replica(2), 3s), replica(3)}),
     read,
     3,
     balanced},
    {"read_passes_over_a_replica_that_backs_off",
     of({primary(1), replica(2), replica(3)}),
     read,
     3,
     balanced,
     never,
     {},
     {},
     "",
     {backing_off(2)}},
    {"read_again_elsewhere",
     of({primary(1), replica(2), replica(3)}),
     read,
     3,
     balanced,
     never,
     {},
     {{2}}},
    {"read_without_replicas", alone, read, 1, no_replica},
    {"read_without_eligible_replicas", lagging_pair, read, 1, no_replica},
    {"read_without_replicas_never", alone, read, std::nullopt, no_eligible_replica, never},
    {"read_without_replicas_always", alone, read, 1, primary_shares, always},
    {"read_without_weights_always", of({weighted(primary(1), 0)}), read, 1, no_replica, always},
    {"read_without_anyone", of({}), read, std::nullopt, no_primary},
    {"read_of_own_writes", pair, read, 2, balanced, never, {}, {}, "0-1-100"},
    {"read_of_own_writes_too_early",
     late_pair,
     read,
     1,
     primary_has_gtid,
     when_no_replica,
     {},
     {},
     "0-1-100"},
    {"read_of_own_writes_too_early_beats_never",
     late_pair,
     read,
     1,
     primary_has_gtid,
     never,
     {},
     {},
     "0-1-100"},
    {"read_of_own_writes_with_no_replica_that_is_well",
     lagging_pair,
     read,
     std::nullopt,
     no_eligible_replica,
     never,
     {},
     {},
     "0-1-100"},
    {"read_of_own_writes_from_the_one_that_has_them",
     of({primary(1), at(replica(2), "0-1-99"), replica(3)}),
     read,
     3,
     balanced,
     never,
     {},
     {},
     "0-1-100"},
    {"wanted_replica",
     of({primary(1), replica(2), replica(3)}),
     read,
     3,
     wanted,
     when_no_replica,
     server_id{3}},
    {"wanted_replica_that_takes_no_others",
     of({primary(1), replica(2), weighted(replica(3), 0)}),
     read,
     3,
     wanted,
     when_no_replica,
     server_id{3}},
    {"wanted_primary", pair, read, 1, wanted, never, server_id{1}},
    {"wanted_replica_that_lags",
     of({primary(1), lagging(replica(2), 3s), replica(3)}),
     read,
     3,
     balanced,
     when_no_replica,
     server_id{2}},
    {"wanted_server_that_is_not_listed", pair, read, 2, balanced, when_no_replica, server_id{9}},
};

INSTANTIATE_TEST_SUITE_P(rows, select_table, testing::ValuesIn(select_rows), [](const auto& shown) {
    return std::string{shown.param.name};
});

// --- shares

using shares = std::map<std::uint32_t, int>;

shares shares_of(const topology& servers, primary_reads reads, int turns) {
    auto request = request_for(read);
    request.primary_reads = reads;
    shares taken;
    for (int turn = 0; turn < turns; ++turn) {
        const auto chosen = select(request, servers, {}, static_cast<std::uint64_t>(turn));
        EXPECT_TRUE(chosen.server);
        if (chosen.server) ++taken[chosen.server->value];
    }
    return taken;
}

TEST(select, weights_are_shares_without_load) {
    const auto servers = of({primary(1), weighted(replica(2), 1), weighted(replica(3), 2)});
    EXPECT_EQ(shares_of(servers, when_no_replica, 300), (shares{{2, 100}, {3, 200}}));
}

TEST(select, equal_weights_are_equal_shares) {
    const auto servers = of({primary(1), replica(2), replica(3), replica(4)});
    EXPECT_EQ(shares_of(servers, when_no_replica, 300), (shares{{2, 100}, {3, 100}, {4, 100}}));
}

TEST(select, a_primary_that_always_reads_is_spared_where_a_hint_says_so) {
    const struct {
        topology servers;
        bool spares_primary;
        std::set<std::uint32_t> expected;
    } rows_of_hint[]{
        {pair, false, {1, 2}},
        {pair, true, {2}},
        {lagging_pair, true, {1}},
        {alone, true, {1}},
    };

    for (const auto& given : rows_of_hint) {
        auto request = request_for(read);
        request.primary_reads = always;
        request.spares_primary = given.spares_primary;
        std::set<std::uint32_t> chosen;
        for (std::uint64_t turn = 0; turn < 10; ++turn) {
            const auto one = select(request, given.servers, {}, turn);
            if (one.server) chosen.insert(one.server->value);
        }
        EXPECT_EQ(chosen, given.expected);
    }
}

TEST(select, a_primary_that_always_reads_has_its_share) {
    const auto servers = of({weighted(primary(1), 1), weighted(replica(2), 3)});
    EXPECT_EQ(shares_of(servers, always, 400), (shares{{1, 100}, {2, 300}}));
}

TEST(select, weight_zero_has_no_share) {
    const auto servers = of({primary(1), weighted(replica(2), 0), replica(3)});
    EXPECT_EQ(shares_of(servers, when_no_replica, 10), (shares{{3, 10}}));
}

// --- load

struct load_row {
    const char* name;
    std::uint32_t weight_2;
    std::uint32_t weight_3;
    std::uint32_t in_flight_2;
    std::uint32_t in_flight_3;
    std::vector<std::uint32_t> with_room;  ///< of replicas 2 and 3

    friend void PrintTo(const load_row& shown, std::ostream* out) { *out << shown.name; }
};

class select_under_load : public testing::TestWithParam<load_row> {};

TEST_P(select_under_load, takes_those_with_room) {
    const auto& given = GetParam();
    const auto servers =
        of({primary(1), weighted(replica(2), given.weight_2), weighted(replica(3), given.weight_3)}
        );
    const std::vector loads{
        with_in_flight(3, given.in_flight_3), with_in_flight(2, given.in_flight_2)};
    shares taken;
    for (std::uint64_t turn = 0; turn < 100; ++turn) {
        ++taken[select(request_for(read), servers, loads, turn).server.value().value];
    }
    std::vector<std::uint32_t> chosen;
    for (const auto& [server, count] : taken)
        chosen.push_back(server);
    EXPECT_EQ(chosen, given.with_room);
}

const load_row load_rows[] = {
    {"both_idle", 1, 1, 0, 0, {2, 3}},
    {"one_busy", 1, 1, 1, 0, {3}},
    {"both_as_busy", 1, 1, 4, 4, {2, 3}},
    {"one_less_busy", 1, 1, 5, 4, {3}},
    {"the_heavier_takes_more", 1, 2, 1, 1, {3}},
    {"the_heavier_has_its_due", 1, 2, 1, 2, {2, 3}},
    {"the_heavier_is_preferred_to_an_idle_light_one", 1, 10, 0, 1, {2, 3}},
    {"the_heavier_is_full", 1, 2, 0, 2, {2}},
    {"a_hanging_server_is_passed_over", 1, 1, 100, 3, {3}},
};

INSTANTIATE_TEST_SUITE_P(
    rows,
    select_under_load,
    testing::ValuesIn(load_rows),
    [](const auto& shown) { return std::string{shown.param.name}; }
);

TEST(select, in_flight_work_settles_at_the_weights) {
    const auto servers = of({primary(1), weighted(replica(2), 1), weighted(replica(3), 3)});
    std::vector loads{with_in_flight(2, 0), with_in_flight(3, 0)};
    for (std::uint64_t turn = 0; turn < 400; ++turn) {
        const auto chosen = select(request_for(read), servers, loads, turn * 7919);
        for (auto& load : loads)
            load.in_flight += load.server == chosen.server ? 1U : 0U;
    }
    EXPECT_NEAR(loads[0].in_flight, 100, 1);
    EXPECT_NEAR(loads[1].in_flight, 300, 1);
}

TEST(select, a_server_without_load_counts_as_idle) {
    const auto servers = of({primary(1), replica(2), replica(3)});
    const std::vector loads{with_in_flight(2, 1)};
    EXPECT_EQ(select(request_for(read), servers, loads, 0).server, server_id{3});
}

// --- replicas that are waited for

TEST(select, waits_for_the_replica_that_lags_least) {
    const auto needed = gtids("0-1-200");
    auto request = request_for(read);
    request.must_contain = &needed;
    request.may_wait = true;
    const topology behind =
        of({primary(1), lagging(replica(2), 500ms), lagging(replica(3), 20ms), stopped(replica(4))}
        );
    EXPECT_EQ(select(request, behind, {}, 0), (selection{server_id{3}, catches_up}));
    request.may_wait = false;
    EXPECT_EQ(select(request, behind, {}, 0), (selection{server_id{1}, primary_has_gtid}));
}

TEST(select, waits_in_turns_for_replicas_that_lag_alike) {
    const auto needed = gtids("0-1-200");
    auto request = request_for(read);
    request.must_contain = &needed;
    request.may_wait = true;
    const topology behind = of({primary(1), replica(2), replica(3), lagging(replica(4), 500ms)});
    EXPECT_EQ(select(request, behind, {}, 0), (selection{server_id{2}, catches_up}));
    EXPECT_EQ(select(request, behind, {}, 1), (selection{server_id{3}, catches_up}));
    EXPECT_EQ(select(request, behind, {}, 2), (selection{server_id{2}, catches_up}));
    request.wanted = server_id{4};
    EXPECT_EQ(select(request, behind, {}, 0), (selection{server_id{4}, catches_up}));
}

TEST(select, takes_a_replica_that_somebody_has_waited_for) {
    const auto needed = gtids("0-1-200");
    auto request = request_for(read);
    request.must_contain = &needed;
    request.may_wait = true;
    auto load = with_in_flight(2, 0);
    load.caught_up = gtids("0-1-200");
    const topology behind = of({primary(1), lagging(replica(2), 500ms), replica(3)});
    EXPECT_EQ(select(request, behind, std::array{load}, 0), (selection{server_id{2}, balanced}));
}

}  // namespace
}  // namespace weir::lb
