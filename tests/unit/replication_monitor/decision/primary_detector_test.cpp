#include "replication_monitor/decision/primary_detector.hpp"

#include "tests/unit/replication_monitor/decision/cluster.hpp"

#include <gtest/gtest.h>

#include <ostream>

namespace weir::replication_monitor {
namespace {

enum class answering : std::uint8_t { yes, no_longer, never, not_asked_yet };

struct member {
    server_answers answers;
    answering state = answering::yes;
};

struct detection_row {
    const char* name;
    std::vector<member> members;  ///< server ids 1, 2, ...
    std::vector<std::size_t> candidates;
    several_primaries_rule rule = several_primaries_rule::refuse;
    std::optional<std::size_t> read_only_primary{};
    std::optional<std::size_t> last{};

    friend void PrintTo(const detection_row& shown, std::ostream* out) { *out << shown.name; }
};

std::vector<observed_server> observe(const std::vector<member>& members) {
    std::vector<observed_server> servers;
    for (const auto& [answers, state] : members) {
        const auto settings = listed(static_cast<std::uint32_t>(servers.size() + 1));
        auto& server = servers.emplace_back();
        server.id = settings.id;
        server.name = settings.settings.name;
        server.address = settings.settings.address;
        server.reachable = state == answering::yes;
        if (state == answering::yes || state == answering::no_longer) server.answers = answers;
        if (state == answering::no_longer || state == answering::never) server.error = "no route";
    }
    return servers;
}

replication_channel from_unlisted() {
    auto channel = channel_from(9);
    channel.source_host = "far.example";
    return channel;
}

/// The same server under another name and without a UUID, as MariaDB knows it.
replication_channel by_server_id(std::uint32_t source) {
    auto channel = channel_from(source);
    channel.source_host = "alias.example";
    channel.source_uuid.clear();
    return channel;
}

/// As before the first connection: only the configured address is known.
replication_channel by_address(std::uint32_t source) {
    auto channel = connecting(channel_from(source));
    channel.source_uuid.clear();
    channel.source_server_id = 0;
    return channel;
}

server_answers super_read_only(std::uint32_t number) {
    auto answers = writable(number);
    answers.super_read_only = true;
    return answers;
}

class primary_detector_table : public testing::TestWithParam<detection_row> {};

TEST_P(primary_detector_table, finds_the_candidates_and_the_primary) {
    const auto servers = observe(GetParam().members);
    const replication_graph graph{servers};
    const auto verdict = detect_primary(servers, graph, GetParam().rule, GetParam().last);
    EXPECT_EQ(verdict.candidates, GetParam().candidates);
    const bool is_certain =
        GetParam().candidates.size() == 1 ||
        (GetParam().rule == several_primaries_rule::first_wins && !GetParam().candidates.empty());
    if (is_certain) {
        EXPECT_EQ(verdict.primary, GetParam().candidates.front());
    } else {
        EXPECT_EQ(verdict.primary, GetParam().read_only_primary);
    }
}

constexpr auto refuse = several_primaries_rule::refuse;

const detection_row detection_rows[] = {
    {"one_writable_server", {{writable(1)}, {read_only(2, {channel_from(1)})}}, {0}},
    {"replicas_need_not_be_read_only", {{writable(1)}, {writable(2, {channel_from(1)})}}, {0}},
    {"order_does_not_matter", {{read_only(1, {channel_from(2)})}, {writable(2)}}, {1}},
    {"read_only_with_a_replica",
     {{read_only(1, {channel_from(2)})}, {super_read_only(2)}, {read_only(3, {channel_from(2)})}},
     {},
     refuse,
     1},
    {"read_only_alone_in_the_list", {{super_read_only(1)}}, {}, refuse, 0},
    {"read_only_where_a_writable_one_may_show_up",
     {{read_only(1)}, {read_only(2, {channel_from(1)})}, {writable(3), answering::not_asked_yet}},
     {}},
    {"read_only_where_the_rest_does_not_answer",
     {{read_only(1)}, {read_only(2, {channel_from(1)})}, {writable(3), answering::never}},
     {},
     refuse,
     0},
    {"read_only_that_was_the_primary",
     {{read_only(1)}, {read_only(2, {channel_from(1)})}},
     {},
     refuse,
     0,
     0},
    {"read_only_that_is_to_be_promoted",
     {{read_only(1)}, {read_only(2)}, {read_only(3, {channel_from(2)})}},
     {},
     refuse,
     {},
     0},
    {"read_only_and_nobodys_source", {{read_only(1)}, {read_only(2)}}, {}},
    {"read_only_and_unreachable",
     {{read_only(1), answering::no_longer}, {read_only(2, {channel_from(1)})}},
     {}},
    {"two_read_only_sources",
     {{read_only(1)},
      {read_only(2)},
      {read_only(3, {channel_from(1)})},
      {read_only(4, {channel_from(2)})}},
     {}},
    {"read_only_beside_a_writable_one",
     {{read_only(1)}, {read_only(2, {channel_from(1)})}, {writable(3)}},
     {2}},
    {"ring_of_two_read_only_servers",
     {{read_only(1, {channel_from(2)})}, {read_only(2, {channel_from(1)})}},
     {}},
    {"unreachable", {{writable(1), answering::no_longer}}, {}},
    {"never_seen", {{writable(1), answering::never}}, {}},
    {"writable_replica_of_a_dead_primary",
     {{writable(1), answering::no_longer}, {writable(2, {connecting(channel_from(1))})}},
     {}},
    {"writable_replica_of_a_primary_never_seen",
     {{writable(1), answering::never}, {writable(2, {by_address(1)})}},
     {}},
    {"writable_replica_that_was_stopped",
     {{writable(1)}, {writable(2, {receiver_stopped(applier_stopped(channel_from(1)))})}},
     {0}},
    {"source_known_by_server_id", {{writable(1)}, {writable(2, {by_server_id(1)})}}, {0}},
    {"source_known_by_address", {{writable(1)}, {writable(2, {by_address(1)})}}, {0}},
    {"primary_that_replicates_from_elsewhere", {{writable(1, {from_unlisted()})}}, {0}},
    {"two_writable_servers", {{writable(1)}, {writable(2)}}, {0, 1}},
    {"two_writable_servers_allowed",
     {{writable(1)}, {writable(2)}},
     {0, 1},
     several_primaries_rule::first_wins},
    {"none_though_several_are_allowed",
     {{read_only(1)}, {read_only(2)}},
     {},
     several_primaries_rule::first_wins},
    {"active_passive_ring",
     {{writable(1, {channel_from(2)})}, {read_only(2, {channel_from(1)})}},
     {0}},
    {"active_passive_ring_with_the_passive_half_gone",
     {{writable(1, {connecting(channel_from(2))})},
      {read_only(2, {channel_from(1)}), answering::no_longer}},
     {0}},
    {"ring_of_two_writable_servers",
     {{writable(1, {channel_from(2)})}, {writable(2, {channel_from(1)})}},
     {}},
    {"no_servers", {}, {}},
};

INSTANTIATE_TEST_SUITE_P(
    rows,
    primary_detector_table,
    testing::ValuesIn(detection_rows),
    [](const auto& shown) { return std::string{shown.param.name}; }
);

}  // namespace
}  // namespace weir::replication_monitor
