#include "splitter/rules/rule_hits.hpp"

#include "tests/unit/splitter/rules/rule_support.hpp"

#include <gtest/gtest.h>

namespace weir::splitter {
namespace {

std::shared_ptr<const rule_set> two_rules() {
    auto first = rule_when({.pattern = "one"});
    first.name = "first";
    first.continues = true;
    auto second = rule_when({.users = {"app"}});
    second.name = "second";
    return compile({first, second});
}

TEST(rule_hits, counts_each_rule_that_applies) {
    const auto rules = two_rules();
    rule_hits hits{rules};
    hits.on_applied(decide(*rules, {.text = "SELECT one"}));
    hits.on_applied(decide(*rules, {.text = "SELECT two"}));
    hits.on_applied(decide(*rules, {.text = "SELECT two", .user = "other"}));
    EXPECT_EQ(hits.of(0).applied, 1U);
    EXPECT_EQ(hits.of(1).applied, 2U);
    EXPECT_EQ(hits.of(1).timed_out, 0U);
    hits.on_timed_out(rules->rules()[1]);
    EXPECT_EQ(hits.of(1).timed_out, 1U);
}

TEST(rule_hits, of_another_set_are_not_counted) {
    const auto rules = two_rules();
    const auto others = two_rules();
    rule_hits hits{rules};
    hits.on_applied(decide(*others, {.text = "SELECT one"}));
    hits.on_timed_out(others->rules()[0]);
    EXPECT_EQ(hits.of(0).applied, 0U);
    EXPECT_EQ(hits.of(0).timed_out, 0U);
}

}  // namespace
}  // namespace weir::splitter
