#include "splitter/rules/rule_set.hpp"

#include "splitter/rules/pattern.hpp"

#include "tests/unit/splitter/rules/rule_support.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace weir::splitter {
namespace {

using namespace std::chrono_literals;
using config::consistency;
using config::rule_condition;
using config::rule_settings;
using config::rule_target;
using config::statement_kind;

struct condition_row {
    const char* name;
    rule_condition when;
    sent_statement sent;
    bool expected;
};

void expect_applies(const std::vector<condition_row>& rows) {
    for (const condition_row& row : rows) {
        SCOPED_TRACE(row.name);
        const auto rules = compile({rule_when(row.when)});
        EXPECT_EQ(!decide(*rules, row.sent).applied.empty(), row.expected);
    }
}

TEST(rule_set, applies_a_rule_where_each_condition_holds) {
    const std::vector<std::string> ten{"10.0.0.0/8"};
    expect_applies({
        {"none given", {}, {}, true},
        {"user", {.users = {"app"}}, {}, true},
        {"one of the users", {.users = {"x", "app"}}, {}, true},
        {"another user", {.users = {"x"}}, {}, false},
        {"a user in other letters", {.users = {"App"}}, {}, false},
        {"schema", {.schemas = {"shop"}}, {}, true},
        {"another schema", {.schemas = {"x"}}, {}, false},
        {"no schema", {.schemas = {"x"}}, {.schema = ""}, false},
        {"network", {.clients = ten}, {}, true},
        {"another network", {.clients = ten}, {.client = "11.0.0.1"}, false},
        {"IPv6", {.clients = {"fd00::/8"}}, {.client = "fd12::1"}, true},
        {"a Unix socket", {.clients = {"0.0.0.0/0", "::/0"}}, {.client = ""}, false},
        {"kind", {.kinds = {statement_kind::read}}, {}, true},
        {"another kind", {.kinds = {statement_kind::write, statement_kind::set}}, {}, false},
        {"digest", {.digests = {7, 8}}, {.digest = 8}, true},
        {"another digest", {.digests = {7}}, {.digest = 8}, false},
        {"no digest", {.digests = {7}}, {}, false},
        {"pattern", {.pattern = "^select\\s+\\d$"}, {}, true},
        {"another pattern", {.pattern = "UPDATE"}, {}, false},
        {"normalised", {.normalized_pattern = "\\?$"}, {.normalized = "SELECT ?"}, true},
        {"another normalised", {.normalized_pattern = "1$"}, {.normalized = "SELECT ?"}, false},
        {"not normalised", {.normalized_pattern = "1"}, {}, false},
        {"all but one", {.users = {"app"}, .schemas = {"shop"}, .pattern = "2"}, {}, false},
        {"all",
         {{"app"}, {"shop"}, ten, {statement_kind::read}, {7}, "1", "SELECT"},
         {.digest = 7, .normalized = "SELECT ?"},
         true},
    });
}

TEST(rule_set, spares_what_an_exception_names) {
    struct row {
        const char* name;
        rule_condition unless;
        sent_statement sent;
        bool expected;
    };

    const row rows[]{
        {"a user", {.users = {"app"}}, {}, false},
        {"another user", {.users = {"x"}}, {}, true},
        {"a pattern", {.pattern = "1"}, {}, false},
        {"only half of it", {.users = {"app"}, .pattern = "2"}, {}, true},
        {"all of it",
         {{"app"}, {"shop"}, {"10.0.0.0/8"}, {statement_kind::read}, {7}, "1", "SELECT"},
         {.digest = 7, .normalized = "SELECT ?"},
         false},
        {"an unknown digest", {.digests = {7}}, {}, true},
        {"another kind", {.kinds = {statement_kind::write}}, {}, true},
        {"another schema", {.schemas = {"x"}}, {}, true},
    };
    for (const row& each : rows) {
        SCOPED_TRACE(each.name);
        rule_settings rule = rule_when({});
        rule.unless = each.unless;
        EXPECT_EQ(!decide(*compile({rule}), each.sent).applied.empty(), each.expected);
    }
}

/// Rules with a name, a condition on the user, and whether they continue.
rule_settings named(const char* name, std::vector<std::string> users, bool continues = false) {
    rule_settings rule = rule_when({.users = std::move(users)});
    rule.name = name;
    rule.continues = continues;
    return rule;
}

TEST(rule_set, ends_with_the_first_rule_that_does_not_continue) {
    const auto rules = compile({
        named("a", {"u", "v"}, true),
        named("b", {"v"}),
        named("c", {}, true),
        named("d", {"u"}),
        named("e", {}),
    });
    EXPECT_EQ(applied(*rules, {.user = "u"}), "a c d");
    EXPECT_EQ(applied(*rules, {.user = "v"}), "a b");
    EXPECT_EQ(applied(*rules, {.user = "w"}), "c e");
    EXPECT_EQ(applied(*compile({}), {}), "");
}

TEST(rule_set, finds_rules_among_more_than_fit_into_a_word) {
    std::vector<rule_settings> many;
    for (int number = 0; number < 200; ++number) {
        const std::string name = "n" + std::to_string(number);
        many.push_back(named(name.c_str(), {"u" + std::to_string(number % 150)}, number < 150));
    }
    const auto rules = compile(std::move(many));
    EXPECT_EQ(applied(*rules, {.user = "u0"}), "n0 n150");
    EXPECT_EQ(applied(*rules, {.user = "u49"}), "n49 n199");
    EXPECT_EQ(applied(*rules, {.user = "u63"}), "n63");
    EXPECT_EQ(applied(*rules, {.user = "u64"}), "n64");
    EXPECT_EQ(applied(*rules, {.user = "u149"}), "n149");
    EXPECT_EQ(applied(*rules, {.user = "u150"}), "");
}

/// The names of the patterns that match, each tried alone: "0 3".
std::string matching_alone(const std::vector<std::string>& patterns, std::string_view text) {
    std::string names;
    for (std::size_t number = 0; number < patterns.size(); ++number) {
        if (!pattern{patterns[number]}.matches(text)) continue;
        names += (names.empty() ? "" : " ") + std::to_string(number);
    }
    return names;
}

TEST(rule_set, finds_with_many_patterns_what_each_finds_alone) {
    std::vector<std::string> patterns{
        "from t1\\b",
        "FROM (t1|t22|long_table)\\b",
        "\\d",
        "",
        "^select .* LIMIT \\d+$",
        "(?-i)SELECT",
        "(?-i)select",
        "a",
        "ab|abc|.",
        "\xc3\xa4",
        "[\xc3][\xa4]",
        "\xe4",
        "x{3}y*",
        "(foo|bar)+baz",
        "\\x{41}bc",
        "(?m)^FROM",
        "o'brien",
    };
    for (int number = 0; number < 100; ++number)
        patterns.push_back("FROM table" + std::to_string(number) + "\\b.*LIMIT");
    std::vector<rule_settings> settings;
    for (std::size_t number = 0; number < patterns.size(); ++number) {
        settings.push_back(rule_when({.pattern = patterns[number]}));
        settings.back().name = std::to_string(number);
        settings.back().continues = true;
    }
    const auto rules = compile(settings);
    for (rule_settings& rule : settings)
        std::swap(rule.when.pattern, rule.when.normalized_pattern);
    const auto rules_for_normalized = compile(std::move(settings));
    for (const std::string_view text : {
             "",
             "SELECT 1",
             "select a from t1 limit 7",
             "SELECT a\nFROM T22 WHERE b = 'ABC'",
             "SELECT 1 FROM table7, (SELECT 2 FROM table99) LIMIT 3",
             "SELECT 1 FROM table77x LIMIT 3",
             "INSERT INTO long_table VALUES ('\xc3\xa4', 'O\\'Brien')",
             "INSERT INTO t VALUES (_latin1'\xe4', _latin1'\xc4', '\xe3\x84')",
             "xxxyyy FOObarBAZ",
             "SELECT 'o''brien' FROM long_table",
         }) {
        SCOPED_TRACE(text);
        const std::string expected = matching_alone(patterns, text);
        EXPECT_EQ(applied(*rules, {.text = text}), expected);
        EXPECT_EQ(applied(*rules_for_normalized, {.normalized = text}), expected);
        EXPECT_EQ(applied(*rules_for_normalized, {.text = text}), "3") << "an empty one is none";
    }
}

TEST(rule_set, lets_the_first_rule_decide_each_action) {
    rule_settings first = named("first", {}, true);
    first.then.target = {rule_target::kind::primary, {}};
    first.then.timeout = 0ms;
    rule_settings second = named("second", {}, true);
    second.then.target = {rule_target::kind::replica, {}};
    second.then.timeout = 5s;
    second.then.max_lag = 1s;
    second.then.delay = 1ms;
    second.then.consistency = consistency::global;
    rule_settings third = named("third", {});
    third.when.pattern = "1";
    third.then.max_lag = 2s;
    third.then.throttle = {1, 1s};
    third.then.rewrite = "2";
    third.then.mirror.server = "db1";
    const auto rules = compile({first, second, third});
    const rule_decision decision = decide(*rules, {});
    const auto name_of = [](const rule_settings* rule) { return rule ? rule->name : "none"; };
    EXPECT_EQ(name_of(decision.target), "first");
    EXPECT_EQ(name_of(decision.timeout), "first") << "no limit is a decision too";
    EXPECT_EQ(name_of(decision.max_lag), "second");
    EXPECT_EQ(name_of(decision.delay), "second");
    EXPECT_EQ(name_of(decision.consistency), "second");
    EXPECT_EQ(name_of(decision.throttle), "third");
    EXPECT_EQ(name_of(decision.rewrite), "third");
    EXPECT_EQ(name_of(decision.mirror), "third");
    EXPECT_EQ(name_of(decision.reject), "none");
}

TEST(rule_set, throttles_all_statements_of_a_rule_together) {
    rule_settings rule = named("r", {});
    rule.then.throttle = {2, 1s};
    rule.then.throttle_wait = 1s;
    const auto rules = compile({rule});
    const throttle::clock::time_point now{100s};
    EXPECT_EQ(rules->admit(decide(*rules, {.user = "a"}), now), 0s);
    EXPECT_EQ(rules->admit(decide(*rules, {.user = "b"}), now), 0s);
    EXPECT_EQ(rules->admit(decide(*rules, {.user = "c"}), now), 500ms);
}

TEST(rule_set, rewrites_by_the_rule_that_decides) {
    rule_settings rule = rule_when({.pattern = "FROM (\\w+) FORCE INDEX \\(\\w+\\)"});
    rule.then.rewrite = "FROM \\1";
    const auto rules = compile({rule});
    const std::string_view text = "SELECT a from t force index (i) WHERE b";
    const rule_decision decision = decide(*rules, {.text = text});
    ASSERT_NE(decision.rewrite, nullptr);
    EXPECT_EQ(rules->rewrite(decision, text, 100), "SELECT a FROM t WHERE b");
    EXPECT_EQ(rules->rewrite(decision, text, 22), std::nullopt) << "one byte too long";
}

TEST(rule_set, tells_what_is_wrong_with_patterns) {
    rule_settings rule = rule_when({.pattern = "a(b", .normalized_pattern = "a**"});
    rule.unless = {.pattern = "[z-a]"};
    rule_settings rewriting = rule_when({.pattern = "(a)"});
    rewriting.then.rewrite = "\\2";
    std::vector<rule_problem> problems;
    const rule_set rules{{rule, rewriting}, problems};
    std::vector<std::string> texts;
    for (const rule_problem& problem : problems)
        texts.push_back(problem.key + ": " + problem.message);
    EXPECT_EQ(
        texts,
        (std::vector<std::string>{
            "rules[0].when.pattern: is not an RE2 pattern at its end: missing ): a(b",
            "rules[0].when.normalized_pattern: is not an RE2 pattern from its byte 2 on: bad "
            "repetition operator: **",
            "rules[0].unless.pattern: is not an RE2 pattern from its byte 2 on: invalid character "
            "class range: z-a",
            "rules[1].then.rewrite: uses \\2, but the pattern has 1 groups; put ( ) around what is "
            "to be kept",
        })
    );
    EXPECT_EQ(applied(rules, {.text = "x"}), "") << "a wrong pattern matches nothing";
}

}  // namespace
}  // namespace weir::splitter
