#pragma once

#include "splitter/rules/rule_set.hpp"
#include "splitter/sql/classifier.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace weir::splitter {

/// A statement with all that rules look at; a test names what matters to it.
struct sent_statement {
    std::string_view text = "SELECT 1";
    std::string_view user = "app";
    std::string_view schema = "shop";
    std::string_view client = "10.0.0.1";
    std::optional<std::uint64_t> digest{};
    std::optional<std::string_view> normalized{};
};

inline lexer_options reading_mysql() {
    lexer_options options;
    options.server_version = 90'700;
    return options;
}

inline rule_decision decide(const rule_set& rules, const sent_statement& sent) {
    const lexer_options options = reading_mysql();
    const auto client = parse_client_address(sent.client).value_or(client_address{});
    const statement_traits traits = classify(sent.text, options);
    return rules.decide(
        {sent.user, sent.schema, client, sent.text, traits, options, sent.digest, sent.normalized}
    );
}

/// Compiled rules nothing is wrong with.
inline std::unique_ptr<rule_set> compile(std::vector<config::rule_settings> rules) {
    std::vector<rule_problem> problems;
    auto compiled = std::make_unique<rule_set>(std::move(rules), problems);
    for (const rule_problem& problem : problems)
        ADD_FAILURE() << problem.key << ": " << problem.message;
    return compiled;
}

/// Their names, in the order in which they applied: "a b".
inline std::string applied(const rule_set& rules, const sent_statement& sent) {
    std::string names;
    for (const auto* rule : decide(rules, sent).applied)
        names += (names.empty() ? "" : " ") + rule->name;
    return names;
}

inline config::rule_settings rule_when(config::rule_condition when) {
    config::rule_settings rule;
    rule.name = "r";
    rule.when = std::move(when);
    return rule;
}

}  // namespace weir::splitter
