// What rules cost a statement, by their number and by what they ask. In each case no rule applies,
// so that all of them have to be ruled out, but for the one that says so.

#include "splitter/rules/rule_set.hpp"
#include "splitter/sql/classifier.hpp"

#include <benchmark/benchmark.h>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace weir::splitter {
namespace {

using config::rule_settings;
using config::statement_kind;

constexpr std::string_view text =
    "SELECT o.id, o.price, c.name FROM orders o JOIN customers c ON c.id = o.customer WHERE o.id = "
    "4711 AND o.state IN ('new', 'paid') ORDER BY o.placed DESC LIMIT 20";

template <class Make>
std::vector<rule_settings> make_rules(const benchmark::State& state, Make&& make) {
    std::vector<rule_settings> rules;
    for (std::int64_t number = 0; number < state.range(0); ++number) {
        rule_settings rule;
        rule.name = "r" + std::to_string(number);
        make(rule, std::to_string(number));
        rules.push_back(std::move(rule));
    }
    return rules;
}

void measure(benchmark::State& state, std::vector<rule_settings> settings) {
    std::vector<rule_problem> problems;
    const rule_set rules{std::move(settings), problems};
    if (!problems.empty()) state.SkipWithError(problems.front().message.c_str());
    lexer_options options;
    options.server_version = 90'700;
    const statement_traits traits = classify(text, options);
    const client_address client = *parse_client_address("10.0.0.1");
    std::string_view sent = text;
    for (auto _ : state) {
        benchmark::DoNotOptimize(sent);
        benchmark::DoNotOptimize(rules.decide({"app", "shop", client, sent, traits, options, 42}));
    }
}

void by_user(benchmark::State& state) {
    measure(state, make_rules(state, [](auto& rule, const auto& number) {
                rule.when.users = {"user" + number};
            }));
}

void by_user_and_kind(benchmark::State& state) {
    measure(state, make_rules(state, [](auto& rule, const auto& number) {
                rule.when.users = {"user" + number};
                rule.when.kinds = {statement_kind::read, statement_kind::ddl};
            }));
}

void by_digest(benchmark::State& state) {
    measure(state, make_rules(state, [](auto& rule, const auto& number) {
                rule.when.digests = {1000 + std::stoull(number)};
            }));
}

void by_network(benchmark::State& state) {
    measure(state, make_rules(state, [](auto& rule, const auto& number) {
                rule.when.clients = {"11.0." + std::to_string(std::stoi(number) % 256) + ".0/24"};
            }));
}

void by_kind_before_pattern(benchmark::State& state) {
    measure(state, make_rules(state, [](auto& rule, const auto& number) {
                rule.when.kinds = {statement_kind::write};
                rule.when.pattern = "UPDATE table" + number + "\\b";
            }));
}

void by_table_in_pattern(benchmark::State& state) {
    measure(state, make_rules(state, [](auto& rule, const auto& number) {
                rule.when.pattern = "\\bFROM table" + number + "\\b";
            }));
}

void by_start_and_table_in_pattern(benchmark::State& state) {
    measure(state, make_rules(state, [](auto& rule, const auto& number) {
                rule.when.pattern = "^SELECT .* FROM table" + number + "\\b.*LIMIT";
            }));
}

void the_last_pattern_matches(benchmark::State& state) {
    auto rules = make_rules(state, [](auto& rule, const auto& number) {
        rule.when.pattern = "\\bFROM table" + number + "\\b";
    });
    if (!rules.empty()) rules.back().when.pattern = "\\bFROM orders\\b";
    measure(state, std::move(rules));
}

BENCHMARK(by_user)->Arg(0)->Arg(10)->Arg(1000);
BENCHMARK(by_user_and_kind)->Arg(10)->Arg(1000);
BENCHMARK(by_digest)->Arg(10)->Arg(1000);
BENCHMARK(by_network)->Arg(10)->Arg(1000);
BENCHMARK(by_kind_before_pattern)->Arg(10)->Arg(1000);
BENCHMARK(by_table_in_pattern)->Arg(1)->Arg(10)->Arg(1000);
BENCHMARK(by_start_and_table_in_pattern)->Arg(1)->Arg(10)->Arg(1000);
BENCHMARK(the_last_pattern_matches)->Arg(1)->Arg(10)->Arg(1000);

}  // namespace
}  // namespace weir::splitter
