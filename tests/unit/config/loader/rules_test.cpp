#include "config/loader/settings_diff.hpp"

#include "tests/unit/config/loader/load_support.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <ostream>
#include <string>
#include <vector>

/// Rules as they are written in a file, and what is wrong with them.
namespace weir::config::test {
namespace {

using namespace std::chrono_literals;

std::string with_rules(const std::string& rules) {
    return base + "rules: [" + rules + "]\n";
}

const std::string rule_of_every_key = R"(rules:
  - name: r
    when: {user: a, schema: [s, t], client: [10.0.0.0/8, '::1'], kind: [read, begin],
           digest: 0x1F, pattern: 'FROM (\w+)', normalized_pattern: LIMIT}
    unless: {user: [b, c], schema: u, client: 10.1.0.0/16, kind: several,
             digest: [0x2, 0x3], pattern: x, normalized_pattern: y}
    then:
      target: server=db1
      max_lag: 0
      consistency: eventual
      timeout: 5s
      delay: 10ms
      throttle: 100/m
      throttle_wait: 2s
      rewrite: ''
      mirror: {server: db1, compare: true}
    continue: true
    examples:
      - {sql: "SELECT a\nFROM b", user: a, schema: s, client: 10.0.0.1, matches: false, becomes: x,
         goes_to: replica}
)";

TEST(rules, are_read_with_every_key) {
    const auto outcome = load(base + rule_of_every_key);
    ASSERT_TRUE(outcome.ok()) << outcome.errors.front().to_string();
    rule_settings expected;
    expected.name = "r";
    expected.when = {
        {"a"},
        {"s", "t"},
        {"10.0.0.0/8", "::1/128"},
        {statement_kind::read, statement_kind::begin},
        {0x1F},
        "FROM (\\w+)",
        "LIMIT"};
    expected.unless = {
        {"b", "c"}, {"u"}, {"10.1.0.0/16"}, {statement_kind::several}, {2, 3}, "x", "y"};
    expected.then.target = {rule_target::kind::server, "db1"};
    expected.then.max_lag = 0ms;
    expected.then.consistency = consistency::eventual;
    expected.then.timeout = 5s;
    expected.then.delay = 10ms;
    expected.then.throttle = {100, 1min};
    expected.then.throttle_wait = 2s;
    expected.then.rewrite = "";
    expected.then.mirror = {"db1", true};
    expected.continues = true;
    expected.examples = {
        {"SELECT a\nFROM b", "a", "s", "10.0.0.1", false, "x", rule_target::kind::replica}};
    EXPECT_EQ(outcome.settings.rules, std::vector<rule_settings>{expected});
}

TEST(rules, do_nothing_to_anything_where_nothing_is_written) {
    const auto outcome = load(with_rules("{name: r}"));
    ASSERT_TRUE(outcome.ok()) << outcome.errors.front().to_string();
    rule_settings expected;
    expected.name = "r";
    EXPECT_EQ(outcome.settings.rules, std::vector<rule_settings>{expected});
}

TEST(rules, refuse_wrong_values) {
    const std::string targets = "; write primary, replica or server=NAME";
    const std::string rates = "; write a rate such as 100/s (units: s, m, h)";
    const std::string digests = "; write a digest such as 0x1f2e3d4c5b6a7988";
    const std::string kinds = "; write read, write, ddl, call, begin, end, set, use or several";
    const std::string users = "; write a text of 1 to 128 bytes";
    const auto then = [](const std::string& action) {
        return with_rules("{name: r, then: {" + action + "}}");
    };
    const auto when = [](const std::string& condition) {
        return with_rules("{name: r, when: {" + condition + "}}");
    };
    expect_errors({
        {"no name",
         with_rules("{}"),
         {"4:9: rules[0].name: is missing; write a text of 1 to 64 bytes"}},
        {"target",
         then("target: fast"),
         {"4:34: rules[0].then.target: \"fast\" is not known here" + targets}},
        {"server without a name",
         then("target: server="),
         {"4:34: rules[0].then.target: \"server=\" is not known here" + targets}},
        {"rate without a unit",
         then("throttle: 100"),
         {"4:36: rules[0].then.throttle: \"100\" has no unit of time" + rates}},
        {"rate of none",
         then("throttle: 0/s"),
         {"4:36: rules[0].then.throttle: \"0/s\" is not a number of statements" + rates}},
        {"rate in days",
         then("throttle: 5/d"),
         {"4:36: rules[0].then.throttle: \"5/d\" has an unknown unit of time" + rates}},
        {"digest in decimal",
         when("digest: 12"),
         {"4:34: rules[0].when.digest: \"12\" does not start with 0x" + digests}},
        {"digest of 68 bits",
         when("digest: [0x1, 0x12345678901234567]"),
         {"4:40: rules[0].when.digest[1]: \"0x12345678901234567\" is not a digest" + digests}},
        {"kind",
         when("kind: [read, selects]"),
         {"4:39: rules[0].when.kind[1]: \"selects\" is not known here" + kinds}},
        {"no user",
         when("user: []"),
         {"4:32: rules[0].when.user: is empty" + users + ", or leave the key out"}},
        {"empty user", when("user: ''"), {"4:32: rules[0].when.user: \"\" is too short" + users}},
        {"condition of actions",
         when("target: primary"),
         {"4:26: rules[0].when.target: is not a key here; did you mean rules[].then.target?"}},
        {"text with a zero byte",
         then("rewrite: \"a\\0b\""),
         {"4:35: rules[0].then.rewrite: \"a\\x00b\" holds a control character; write a text of 0 "
          "to "
          "65536 bytes"}},
    });
}

TEST(rules, refuse_what_does_not_fit_together) {
    expect_errors({
        {"same name",
         with_rules("{name: r, when: {user: a}}, {name: r}"),
         {"4:44: rules[1].name: is the same as rules[0].name; give each rule a name of its own"}},
        {"name",
         with_rules("{name: a b}"),
         {"4:16: rules[0].name: \"a b\" is not a name; write letters, digits, `-`, `_` and `.` "
          "only"}},
        {"servers that are none",
         with_rules("{name: r, then: {target: server=db7, mirror: {server: db8}}}"),
         {"4:34: rules[0].then.target: \"db7\" is not one of the servers; write one of db1",
          "4:63: rules[0].then.mirror.server: \"db8\" is not one of the servers; write one of "
          "db1"}},
        {"reject and more",
         with_rules("{name: r, then: {reject: no, timeout: 1s, delay: 1s}}"),
         {"4:47: rules[0].then.timeout: stands beside reject, which ends it; keep one"}},
        {"a wait for nothing",
         with_rules("{name: r, then: {throttle_wait: 1s}}"),
         {"4:41: rules[0].then.throttle_wait: has nothing to wait for; write throttle too"}},
        {"a mirror nowhere",
         with_rules("{name: r, then: {mirror: {compare: true}}}"),
         {"4:34: rules[0].then.mirror: names no server; write server: NAME in it"}},
        {"nothing to replace",
         with_rules("{name: r, then: {rewrite: x}}"),
         {"4:35: rules[0].then.rewrite: replaces what a pattern matches; write when.pattern too"}},
        {"nothing to do",
         with_rules("{name: r, continue: true}"),
         {"4:29: rules[0].continue: makes a rule that does nothing; write what it does under "
          "then"}},
        {"an example from nowhere",
         with_rules("{name: r, examples: [{sql: x, client: 10.0.0.0/8}]}"),
         {"4:47: rules[0].examples[0].client: \"10.0.0.0/8\" is not an address; write one such as "
          "10.0.0.1"}},
    });
}

TEST(rules, refuse_to_send_writes_away_from_the_primary) {
    const std::string effect =
        "has no effect: when.kind leaves out every statement that may leave the primary";
    expect_errors({
        {"writes to a replica",
         with_rules("{name: r, when: {kind: write}, then: {target: replica}}"),
         {"4:55: rules[0].then.target: " + effect}},
        {"writes to a server",
         with_rules("{name: r, when: {kind: [ddl, call]}, then: {target: server=db1}}"),
         {"4:61: rules[0].then.target: " + effect}},
        {"freshness of writes",
         with_rules("{name: r, when: {kind: end}, then: {max_lag: 1s, consistency: global}}"),
         {"4:54: rules[0].then.max_lag: " + effect, "4:71: rules[0].then.consistency: " + effect}},
        {"a mirror of writes",
         with_rules("{name: r, when: {kind: write}, then: {mirror: {server: db1}}}"),
         {"4:55: rules[0].then.mirror: has no effect: only reads are mirrored, and when.kind "
          "leaves "
          "them out"}},
        {"writes to the primary",
         with_rules("{name: r, when: {kind: write}, then: {target: primary}}"),
         {}},
        {"reads among others",
         with_rules("{name: r, when: {kind: [write, read]}, then: {target: replica}}"),
         {}},
        {"transactions", with_rules("{name: r, when: {kind: begin}, then: {max_lag: 1s}}"), {}},
    });
}

TEST(rules, refuse_rules_that_can_never_apply) {
    const auto taken = [](const std::string& place) {
        return std::vector<std::string>{
            place +
            ": rules[1]: can never apply: rules[0] (a) takes all its statements; move it up, "
            "or write continue: true in rules[0]"};
    };
    expect_errors({
        {"after one for everything", with_rules("{name: a}, {name: b}"), taken("4:20")},
        {"after one for more users",
         with_rules("{name: a, when: {user: [u, v]}}, {name: b, when: {user: v, kind: read}}"),
         taken("4:42")},
        {"after the same pattern",
         with_rules("{name: a, when: {pattern: x}}, {name: b, when: {pattern: x, schema: s}}"),
         taken("4:40")},
        {"after one that continues",
         with_rules("{name: a, then: {timeout: 1s}, continue: true}, {name: b}"),
         {}},
        {"after one with an exception", with_rules("{name: a, unless: {user: u}}, {name: b}"), {}},
        {"after one for fewer users",
         with_rules("{name: a, when: {user: u}}, {name: b, when: {user: [u, v]}}"),
         {}},
        {"after one for some users", with_rules("{name: a, when: {user: u}}, {name: b}"), {}},
        {"after one that was not read",
         with_rules("{name: a, when: {users: u}}, {name: b}"),
         {"4:26: rules[0].when.users: is not a key; did you mean user?"}},
        {"an exception for all",
         with_rules("{name: a, when: {user: u, kind: read}, unless: {user: [u, v]}}"),
         {"4:56: rules[0].unless: takes out everything that when lets in; the rule can never "
          "apply"}},
    });
}

std::vector<std::string> changes(const std::string& before, const std::string& after) {
    std::vector<std::string> keys;
    for (const auto& change : diff(load(before).settings, load(after).settings))
        keys.push_back(change.key);
    return keys;
}

TEST(rules, changes_of_them_are_named) {
    struct row {
        const char* name;
        std::string before;
        std::string after;
        std::vector<std::string> expected;
    };

    using list = std::vector<std::string>;
    const std::string a = "{name: a, when: {user: u}, then: {max_lag: 1s}}";
    const std::string b = "{name: b, when: {kind: read}}";
    const row rows[]{
        {"nothing", a + "," + b, a + "," + b, {}},
        {"an order", a + "," + b, b + "," + a, list{"rules"}},
        {"a new one", a, a + "," + b, list{"rules.b", "rules"}},
        {"conditions and actions",
         a,
         "{name: a, when: {user: [u, v], kind: read, digest: 0x1}, then: {target: primary, "
         "throttle: "
         "1/s}}",
         list{
             "rules.a.when.user",
             "rules.a.when.kind",
             "rules.a.when.digest",
             "rules.a.then.target",
             "rules.a.then.max_lag",
             "rules.a.then.throttle"}},
        {"an empty text in place of none",
         "{name: a, when: {pattern: x}}",
         "{name: a, when: {pattern: x}, then: {rewrite: '', consistency: global}}",
         list{"rules.a.then.consistency", "rules.a.then.rewrite"}},
        {"an example",
         "{name: a, examples: [{sql: x}]}",
         "{name: a, examples: [{sql: y}, {sql: x}]}",
         list{"rules.a.examples.0.sql", "rules.a.examples.1"}},
    };
    for (const row& each : rows) {
        SCOPED_TRACE(each.name);
        EXPECT_EQ(changes(with_rules(each.before), with_rules(each.after)), each.expected);
    }
}

}  // namespace
}  // namespace weir::config::test
