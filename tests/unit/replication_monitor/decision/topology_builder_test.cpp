#include "replication_monitor/decision/topology_builder.hpp"

#include "tests/unit/replication_monitor/decision/cluster.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <ostream>

namespace weir::replication_monitor {
namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;

/// A builder with its servers and a clock that moves by hand.
class cluster {
public:
    explicit cluster(std::uint32_t servers) {
        settings.interval = 200ms;
        for (std::uint32_t number = 1; number <= servers; ++number) {
            servers_.push_back(listed(number));
        }
        configure();
    }

    void configure() { builder_.configure(settings, servers_); }

    void list(std::vector<watched_server> servers) {
        servers_ = std::move(servers);
        configure();
    }

    void answer(server_answers answers) {
        const server_id id{answers.server_id};
        builder_.on_probe(id, good(std::move(answers)), now);
    }

    void fail(std::uint32_t number, int times = 2) {
        for (int time = 0; time < times; ++time)
            builder_.on_probe({number}, failed(), now);
    }

    std::shared_ptr<const topology> build() { return builder_.build(now); }

    server_state state(std::uint32_t number) {
        const auto built = build();
        const auto* const found = built->find({number});
        EXPECT_NE(found, nullptr);
        return found == nullptr ? server_state{} : *found;
    }

    server_role role(std::uint32_t number) { return state(number).role; }

    config::monitor_settings settings;
    time_point now = start;

private:
    topology_builder builder_;
    std::vector<watched_server> servers_;
};

// --- one round: who is what

struct expected_server {
    server_role role = server_role::unknown;
    std::optional<milliseconds> lag;
    std::string detail;
};

struct cluster_row {
    const char* name;
    std::vector<server_answers> answers;
    std::optional<std::uint32_t> primary;
    std::vector<expected_server> servers;  ///< by number, from 1

    friend void PrintTo(const cluster_row& shown, std::ostream* out) { *out << shown.name; }
};

class topology_builder_table : public testing::TestWithParam<cluster_row> {};

TEST_P(topology_builder_table, decides_roles_lags_and_reasons) {
    cluster servers{static_cast<std::uint32_t>(GetParam().servers.size())};
    for (const auto& answers : GetParam().answers)
        servers.answer(answers);
    const auto built = servers.build();
    const auto primary =
        GetParam().primary ? std::optional{server_id{*GetParam().primary}} : std::nullopt;
    EXPECT_EQ(built->primary, primary);
    for (std::uint32_t number = 1; number <= GetParam().servers.size(); ++number) {
        SCOPED_TRACE("db" + std::to_string(number));
        const auto& expected = GetParam().servers[number - 1];
        const auto actual = servers.state(number);
        EXPECT_EQ(actual.role, expected.role);
        EXPECT_EQ(actual.lag, expected.lag);
        EXPECT_EQ(actual.detail, expected.detail);
        EXPECT_EQ(actual.replication_running, expected.role == server_role::replica);
    }
}

constexpr auto primary = server_role::primary;
constexpr auto replica = server_role::replica;
constexpr auto detached = server_role::detached;
constexpr auto unknown = server_role::unknown;

const cluster_row cluster_rows[] = {
    {"primary_and_fresh_replica",
     {writable(1), read_only(2, {channel_from(1)})},
     1,
     {{primary, {}, ""}, {replica, 0ms, ""}}},
    {"replica_behind",
     {writable(1), read_only(2, {behind(channel_from(1), 7s)})},
     1,
     {{primary, {}, ""}, {replica, 7'000ms, ""}}},
    {"unknown_lag_is_not_zero",
     {writable(1), read_only(2, {lag_unknown(channel_from(1))})},
     1,
     {{primary, {}, ""}, {replica, {}, "lag is not known"}}},
    {"receiver_connecting_from_the_start",
     {writable(1), read_only(2, {connecting(channel_from(1))})},
     1,
     {{primary, {}, ""}, {replica, {}, "waits for its source db1 (error 2003)"}}},
    {"both_threads_stopped",
     {writable(1), read_only(2, {receiver_stopped(applier_stopped(channel_from(1)))})},
     1,
     {{primary, {}, ""}, {detached, {}, "replication from db1 is stopped"}}},
    {"receiver_stopped",
     {writable(1), read_only(2, {receiver_stopped(channel_from(1))})},
     1,
     {{primary, {}, ""}, {detached, {}, "replication from db1: the receiver is stopped"}}},
    {"applier_stopped",
     {writable(1), read_only(2, {applier_stopped(channel_from(1))})},
     1,
     {{primary, {}, ""}, {detached, {}, "replication from db1: the applier is stopped"}}},
    {"applier_failed",
     {writable(1), read_only(2, {applier_stopped(channel_from(1), 1062)})},
     1,
     {{primary, {}, ""}, {detached, {}, "replication from db1: the applier failed (error 1062)"}}},
    {"read_only_and_alone",
     {writable(1), read_only(2)},
     1,
     {{primary, {}, ""}, {detached, {}, "read-only, and replicates from no listed server"}}},
    {"replica_of_an_unlisted_server",
     {writable(1), read_only(2, {channel_from(9)})},
     1,
     {{primary, {}, ""}, {detached, {}, "read-only, and replicates from no listed server"}}},
    {"chain_adds_up_the_lags",
     {writable(1),
      read_only(2, {behind(channel_from(1), 2s)}),
      read_only(3, {behind(channel_from(2), 3s)})},
     1,
     {{primary, {}, ""}, {replica, 2'000ms, ""}, {replica, 5'000ms, ""}}},
    {"chain_broken_in_the_middle",
     {writable(1),
      read_only(2, {applier_stopped(channel_from(1))}),
      read_only(3, {channel_from(2)})},
     1,
     {{primary, {}, ""},
      {detached, {}, "replication from db1: the applier is stopped"},
      {detached, {}, "its source db2 does not lead to a primary"}}},
    {"lag_unknown_in_the_middle_is_unknown_at_the_end",
     {writable(1), read_only(2, {lag_unknown(channel_from(1))}), read_only(3, {channel_from(2)})},
     1,
     {{primary, {}, ""}, {replica, {}, "lag is not known"}, {replica, {}, "lag is not known"}}},
    {"a_broken_side_channel_does_not_matter",
     {writable(1), read_only(2, {applier_stopped(channel_from(9)), channel_from(1)})},
     1,
     {{primary, {}, ""}, {replica, 0ms, ""}}},
    {"two_primaries_and_a_replica_of_one",
     {writable(1), writable(2), read_only(3, {channel_from(1)})},
     std::nullopt,
     {{unknown, {}, "several primaries (db1, db2): none of them takes writes"},
      {unknown, {}, "several primaries (db1, db2): none of them takes writes"},
      {detached, {}, "its source db1 does not lead to a primary"}}},
    {"nobody_answered_yet",
     {},
     std::nullopt,
     {{unknown, {}, first_round}, {unknown, {}, first_round}}},
    {"replica_whose_source_is_not_probed_yet",
     {read_only(2, {connecting(channel_from(1))})},
     std::nullopt,
     {{unknown, {}, first_round}, {unknown, {}, first_round}}},
};

INSTANTIATE_TEST_SUITE_P(
    rows,
    topology_builder_table,
    testing::ValuesIn(cluster_rows),
    [](const auto& shown) { return std::string{shown.param.name}; }
);

TEST(topology_builder, a_primary_dead_from_the_start_leaves_no_replica) {
    cluster servers{2};
    servers.fail(1);
    servers.answer(read_only(2, {connecting(channel_from(1))}));
    EXPECT_EQ(servers.role(2), detached) << "nobody knows how far behind it was";
    EXPECT_EQ(servers.state(2).detail, "its source db1 does not lead to a primary");
}

// --- several primaries

TEST(topology_builder, two_primaries_are_flagged) {
    cluster servers{2};
    servers.answer(writable(1));
    EXPECT_FALSE(servers.build()->several_primaries);
    servers.answer(writable(2));
    EXPECT_TRUE(servers.build()->several_primaries);
    EXPECT_EQ(servers.build()->primary, std::nullopt);
}

TEST(topology_builder, two_primaries_that_are_allowed_leave_the_first_listed) {
    cluster servers{2};
    servers.settings.allow_several_primaries = true;
    servers.configure();
    servers.answer(writable(1));
    servers.answer(writable(2));
    EXPECT_TRUE(servers.build()->several_primaries);
    EXPECT_EQ(servers.build()->primary, server_id{1});
    EXPECT_EQ(servers.role(2), detached);
    EXPECT_EQ(servers.state(2).detail, "writable, but db1 is the primary");
}

TEST(topology_builder, replicas_of_the_last_primary_go_on_when_it_gets_a_rival) {
    cluster servers{3};
    servers.answer(writable(1));
    servers.answer(read_only(2, {channel_from(1)}));
    servers.answer(read_only(3, {channel_from(1)}));
    ASSERT_EQ(servers.build()->primary, server_id{1});
    servers.answer(writable(3));
    EXPECT_EQ(servers.build()->primary, std::nullopt);
    EXPECT_EQ(servers.role(2), replica);
}

TEST(topology_builder, a_primary_that_became_read_only_is_the_primary_until_there_is_another) {
    cluster servers{2};
    servers.answer(writable(1));
    servers.answer(read_only(2, {channel_from(1)}));
    ASSERT_EQ(servers.build()->primary, server_id{1});
    servers.answer(read_only(1));
    EXPECT_EQ(servers.build()->primary, server_id{1});
    EXPECT_EQ(servers.role(1), primary);
    EXPECT_EQ(servers.state(1).detail, "read-only: it refuses writes");
    EXPECT_EQ(servers.role(2), replica) << "reads go on during a switch-over";
    servers.answer(writable(2));
    EXPECT_EQ(servers.build()->primary, server_id{2});
    EXPECT_EQ(servers.role(1), detached);
}

TEST(topology_builder, a_promoted_replica_is_the_primary_at_once) {
    cluster servers{3};
    servers.answer(writable(1));
    servers.answer(read_only(2, {channel_from(1)}));
    servers.answer(read_only(3, {channel_from(1)}));
    (void)servers.build();
    servers.fail(1);
    servers.answer(writable(2));
    servers.answer(read_only(3, {channel_from(2)}));
    EXPECT_EQ(servers.build()->primary, server_id{2});
    EXPECT_EQ(servers.role(3), replica);
}

// --- damping

TEST(topology_builder, one_lost_probe_changes_nothing) {
    cluster servers{2};
    servers.answer(writable(1));
    servers.answer(read_only(2, {channel_from(1)}));
    const auto before = servers.build();
    servers.fail(1, 1);
    servers.fail(2, 1);
    EXPECT_EQ(servers.build(), before);
}

TEST(topology_builder, two_lost_probes_make_a_server_unknown) {
    cluster servers{2};
    servers.answer(writable(1));
    servers.answer(read_only(2, {channel_from(1)}));
    servers.fail(2);
    EXPECT_EQ(servers.role(2), unknown);
    EXPECT_FALSE(servers.state(2).reachable);
    EXPECT_EQ(servers.state(2).detail, "no route");
}

TEST(topology_builder, a_server_that_comes_back_must_prove_it) {
    cluster servers{1};
    servers.answer(writable(1));
    servers.fail(1);
    servers.answer(writable(1));
    EXPECT_EQ(servers.role(1), unknown);
    EXPECT_EQ(servers.state(1).detail, "answers again, not often enough yet");
    servers.answer(writable(1));
    EXPECT_EQ(servers.role(1), primary);
}

// --- a primary that is gone

class dead_primary : public testing::Test {
protected:
    dead_primary() {
        servers.answer(writable(1));
        servers.answer(read_only(2, {behind(channel_from(1), 1s)}));
        (void)servers.build();
    }

    cluster servers{2};
};

TEST_F(dead_primary, leaves_no_primary) {
    servers.fail(1);
    EXPECT_EQ(servers.build()->primary, std::nullopt);
    EXPECT_EQ(servers.role(1), unknown);
}

TEST_F(dead_primary, leaves_its_replicas_with_the_lag_that_they_had) {
    servers.fail(1);
    servers.now += 1h;
    servers.answer(read_only(2, {connecting(channel_from(1))}));
    EXPECT_EQ(servers.role(2), replica);
    EXPECT_TRUE(servers.state(2).replication_running);
    EXPECT_EQ(servers.state(2).lag, 1'000ms);
}

TEST_F(dead_primary, is_no_matter_if_the_replica_notices_first) {
    servers.now += 100ms;
    servers.answer(read_only(2, {connecting(channel_from(1))}));
    EXPECT_EQ(servers.role(2), replica);
    EXPECT_EQ(servers.state(2).lag, 1'000ms);
}

TEST_F(dead_primary, does_not_excuse_a_replica_that_was_stopped) {
    servers.fail(1);
    servers.answer(read_only(2, {receiver_stopped(channel_from(1))}));
    EXPECT_EQ(servers.role(2), detached);
}

TEST_F(dead_primary, that_comes_back_makes_the_time_count_until_the_replica_is_connected) {
    servers.fail(1);
    servers.answer(read_only(2, {connecting(channel_from(1))}));
    servers.now += 1min;
    servers.answer(writable(1));
    EXPECT_EQ(servers.state(2).lag, 61'000ms);
    servers.answer(read_only(2, {channel_from(1)}));
    EXPECT_EQ(servers.state(2).lag, 0ms);
}

TEST(topology_builder, lag_of_a_replica_cut_off_from_a_live_primary_grows) {
    cluster servers{2};
    servers.answer(writable(1));
    servers.answer(read_only(2, {channel_from(1)}));
    for (int round = 1; round <= 3; ++round) {
        servers.now += 1s;
        servers.answer(writable(1));
        servers.answer(read_only(2, {connecting(channel_from(1))}));
        EXPECT_EQ(servers.state(2).lag, milliseconds{1'000 * round});
    }
}

TEST(topology_builder, lag_of_a_replica_that_hangs_grows) {
    cluster servers{2};
    servers.answer(writable(1));
    servers.answer(read_only(2, {channel_from(1)}));
    servers.now += 3s;
    servers.answer(writable(1));
    EXPECT_EQ(servers.state(2).lag, 3'000ms);
}

TEST(topology_builder, a_dead_middle_makes_the_end_of_the_chain_age) {
    cluster servers{3};
    servers.answer(writable(1));
    servers.answer(read_only(2, {channel_from(1)}));
    servers.answer(read_only(3, {channel_from(2)}));
    servers.fail(2);
    servers.now += 5s;
    servers.answer(writable(1));
    servers.answer(read_only(3, {connecting(channel_from(2))}));
    EXPECT_EQ(servers.role(3), replica);
    EXPECT_GE(servers.state(3).lag, 5'000ms);
}

// --- generations and reloads

TEST(topology_builder, generation_stands_still_while_nothing_is_answered) {
    cluster servers{2};
    servers.answer(writable(1));
    servers.answer(read_only(2, {channel_from(1)}));
    const auto before = servers.build();
    EXPECT_EQ(servers.build(), before);
}

struct change {
    const char* name;
    std::function<void(cluster&)> apply;

    friend void PrintTo(const change& shown, std::ostream* out) { *out << shown.name; }
};

class topology_builder_changes : public testing::TestWithParam<change> {};

TEST_P(topology_builder_changes, make_the_next_generation) {
    cluster servers{2};
    servers.answer(writable(1));
    servers.answer(read_only(2, {channel_from(1)}));
    const auto before = servers.build();
    GetParam().apply(servers);
    EXPECT_EQ(servers.build()->generation, before->generation + 1);
}

void write_gtid(cluster& servers) {
    auto answers = writable(1);
    answers.executed =
        *protocol::mysql::gtid_set::parse("0-1-100", protocol::mysql::server_flavor::mariadb);
    servers.answer(answers);
}

const change changes[] = {
    {"lag", [](cluster& servers) { servers.answer(read_only(2, {behind(channel_from(1), 1s)})); }},
    {"executed_gtids", &write_gtid},
    {"role", [](cluster& servers) { servers.answer(read_only(2)); }},
    {"reachability", [](cluster& servers) { servers.fail(2); }},
    {"weight",
     [](cluster& servers) {
         servers.list({listed(1), listed(2, 5)});
     }},
    {"server_added",
     [](cluster& servers) {
         servers.list({listed(1), listed(2), listed(3)});
     }},
    {"server_removed", [](cluster& servers) { servers.list({listed(1)}); }},
};

INSTANTIATE_TEST_SUITE_P(
    rows,
    topology_builder_changes,
    testing::ValuesIn(changes),
    [](const auto& shown) { return std::string{shown.param.name}; }
);

TEST(topology_builder, a_reload_keeps_what_is_known) {
    cluster servers{2};
    servers.answer(writable(1));
    servers.answer(read_only(2, {channel_from(1)}));
    (void)servers.build();
    servers.list({listed(3), listed(2, 7), listed(1)});
    EXPECT_EQ(servers.role(1), primary);
    EXPECT_EQ(servers.role(2), replica);
    EXPECT_EQ(servers.state(2).weight, 7U);
    EXPECT_EQ(servers.role(3), unknown);
}

TEST(topology_builder, results_of_a_removed_server_are_ignored) {
    cluster servers{2};
    servers.answer(writable(1));
    servers.list({listed(1)});
    const auto before = servers.build();
    servers.answer(writable(2));
    EXPECT_EQ(servers.build(), before);
}

TEST(topology_builder, addresses_are_text) {
    cluster servers{3};
    auto ipv6 = listed(2);
    ipv6.settings.address.host = "::1";
    auto socket = listed(3);
    socket.settings.address = {config::endpoint::kind::unix_socket, "", 0, "/run/db.sock"};
    servers.list({listed(1), ipv6, socket});
    EXPECT_EQ(servers.state(1).address, "10.0.0.1:3306");
    EXPECT_EQ(servers.state(2).address, "[::1]:3306");
    EXPECT_EQ(servers.state(3).address, "unix:/run/db.sock");
}

TEST(topology_builder, hands_on_what_the_greeting_said) {
    cluster servers{1};
    auto answers = writable(1);
    answers.flavor = protocol::mysql::server_flavor::mariadb;
    answers.version_number = 101108;
    answers.version_text = "5.5.5-10.11.8-MariaDB";
    answers.capabilities = 0x1'0000'0002;
    answers.default_collation = 45;
    servers.answer(answers);
    const auto state = servers.state(1);
    EXPECT_EQ(state.flavor, answers.flavor);
    EXPECT_EQ(state.version_number, answers.version_number);
    EXPECT_EQ(state.version_text, answers.version_text);
    EXPECT_EQ(state.capabilities, answers.capabilities);
    EXPECT_EQ(state.default_collation, answers.default_collation);
}

}  // namespace
}  // namespace weir::replication_monitor
