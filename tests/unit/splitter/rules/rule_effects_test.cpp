#include "splitter/rules/rule_effects.hpp"

#include "splitter/routing/router.hpp"
#include "splitter/sql/routing_hint.hpp"

#include "tests/unit/splitter/rules/rule_support.hpp"

#include <gtest/gtest.h>

namespace weir::splitter {
namespace {

using namespace std::chrono_literals;
using config::consistency;
using config::rule_actions;
using config::rule_target;

constexpr auto primary = server_role::primary;
constexpr auto replica = server_role::replica;

/// Where a statement goes under one rule for everything, after a write of an unknown GTID.
route ask(
    const rule_actions& then, std::string_view sql, const config::routing_settings& settings
) {
    config::rule_settings rule = rule_when({});
    rule.then = then;
    const auto rules = compile({rule});
    const rule_decision decision = decide(*rules, {.text = sql});
    const lexer_options options = reading_mysql();
    const auto wish = wish_of(decision, find_hint(sql, options), settings);
    session_state state;
    transaction_state transaction;
    causality written;
    written.on_unknown_write();
    route found =
        decide(classify(sql, options), wish.hint, {state, transaction, written, wish.settings});
    found.server_name = {};  // the rule's, which ends here
    return found;
}

rule_actions eventually(rule_actions then) {
    then.consistency = consistency::eventual;
    return then;
}

TEST(rule_effects, are_wishes_that_the_router_judges) {
    const rule_actions to_replica = eventually({.target = {rule_target::kind::replica, {}}});
    const rule_actions to_primary = eventually({.target = {rule_target::kind::primary, {}}});
    const rule_actions fresh = eventually({.max_lag = 7ms});
    const rule_actions global{.consistency = consistency::global};

    struct row {
        const char* name;
        rule_actions then;
        std::string_view sql;
        server_role role;
        std::chrono::milliseconds lag_max;
        bool spares_primary;
    };

    constexpr auto any = std::chrono::milliseconds::max();
    const row rows[]{
        {"a read to a replica", to_replica, "SELECT 1", replica, 10s, true},
        {"a write to a replica", to_replica, "UPDATE t SET a=1", primary, any, false},
        {"a locking read to a replica",
         to_replica,
         "SELECT 1 FROM t FOR UPDATE",
         primary,
         any,
         false},
        {"what is not understood to a replica", to_replica, "nonsense", primary, any, false},
        {"a pin to a replica", to_replica, "SELECT @a:=1", primary, any, false},
        {"a read to the primary", to_primary, "SELECT 1", primary, any, false},
        {"a hint counts more", to_primary, "/* weir:replica */ SELECT 1", replica, 10s, true},
        {"this way too", to_replica, "/* weir:primary */ SELECT 1", primary, any, false},
        {"freshness", fresh, "SELECT 1", replica, 7ms, false},
        {"freshness of a write", fresh, "DELETE FROM t", primary, any, false},
        {"nothing said, after a write", {}, "SELECT 1", primary, any, false},
        {"own writes, after a write",
         {.consistency = consistency::session},
         "SELECT 1",
         primary,
         any,
         false},
        {"every write", global, "/* weir:replica */ SELECT 1", primary, any, false},
        {"every write, not less by a hint",
         global,
         "/* weir:consistency=eventual */ SELECT 1",
         primary,
         any,
         false},
        {"own writes, less by a hint",
         {.consistency = consistency::session},
         "/* weir:consistency=eventual */ SELECT 1",
         replica,
         10s,
         false},
        {"more by a hint",
         to_replica,
         "/* weir:consistency=global */ SELECT 1",
         primary,
         any,
         false},
        {"a hint beside a rule's target",
         {.target = {rule_target::kind::replica, {}}},
         "/* weir:consistency=eventual */ SELECT 1",
         replica,
         10s,
         true},
    };
    for (const row& each : rows) {
        SCOPED_TRACE(each.name);
        const route found = ask(each.then, each.sql, {});
        EXPECT_EQ(found.role == replica, each.role == replica);
        EXPECT_EQ(found.lag_max, each.lag_max);
        EXPECT_EQ(found.spares_primary, each.spares_primary);
    }
}

TEST(rule_effects, hold_where_hints_are_switched_off) {
    config::routing_settings settings;
    settings.hints = false;
    const rule_actions then = eventually({.target = {rule_target::kind::primary, {}}});
    EXPECT_EQ(ask(then, "/* weir:replica */ SELECT 1", settings).role, primary);
    EXPECT_FALSE(ask(eventually({}), "/* weir:replica */ SELECT 1", settings).spares_primary);
}

TEST(rule_effects, name_a_server) {
    config::rule_settings rule = rule_when({});
    rule.then.target = {rule_target::kind::server, "db3"};
    const auto rules = compile({rule});
    const auto wish = wish_of(decide(*rules, {}), {}, {});
    EXPECT_EQ(wish.hint, (routing_hint{routing_hint::target::server, "db3", {}}));
}

TEST(rule_effects, bring_back_own_writes_where_settings_do_without) {
    config::routing_settings settings;
    settings.consistency = consistency::eventual;
    EXPECT_EQ(ask({}, "SELECT 1", settings).role, replica);
    EXPECT_EQ(ask({.consistency = consistency::session}, "SELECT 1", settings).role, primary);
}

TEST(rule_effects, mirror_reads_only) {
    config::rule_settings rule = rule_when({});
    rule.then.mirror = {"db3", true};
    const auto rules = compile({rule});
    for (const std::string_view sql :
         {"SELECT 1", "UPDATE t SET a=1", "SELECT 1 FOR UPDATE", "x"}) {
        const auto* mirror =
            mirror_of(decide(*rules, {.text = sql}), classify(sql, reading_mysql()));
        EXPECT_EQ(mirror != nullptr, sql == "SELECT 1") << sql;
    }
    EXPECT_EQ(mirror_of(decide(*compile({}), {}), classify("SELECT 1", reading_mysql())), nullptr);
}

}  // namespace
}  // namespace weir::splitter
