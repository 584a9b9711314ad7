#include "splitter/rules/pattern.hpp"

#include <gtest/gtest.h>

#include <string>

namespace weir::splitter {
namespace {

TEST(pattern, matches_anywhere_whatever_the_letter_case) {
    struct row {
        std::string_view source;
        std::string_view text;
        bool expected;
    };

    constexpr row rows[]{
        {"from t", "SELECT 1 FROM T", true},
        {"(?-i)from t", "SELECT 1 FROM T", false},
        {"^from", "SELECT 1 FROM T", false},
        {"t$", "SELECT 1 FROM T", true},
        {"^SELECT.*FOR UPDATE$", "SELECT 1\nFOR UPDATE", true},
        {"^FOR", "SELECT 1\nFOR UPDATE", false},
        {"(?m)^FOR", "SELECT 1\nFOR UPDATE", true},
        {"a.*b", "a\xff\xfe b", true},
        {"\xc3\xa4", "SELECT '\xc3\xa4'", true},
        {"", "", true},
    };
    for (const row& each : rows) {
        SCOPED_TRACE(std::string{each.source} + " in " + std::string{each.text});
        const pattern made{each.source};
        EXPECT_EQ(made.problem(), "");
        EXPECT_EQ(made.matches(each.text), each.expected);
    }
}

TEST(pattern, names_the_place_of_what_is_wrong) {
    struct row {
        std::string_view source;
        std::string_view expected;
    };

    constexpr row rows[]{
        {"(ab", "is not an RE2 pattern at its end: missing ): (ab"},
        {"ab)c)", "is not an RE2 pattern from its byte 3 on: unexpected ): ab)c)"},
        {"a+b(*c)",
         "is not an RE2 pattern from its byte 5 on: no argument for repetition operator: *"},
        {"a*(*b)",
         "is not an RE2 pattern from its byte 4 on: no argument for repetition operator: *"},
        {"x[a-c][c-a]",
         "is not an RE2 pattern from its byte 8 on: invalid character class range: c-a"},
        {"x[a", "is not an RE2 pattern from its byte 2 on: missing ]: [a"},
        {"(?=a)", "is not an RE2 pattern from its byte 1 on: invalid perl operator: (?="},
        {"a\\", "is not an RE2 pattern at its end: trailing \\"},
        {"(a)\\1", "is not an RE2 pattern from its byte 4 on: invalid escape sequence: \\1"},
        {"a{1001}", "is not an RE2 pattern from its byte 2 on: invalid repetition size: {1001}"},
        {"((a{500}){500}){500}",
         "is not an RE2 pattern from its byte 10 on: invalid repetition size: {500}"},
    };
    for (const row& each : rows) {
        EXPECT_EQ(pattern{each.source}.problem(), each.expected) << each.source;
    }
}

TEST(pattern, refuses_what_would_take_too_much_memory) {
    EXPECT_EQ(
        pattern{"(" + std::string(500, 'a') + "){900}"}.problem(),
        "is too large; write several rules or fewer repetitions"
    );
}

TEST(pattern, replaces_each_part_that_matches) {
    struct row {
        std::string_view source;
        std::string_view replacement;
        std::string_view text;
        std::string_view expected;
    };

    constexpr row rows[]{
        {"b", "x", "abcb", "axcx"},
        {"b", "", "abcb", "ac"},
        {"(\\w)=(\\w)", "\\2=\\1", "a=b c=d", "b=a d=c"},
        {"a", "[\\0]", "aA", "[a][A]"},
        {".*", "x", "abc", "x"},
        {"^.*$", "x", "a\nb", "x"},
        {"x*", "-", "abc", "-a-b-c-"},
        {"b*", "-", "abbc", "-a-c-"},
        {"^", "EXPLAIN ", "SELECT 1", "EXPLAIN SELECT 1"},
        {"$", ";", "SELECT 1", "SELECT 1;"},
        {"z", "x", "abc", "abc"},
        {"a", "\\\\", "a", "\\"},
    };
    for (const row& each : rows) {
        const pattern made{each.source};
        EXPECT_EQ(made.problem_of(each.replacement), "");
        EXPECT_EQ(made.replace(each.text, each.replacement, 100), each.expected)
            << each.source << " in " << each.text;
    }
}

TEST(pattern, refuses_to_grow_a_text_without_bounds) {
    const pattern made{"a"};
    EXPECT_EQ(made.replace("aaa", "bbbb", 12), "bbbbbbbbbbbb");
    EXPECT_EQ(made.replace("aaa", "bbbb", 11), std::nullopt);
    EXPECT_EQ(made.replace("aaa-", "bbbb", 12), std::nullopt);
}

TEST(pattern, tells_what_is_wrong_with_a_replacement) {
    EXPECT_EQ(
        pattern{"(a)"}.problem_of("\\2"),
        "uses \\2, but the pattern has 1 groups; put ( ) around what is to be kept"
    );
    EXPECT_EQ(
        pattern{"(a)"}.problem_of("\\n"),
        "has a backslash before something else than a digit; write two for one in the text"
    );
}

}  // namespace
}  // namespace weir::splitter
