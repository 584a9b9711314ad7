#include "config/loader/yaml_node.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace weir::config {
namespace {

using kind = yaml_node::kind;

const std::string syntax_advice =
    "; check the indentation (no tabs) and put values with special characters in quotes";

TEST(parse_yaml, keeps_kinds_texts_and_places) {
    const auto document = parse_yaml("a: 1\nb:\n  - x\n  - \"y z\"\nc: {d: ~, e: 'null'}\nf:\n");
    ASSERT_TRUE(document.problems.empty());
    const yaml_node& root = document.root;
    ASSERT_EQ(root.what, kind::mapping);
    ASSERT_EQ(root.children.size(), 4U);

    EXPECT_EQ(root.children[0].key, "a");
    EXPECT_EQ(root.children[0].key_where, (yaml_position{1, 1}));
    EXPECT_EQ(root.children[0].where, (yaml_position{1, 4}));
    EXPECT_EQ(root.children[0].text, "1");

    const yaml_node& list = root.children[1];
    ASSERT_EQ(list.what, kind::sequence);
    ASSERT_EQ(list.children.size(), 2U);
    EXPECT_EQ(list.children[1].text, "y z");
    EXPECT_EQ(list.children[1].where, (yaml_position{4, 5}));

    const yaml_node& mapping = root.children[2];
    ASSERT_EQ(mapping.what, kind::mapping);
    ASSERT_EQ(mapping.children.size(), 2U);
    EXPECT_EQ(mapping.children[0].what, kind::null);
    EXPECT_EQ(mapping.children[1].what, kind::scalar);
    EXPECT_EQ(mapping.children[1].text, "null");
    EXPECT_EQ(root.children[3].what, kind::null);
}

TEST(parse_yaml, keeps_both_of_two_equal_keys) {
    const auto document = parse_yaml("a: 1\na: 2\n");
    ASSERT_EQ(document.root.children.size(), 2U);
    EXPECT_EQ(document.root.children[0].text, "1");
    EXPECT_EQ(document.root.children[1].text, "2");
}

TEST(parse_yaml, replaces_aliases) {
    const auto document = parse_yaml("a: &x {b: 1}\nc: *x\nd: [*x, *x]\n");
    ASSERT_TRUE(document.problems.empty());
    const yaml_node& copy = document.root.children[1];
    EXPECT_EQ(copy.key, "c");
    EXPECT_EQ(copy.key_where, (yaml_position{2, 1}));
    ASSERT_EQ(copy.children.size(), 1U);
    EXPECT_EQ(copy.children[0].text, "1");
    EXPECT_EQ(document.root.children[2].children[1].children[0].key, "b");
}

TEST(parse_yaml, takes_an_empty_text_for_nothing) {
    for (const char* const text : {"", "\n", "# only a comment\n", "---\n"}) {
        SCOPED_TRACE(text);
        const auto document = parse_yaml(text);
        EXPECT_TRUE(document.problems.empty());
        EXPECT_EQ(document.root.what, kind::null);
    }
}

TEST(parse_yaml, refuses_with_a_place) {
    struct row {
        const char* name;
        std::string text;
        yaml_position where;
        std::string message;
    };

    const std::string deep = std::string(17, '[') + std::string(17, ']');
    const std::vector<row> rows{
        {"two documents",
         "a: 1\n---\nb: 2\n",
         {1, 1},
         "more than one YAML document; keep one and remove the lines `---`"},
        {"tag on a scalar",
         "a: !!str 1\n",
         {1, 4},
         "tags have no meaning here; put the value in quotes if it starts with !"},
        {"tag on a list",
         "a: !x [1]\n",
         {1, 4},
         "tags have no meaning here; put the value in quotes if it starts with !"},
        {"tag on a mapping",
         "a: !x {b: 1}\n",
         {1, 4},
         "tags have no meaning here; put the value in quotes if it starts with !"},
        {"list as a key", "? [a]\n: 1\n", {1, 3}, "a key has to be a text; write `key: value`"},
        {"empty key", "{: 1}\n", {1, 2}, "a key has to be a text; write `key: value`"},
        {"alias inside of its anchor",
         "a: &x [*x]\n",
         {1, 8},
         "an alias stands inside of what it names"},
        {"too deep", deep, {1, 17}, "nested deeper than 16; a configuration is flatter"},
        {"a control character",
         std::string{"a: 1\nb: \x04\n"},
         {2, 4},
         "a control character stands here; write it as an escape in double quotes"},
        {"a zero byte",
         std::string{"a\0", 2},
         {1, 2},
         "a control character stands here; write it as an escape in double quotes"},
        {"open list",
         "a: [1, 2\n",
         {2, 1},
         "not valid YAML: end of sequence flow not found" + syntax_advice},
        {"tab", "a:\n\tb: 1\n", {2, 3}, "not valid YAML: illegal map value" + syntax_advice},
        {"anchor that is not there",
         "a: *hunter2\n",
         {1, 4},
         "not valid YAML: the referenced anchor is not defined" + syntax_advice},
        {"escape that is none",
         "a: \"\\q\"\n",
         {1, 7},
         "not valid YAML: unknown escape character" + syntax_advice},
        {"trailing garbage",
         "a: 1\n]\n",
         {2, 1},
         "not valid YAML: illegal flow end" + syntax_advice},
        {"open quote at the end",
         "a: \"b\n",
         {2, 2},
         "not valid YAML: illegal EOF in scalar" + syntax_advice},
    };
    for (const row& each : rows) {
        SCOPED_TRACE(each.name);
        const auto document = parse_yaml(each.text);
        ASSERT_EQ(document.problems.size(), 1U);
        EXPECT_EQ(document.problems[0].message, each.message);
        EXPECT_EQ(document.problems[0].where.line, each.where.line);
        EXPECT_EQ(document.problems[0].where.column, each.where.column);
        EXPECT_EQ(document.root.what, kind::null);
    }
}

TEST(parse_yaml, takes_the_deepest_tree) {
    const std::string deep = std::string(16, '[') + std::string(16, ']');
    EXPECT_TRUE(parse_yaml(deep).problems.empty());
}

TEST(parse_yaml, bounds_what_aliases_expand_to) {
    std::string text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
    for (int level = 1; level < 10; ++level) {
        const std::string below = "*a" + std::to_string(level - 1);
        text += "a" + std::to_string(level) + ": &a" + std::to_string(level) + " [";
        for (int copy = 0; copy < 10; ++copy)
            text += below + ", ";
        text += "]\n";
    }
    const auto document = parse_yaml(text);
    ASSERT_EQ(document.problems.size(), 1U);
    EXPECT_EQ(document.problems[0].message, "more than 100000 values; a configuration has fewer");
}

TEST(parse_yaml, bounds_the_depth_that_aliases_expand_to) {
    std::string text = "a0: &a0 [x]\n";
    for (int level = 1; level < 20; ++level) {
        text += "a" + std::to_string(level) + ": &a" + std::to_string(level) + " [*a" +
                std::to_string(level - 1) + "]\n";
    }
    const auto document = parse_yaml(text);
    ASSERT_EQ(document.problems.size(), 1U);
    EXPECT_EQ(document.problems[0].message, "nested deeper than 16; a configuration is flatter");
}

}  // namespace
}  // namespace weir::config
