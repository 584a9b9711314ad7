#include "splitter/routing/rule_examples.hpp"

#include "splitter/sql/digest.hpp"

#include "tests/unit/splitter/rules/rule_support.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace weir::splitter {
namespace {

using config::rule_example;
using config::rule_settings;
using config::rule_target;
using config::statement_kind;

constexpr auto to_primary = rule_target::kind::primary;
constexpr auto to_replica = rule_target::kind::replica;
constexpr auto unsaid = rule_target::kind::unsaid;

/// Problems of one example beside the last of the rules.
std::vector<std::string> problems_of(
    std::vector<rule_settings> rules, const rule_example& example
) {
    config::proxy_settings settings;
    settings.rules = std::move(rules);
    settings.rules.back().examples = {example};
    const auto compiled = compile(settings.rules);
    std::vector<rule_problem> problems;
    check_examples(settings, *compiled, problems);
    std::vector<std::string> texts;
    for (const rule_problem& problem : problems)
        texts.push_back(problem.key + ": " + problem.message);
    return texts;
}

rule_settings reports() {
    rule_settings rule = rule_when({.users = {"report"}, .kinds = {statement_kind::read}});
    rule.name = "reports";
    return rule;
}

rule_settings short_names() {
    rule_settings rule = rule_when({.pattern = "long_name"});
    rule.then.rewrite = "t FOR UPDATE";
    return rule;
}

TEST(rule_examples, are_silent_where_they_are_true) {
    struct row {
        const char* name;
        std::vector<rule_settings> rules;
        rule_example example;
    };

    const row rows[]{
        {"applies", {reports()}, {"SELECT 1", "report", "", "", true, {}, unsaid}},
        {"does not", {reports()}, {"SELECT 1", "app", "", "", false, {}, unsaid}},
        {"from a network",
         {rule_when({.clients = {"10.0.0.0/8"}})},
         {"SELECT 1", "", "", "10.1.2.3", true, {}, unsaid}},
        {"of a normalised text",
         {rule_when({.normalized_pattern = "^SELECT a FROM t WHERE b = \\?$"})},
         {"select a /* x */ from t where b=5", "", "", "", true, {}, to_replica}},
        {"of a digest",
         {rule_when({.digests = {digest_of("SELECT a FROM t WHERE b = 1", reading_mysql())}})},
         {"select a from t where b=5", "", "", "", true, {}, to_replica}},
        {"in a schema",
         {rule_when({.schemas = {"shop"}})},
         {"SELECT 1", "", "shop", "", true, {}, unsaid}},
        {"a read", {reports()}, {"SELECT 1", "report", "", "", true, {}, to_replica}},
        {"a write", {reports()}, {"DELETE FROM t", "report", "", "", false, {}, to_primary}},
        {"a read of one server's own tables",
         {reports()},
         {"SELECT * FROM user", "report", "mysql", "", true, {}, to_primary}},
        {"stays", {reports()}, {"SELECT 1", "report", "", "", true, "SELECT 1", unsaid}},
        {"rewritten",
         {short_names()},
         {"SELECT 1 FROM long_name", "", "", "", true, "SELECT 1 FROM t FOR UPDATE", to_primary}},
    };
    for (const row& each : rows) {
        SCOPED_TRACE(each.name);
        EXPECT_EQ(problems_of(each.rules, each.example), std::vector<std::string>{});
    }
}

TEST(rule_examples, tell_what_comes_out_instead) {
    struct row {
        const char* name;
        std::vector<rule_settings> rules;
        rule_example example;
        std::string expected;
    };

    rule_settings all = rule_when({});
    all.name = "all";
    const row rows[]{
        {"another user",
         {rule_when({.users = {"x"}})},
         {"SELECT 1", "app", "", "", true, {}, unsaid},
         "rules[0].examples[0].matches: is not true for MySQL: the rule does not apply to it"},
        {"another kind",
         {reports()},
         {"DROP TABLE t", "report", "", "", true, {}, unsaid},
         "rules[0].examples[0].matches: is not true for MySQL: the rule does not apply to it; its "
         "kind: write, ddl"},
        {"taken before",
         {all, reports()},
         {"SELECT 1", "report", "", "", true, {}, unsaid},
         "rules[1].examples[0].matches: is not true for MySQL: the rule all before it takes it"},
        {"applies all the same",
         {reports()},
         {"SELECT 1", "report", "", "", false, {}, unsaid},
         "rules[0].examples[0].matches: is not true for MySQL: the rule applies to it"},
        {"another text",
         {short_names()},
         {"SELECT 1\nFROM long_name", "", "", "", true, "x", unsaid},
         "rules[0].examples[0].becomes: is not true for MySQL: it becomes: SELECT 1 FROM t FOR "
         "UPDATE"},
        {"to the primary after rewriting",
         {short_names()},
         {"SELECT 1 FROM long_name", "", "", "", true, {}, to_replica},
         "rules[0].examples[0].goes_to: is not true for MySQL: it goes to the primary"},
        {"to a replica",
         {reports()},
         {"SELECT 1", "report", "", "", true, {}, to_primary},
         "rules[0].examples[0].goes_to: is not true for MySQL: it goes to a replica"},
    };
    for (const row& each : rows) {
        SCOPED_TRACE(each.name);
        EXPECT_EQ(problems_of(each.rules, each.example), std::vector<std::string>{each.expected});
    }
}

TEST(rule_examples, are_read_for_both_kinds_of_servers) {
    const rule_example example{
        "SELECT 1 /*M!100000 FOR UPDATE */", "report", "", "", true, {}, to_replica};
    EXPECT_EQ(
        problems_of({reports()}, example),
        std::vector<std::string>{
            "rules[0].examples[0].matches: is not true for MariaDB: the rule does not apply to it; "
            "its kind: write"}
    );
}

}  // namespace
}  // namespace weir::splitter
