#include "src/proxy/configuration.hpp"

#include "tests/unit/config/loader/load_support.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <string>
#include <vector>

namespace weir::proxy {
namespace {

using config::test::base;
using config::test::temporary_directory;

std::vector<std::string> errors_of(const std::string& text, rule_examples examples) {
    const temporary_directory directory;
    const std::string file = directory.write("c.yaml", text);
    std::vector<std::string> texts;
    for (const auto& error : load_configuration(file, examples).outcome.errors)
        texts.push_back(error.to_string().substr(file.size() + 1));
    return texts;
}

const std::string wrong_patterns = base + R"(rules:
  - name: a
    when: {pattern: 'a(b'}
    then: {target: fast}
  - name: b
    when: {pattern: '(x)'}
    then: {rewrite: '\1\2'}
    examples: [{sql: y}]
)";

const std::string wrong_examples = base + R"(rules:
  - name: a
    when: {pattern: x}
    then: {rewrite: z}
    examples:
      - {sql: y}
      - {sql: SELECT x, becomes: SELECT y}
      - {sql: SELECT x, becomes: SELECT z, goes_to: replica}
)";

TEST(configuration, tells_what_is_wrong_with_patterns_beside_all_else) {
    EXPECT_EQ(
        errors_of(wrong_patterns, rule_examples::tried),
        (std::vector<std::string>{
            "6:21: rules[0].when.pattern: is not an RE2 pattern at its end: missing ): a(b",
            "7:20: rules[0].then.target: \"fast\" is not known here; write primary, replica or "
            "server=NAME",
            "10:21: rules[1].then.rewrite: uses \\2, but the pattern has 1 groups; put ( ) around "
            "what is to be kept",
        })
    );
}

TEST(configuration, tries_examples_only_if_asked_to) {
    EXPECT_EQ(
        errors_of(wrong_examples, rule_examples::tried),
        (std::vector<std::string>{
            "9:9: rules[0].examples[0].matches: is not true for MySQL: the rule does not apply to "
            "it",
            "10:34: rules[0].examples[1].becomes: is not true for MySQL: it becomes: SELECT z",
        })
    );
    EXPECT_EQ(errors_of(wrong_examples, rule_examples::left_out), std::vector<std::string>{});
}

TEST(configuration, finds_the_shipped_examples_true) {
    const temporary_directory directory;
    directory.write("secrets/monitor", "s\n");
    std::ifstream shipped{WEIR_CONFIG_DIRECTORY "/examples/rules.yaml"};
    const std::string file =
        directory.write("rules.yaml", std::string{std::istreambuf_iterator<char>{shipped}, {}});
    const configuration loaded = load_configuration(file, rule_examples::tried);
    for (const auto& error : loaded.outcome.errors)
        ADD_FAILURE() << error.to_string();
    EXPECT_EQ(loaded.rules->rules().size(), 8U);
}

}  // namespace
}  // namespace weir::proxy
