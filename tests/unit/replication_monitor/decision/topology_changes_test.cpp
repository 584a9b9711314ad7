#include "replication_monitor/decision/topology_changes.hpp"

#include "replication_monitor/decision/topology_builder.hpp"

#include <gtest/gtest.h>

#include <ostream>

namespace weir::replication_monitor {
namespace {

using config::log_level;
using namespace std::chrono_literals;

server_state server(std::uint32_t number, server_role role, const char* detail = "") {
    server_state state;
    state.id = {number};
    state.name = "db" + std::to_string(number);
    state.address = "10.0.0." + std::to_string(number) + ":3306";
    state.role = role;
    state.reachable = role != server_role::unknown;
    state.detail = detail;
    return state;
}

topology of(std::vector<server_state> servers, std::optional<server_id> primary = {}) {
    topology value;
    value.servers = std::move(servers);
    value.primary = primary;
    return value;
}

topology with_rivals(std::optional<server_id> primary = {}) {
    auto value = of({}, primary);
    value.several_primaries = true;
    return value;
}

server_state lagging(server_state state) {
    state.lag = 5s;
    return state;
}

server_state refusing_writes(server_state state) {
    state.read_only = true;
    return state;
}

struct news_row {
    const char* name;
    topology before;
    topology after;
    std::vector<topology_change> changes;

    friend void PrintTo(const news_row& shown, std::ostream* out) { *out << shown.name; }
};

class topology_changes_table : public testing::TestWithParam<news_row> {};

TEST_P(topology_changes_table, tells_what_is_news) {
    const auto changes = changes_between(GetParam().before, GetParam().after);
    ASSERT_EQ(changes.size(), GetParam().changes.size());
    for (std::size_t index = 0; index < changes.size(); ++index) {
        EXPECT_EQ(changes[index].level, GetParam().changes[index].level);
        EXPECT_EQ(changes[index].text, GetParam().changes[index].text);
    }
}

const server_id one{1};

const news_row news_rows[] = {
    {"nothing", of({}), of({}), {}},
    {"lag_is_not_news",
     of({server(1, server_role::replica)}),
     of({lagging(server(1, server_role::replica))}),
     {}},
    {"a_server_not_probed_yet_is_not_news",
     of({}),
     of({server(1, server_role::unknown, first_round)}),
     {}},
    {"a_server_found",
     of({server(1, server_role::unknown, first_round)}),
     of({server(1, server_role::replica)}),
     {{log_level::info, "server db1 (10.0.0.1:3306): unknown -> replica"}}},
    {"a_server_never_reached",
     of({server(1, server_role::unknown, first_round)}),
     of({server(1, server_role::unknown, "refused")}),
     {{log_level::warning, "server db1 (10.0.0.1:3306): unknown: refused"}}},
    {"a_server_detached",
     of({server(1, server_role::replica)}),
     of({server(1, server_role::detached, "replication from db2 is stopped")}),
     {{log_level::warning,
       "server db1 (10.0.0.1:3306): replica -> detached: replication from db2 is stopped"}}},
    {"a_primary_made_read_only",
     of({server(1, server_role::primary)}, one),
     of({refusing_writes(server(1, server_role::primary, "read-only: it refuses writes"))}, one),
     {{log_level::warning, "server db1 (10.0.0.1:3306): primary: read-only: it refuses writes"}}},
    {"another_reason",
     of({server(1, server_role::detached, "a")}),
     of({server(1, server_role::detached, "b")}),
     {{log_level::warning, "server db1 (10.0.0.1:3306): detached: b"}}},
    {"a_server_removed",
     of({server(1, server_role::replica)}),
     of({}),
     {{log_level::info, "server db1 (10.0.0.1:3306) is no longer listed"}}},
    {"the_primary_lost",
     of({}, one),
     of({}),
     {{log_level::error, "there is no primary: writes fail until there is"}}},
    {"a_rival",
     of({}, one),
     with_rivals(),
     {{log_level::error,
       "several servers are writable and replicate from none: none takes writes until only one is "
       "writable"},
      {log_level::error, "there is no primary: writes fail until there is"}}},
    {"a_rival_that_is_allowed",
     of({}, one),
     with_rivals(one),
     {{log_level::error,
       "several servers are writable and replicate from none: the first one listed takes the "
       "writes"}}},
    {"the_same_rivals_still", with_rivals(), with_rivals(), {}},
};

INSTANTIATE_TEST_SUITE_P(
    rows,
    topology_changes_table,
    testing::ValuesIn(news_rows),
    [](const auto& shown) { return std::string{shown.param.name}; }
);

}  // namespace
}  // namespace weir::replication_monitor
