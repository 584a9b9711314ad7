#include "replication_monitor/decision/server_registry.hpp"

#include "tests/unit/replication_monitor/decision/cluster.hpp"

#include <gtest/gtest.h>

namespace weir::replication_monitor {
namespace {

std::vector<std::uint32_t> ids(const std::vector<watched_server>& servers) {
    std::vector<std::uint32_t> values;
    for (const auto& server : servers)
        values.push_back(server.id.value);
    return values;
}

const auto db1 = listed(1).settings;
const auto db2 = listed(2).settings;
const auto db3 = listed(3).settings;

TEST(server_registry, ids_are_positions_at_first) {
    server_registry registry;
    EXPECT_EQ(ids(registry.assign(std::vector{db1, db2})), (std::vector<std::uint32_t>{0, 1}));
}

TEST(server_registry, an_id_follows_its_server) {
    server_registry registry;
    (void)registry.assign(std::vector{db1, db2});
    EXPECT_EQ(
        ids(registry.assign(std::vector{db2, db3, db1})), (std::vector<std::uint32_t>{1, 2, 0})
    );
}

TEST(server_registry, no_id_is_given_twice) {
    server_registry registry;
    (void)registry.assign(std::vector{db1, db2});
    (void)registry.assign(std::vector{db1});
    EXPECT_EQ(ids(registry.assign(std::vector{db1, db2})), (std::vector<std::uint32_t>{0, 2}));
}

TEST(server_registry, another_address_is_another_server) {
    server_registry registry;
    (void)registry.assign(std::vector{db1});
    auto moved = db1;
    moved.address.port = 3307;
    EXPECT_EQ(ids(registry.assign(std::vector{moved})), (std::vector<std::uint32_t>{1}));
}

TEST(server_registry, another_weight_is_the_same_server) {
    server_registry registry;
    (void)registry.assign(std::vector{db1});
    auto heavier = db1;
    heavier.weight = 9;
    const auto servers = registry.assign(std::vector{heavier});
    EXPECT_EQ(ids(servers), (std::vector<std::uint32_t>{0}));
    EXPECT_EQ(servers.front().settings.weight, 9U);
}

}  // namespace
}  // namespace weir::replication_monitor
