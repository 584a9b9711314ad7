#include "config/loader/settings_diff.hpp"

#include "config/loader/key_list.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <ostream>
#include <string>
#include <vector>

namespace weir::config {

void PrintTo(const settings_change& change, std::ostream* out) {
    *out << change.key << (change.needs_restart ? " (restart)" : "");
}

namespace {

using namespace std::chrono_literals;

server_settings server(const char* name, std::uint16_t port) {
    server_settings result;
    result.name = name;
    result.address.host = "127.0.0.1";
    result.address.port = port;
    return result;
}

proxy_settings example() {
    proxy_settings settings;
    settings.listen.resize(1);
    settings.listen[0].host = "127.0.0.1";
    settings.listen[0].port = 6033;
    settings.servers = {server("db1", 3391), server("db2", 3392)};
    settings.monitor.user = "m";
    settings.monitor.password = "p";
    settings.users = {{"app", "secret"}};
    return settings;
}

struct row {
    const char* name;
    std::function<void(proxy_settings&)> change;
    std::vector<settings_change> expected;
};

void expect_changes(const std::vector<row>& rows) {
    for (const row& each : rows) {
        SCOPED_TRACE(each.name);
        proxy_settings after = example();
        each.change(after);
        EXPECT_EQ(diff(example(), after), each.expected);
    }
}

TEST(settings_diff, is_empty_for_equal_settings) {
    EXPECT_TRUE(diff(example(), example()).empty());
    EXPECT_TRUE(diff(proxy_settings{}, proxy_settings{}).empty());
}

TEST(settings_diff, names_what_changed) {
    expect_changes({
        {"a time", [](auto& s) { s.routing.max_lag = 1s; }, {{"routing.max_lag", false}}},
        {"a flag", [](auto& s) { s.routing.hints = false; }, {{"routing.hints", false}}},
        {"another flag",
         [](auto& s) { s.routing.multiplexing = false; },
         {{"routing.multiplexing", false}}},
        {"a number", [](auto& s) { s.limits.clients = 5; }, {{"limits.clients", false}}},
        {"a size", [](auto& s) { s.limits.packet_size = 4096; }, {{"limits.packet_size", false}}},
        {"a choice", [](auto& s) { s.log.level = log_level::debug; }, {{"log.level", false}}},
        {"a text", [](auto& s) { s.server_version = "8"; }, {{"proxy.server_version", false}}},
        {"a file", [](auto& s) { s.client_tls.cert = "/c"; }, {{"tls.client.cert", false}}},
        {"seconds",
         [](auto& s) { s.sockets.keep_alive_idle = 9s; },
         {{"sockets.keep_alive_idle", false}}},
        {"networks",
         [](auto& s) { s.proxy_protocol.accept_from = {"::1/128"}; },
         {{"proxy_protocol.accept_from", false}}},
        {"the drain timeout",
         [](auto& s) { s.timeouts.drain = 1s; },
         {{"proxy.drain_timeout", false}}},
        {"several at once, in the order of the reference",
         [](auto& s) {
             s.log.level = log_level::error;
             s.routing.max_lag = 1s;
             s.workers = 4;
         },
         {{"proxy.workers", true}, {"routing.max_lag", false}, {"log.level", false}}},
    });
}

/// One row for each key that needs a restart.
std::vector<row> restart_rows() {
    return {
        {"listen", [](auto& s) { s.listen[0].port = 1; }, {{"proxy.listen", true}}},
        {"workers", [](auto& s) { s.workers = 7; }, {{"proxy.workers", true}}},
        {"pinning", [](auto& s) { s.pin_workers = true; }, {{"proxy.pin_workers", true}}},
        {"statement_forms",
         [](auto& s) { s.limits.statement_forms = 7; },
         {{"limits.statement_forms", true}}},
        {"digests", [](auto& s) { s.limits.digests = 7; }, {{"limits.digests", true}}},
        {"digest_text", [](auto& s) { s.limits.digest_text = 99; }, {{"limits.digest_text", true}}},
        {"backlog", [](auto& s) { s.sockets.backlog = 7; }, {{"sockets.backlog", true}}},
        {"log format", [](auto& s) { s.log.format = log_format::json; }, {{"log.format", true}}},
        {"log file", [](auto& s) { s.log.file = "/l"; }, {{"log.file", true}}},
        {"metrics", [](auto& s) { s.metrics.listen.port = 6080; }, {{"metrics.listen", true}}},
    };
}

TEST(settings_diff, tells_what_needs_a_restart) {
    expect_changes(restart_rows());
    expect_changes({
        {"another listener", [](auto& s) { s.listen.emplace_back(); }, {{"proxy.listen", true}}},
    });
    const auto keys = proxy_keys();
    const auto needs_restart =
        std::ranges::count(keys, takes_effect::at_restart, &key_description::when);
    EXPECT_EQ(restart_rows().size(), static_cast<std::size_t>(needs_restart));
}

TEST(settings_diff, names_what_needs_a_restart_at_every_reload) {
    for (const row& each : restart_rows()) {
        SCOPED_TRACE(each.name);
        proxy_settings loaded = example();
        each.change(loaded);
        const proxy_settings in_force = keep_until_restart(example(), loaded);
        EXPECT_EQ(in_force, example());
        EXPECT_EQ(diff(in_force, loaded), each.expected) << "the second reload of the same file";
    }
}

TEST(settings_diff, keeps_nothing_else_at_a_reload) {
    proxy_settings loaded = example();
    loaded.routing.max_lag = 1s;
    loaded.servers.pop_back();
    loaded.log.level = log_level::debug;
    loaded.sockets.keep_alive = false;
    EXPECT_EQ(keep_until_restart(example(), loaded), loaded);
}

TEST(settings_diff, tells_servers_apart_by_name) {
    expect_changes({
        {"weight", [](auto& s) { s.servers[1].weight = 5; }, {{"servers.db2.weight", false}}},
        {"address",
         [](auto& s) { s.servers[0].address.port = 1; },
         {{"servers.db1.address", false}}},
        {"one more",
         [](auto& s) { s.servers.push_back(server("db3", 1)); },
         {{"servers.db3", false}}},
        {"one less", [](auto& s) { s.servers.pop_back(); }, {{"servers.db2", false}}},
        {"moved", [](auto& s) { std::swap(s.servers[0], s.servers[1]); }, {}},
        {"renamed",
         [](auto& s) { s.servers[1].name = "db9"; },
         {{"servers.db9", false}, {"servers.db2", false}}},
    });
}

TEST(settings_diff, names_secrets_without_their_values) {
    expect_changes({
        {"the monitor's", [](auto& s) { s.monitor.password = "q"; }, {{"monitor.password", false}}},
        {"a user's", [](auto& s) { s.users[0].password = "q"; }, {{"users.app.password", false}}},
        {"a user named like another's password",
         [](auto& s) {
             s.users.push_back({"app.password", "q"});
         },
         {{"users.app.password", false}}},
        {"a user more",
         [](auto& s) {
             s.users.push_back({"u", "q"});
         },
         {{"users.u", false}}},
    });
}

}  // namespace
}  // namespace weir::config
