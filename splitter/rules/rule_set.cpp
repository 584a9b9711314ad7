#include "splitter/rules/rule_set.hpp"

#include "protocol/wire/ensure.hpp"
#include "splitter/rules/pattern.hpp"
#include "splitter/rules/pattern_filter.hpp"
#include "splitter/rules/rule_index.hpp"
#include "splitter/rules/statement_kinds.hpp"

#include <algorithm>
#include <bit>
#include <utility>

namespace weir::splitter {
namespace {

using config::rule_condition;
using config::rule_settings;

/// A condition with its values made ready.
class condition {
public:
    condition(
        const rule_condition& source, const std::string& key, std::vector<rule_problem>& problems
    )
        : source_(&source) {
        for (const config::statement_kind kind : source.kinds)
            kinds_.add(kind);
        for (const std::string& text : source.clients) {
            if (const auto network = client_network::parse(text)) clients_.push_back(*network);
        }
        compile(pattern_, source.pattern, key + ".pattern", problems);
        compile(normalized_, source.normalized_pattern, key + ".normalized_pattern", problems);
    }

    /// Nothing: none is given, or it is wrong.
    [[nodiscard]] const std::optional<pattern>& text_pattern() const noexcept { return pattern_; }

    [[nodiscard]] const std::optional<pattern>& normalized_pattern() const noexcept {
        return normalized_;
    }

    /// All of it holds.
    [[nodiscard]] bool holds(const rule_facts& facts, statement_kinds kinds) const {
        const auto allows = [](const auto& values, const auto& value) {
            return values.empty() || std::ranges::find(values, value) != values.end();
        };
        if (!allows(source_->users, facts.user) || !allows(source_->schemas, facts.schema))
            return false;
        if (!kinds_.empty() && !kinds_.has_any(kinds)) return false;
        if (!source_->digests.empty() &&
            (!facts.digest || !allows(source_->digests, *facts.digest)))
            return false;
        return rest_holds(facts);
    }

    /// What a rule_index does not know of it holds.
    [[nodiscard]] bool rest_holds(const rule_facts& facts) const {
        if (!source_->clients.empty() && !is_among_clients(facts.client)) return false;
        if (!source_->pattern.empty() && !(pattern_ && pattern_->matches(facts.text))) return false;
        if (source_->normalized_pattern.empty()) return true;
        return normalized_ && facts.normalized && normalized_->matches(*facts.normalized);
    }

private:
    static void compile(
        std::optional<pattern>& into,
        const std::string& source,
        std::string key,
        std::vector<rule_problem>& problems
    ) {
        if (source.empty()) return;
        pattern made{source};
        if (std::string problem = made.problem(); !problem.empty()) {
            problems.push_back({std::move(key), std::move(problem)});
        } else {
            into = std::move(made);
        }
    }

    [[nodiscard]] bool is_among_clients(const client_address& client) const {
        return std::ranges::any_of(clients_, [&](const client_network& network) {
            return network.contains(client);
        });
    }

    const rule_condition* source_;
    statement_kinds kinds_;
    std::vector<client_network> clients_;
    std::optional<pattern> pattern_;
    std::optional<pattern> normalized_;
};

struct ready_rule {
    condition when;
    std::optional<condition> unless;
    std::unique_ptr<throttle> brake;  ///< null: none
};

ready_rule make_ready(
    const rule_settings& rule, std::size_t index, std::vector<rule_problem>& problems
) {
    const std::string key = "rules[" + std::to_string(index) + "]";
    ready_rule ready{{rule.when, key + ".when", problems}, std::nullopt, nullptr};
    if (rule.unless != rule_condition{})
        ready.unless.emplace(rule.unless, key + ".unless", problems);
    if (rule.then.throttle.statements != 0) {
        ready.brake = std::make_unique<throttle>(rule.then.throttle, rule.then.throttle_wait);
    }
    if (rule.then.rewrite && ready.when.text_pattern()) {
        std::string problem = ready.when.text_pattern()->problem_of(*rule.then.rewrite);
        if (!problem.empty()) problems.push_back({key + ".then.rewrite", std::move(problem)});
    }
    return ready;
}

bool names_verbs(const std::vector<rule_settings>& rules) {
    constexpr statement_kinds verbs{config::statement_kind::ddl, config::statement_kind::call};
    const auto names = [&](const rule_condition& condition) {
        return std::ranges::any_of(condition.kinds, [&](auto kind) { return verbs.has(kind); });
    };
    return std::ranges::any_of(rules, [&](const rule_settings& rule) {
        return names(rule.when) || names(rule.unless);
    });
}

/// Takes from the rule what no earlier one has decided.
void take(rule_decision& decision, const rule_settings& rule) {
    const config::rule_actions& then = rule.then;
    const auto decide = [&](const rule_settings*& action, bool is_given) {
        if (is_given && action == nullptr) action = &rule;
    };
    decision.applied.push_back(&rule);
    decide(decision.target, then.target.what != config::rule_target::kind::unsaid);
    decide(decision.max_lag, then.max_lag.has_value());
    decide(decision.consistency, then.consistency.has_value());
    decide(decision.timeout, then.timeout.has_value());
    decide(decision.delay, then.delay.has_value());
    decide(decision.reject, !then.reject.empty());
    decide(decision.throttle, then.throttle.statements != 0);
    decide(decision.rewrite, then.rewrite.has_value());
    decide(decision.mirror, !then.mirror.server.empty());
}

/// A filter over one of the two patterns of each rule.
pattern_filter filter_of(
    const std::vector<ready_rule>& rules,
    const std::optional<pattern>& (condition::*which)() const noexcept
) {
    std::vector<pattern_filter::entry> entries;
    for (std::size_t index = 0; index < rules.size(); ++index) {
        const auto& expression = (rules[index].when.*which)();
        if (expression) entries.push_back({index, &*expression});
    }
    return {rules.size(), entries};
}

/// One statement on its way past the rules: rules out those whose patterns cannot match as soon as
/// there are many to try.
class pattern_sieve {
public:
    pattern_sieve(
        const pattern_filter& filter, const rule_index::lookup& candidates, std::string_view text
    ) noexcept
        : filter_{filter}, candidates_{candidates}, text_{text} {}

    /// Of the candidates among the 64 rules from number 64 * `word` on, those with no pattern and
    /// those whose pattern may match.
    [[nodiscard]] std::uint64_t among(std::uint64_t candidates, std::size_t word) {
        const std::uint64_t with_pattern = filter_.rules()[word];
        if ((candidates & with_pattern) == 0) return candidates;
        if (!has_looked_) look();
        return possible_.empty() ? candidates : candidates & (possible_[word] | ~with_pattern);
    }

private:
    void look() {
        has_looked_ = true;
        std::size_t patterns = 0;
        for (std::size_t word = 0; word < filter_.rules().size(); ++word) {
            const auto to_try = candidates_.word(word) & filter_.rules()[word];
            patterns += static_cast<std::size_t>(std::popcount(to_try));
        }
        if (pattern_filter::is_worth_it(patterns)) possible_ = filter_.find(text_);
    }

    const pattern_filter& filter_;
    const rule_index::lookup& candidates_;
    std::string_view text_;
    rule_bits possible_;  ///< empty: nothing is ruled out
    bool has_looked_ = false;
};

}  // namespace

struct rule_set::compiled {
    rule_index index;
    std::vector<ready_rule> rules;
    pattern_filter text_filter;
    pattern_filter normalized_filter;
    bool names_verbs = false;  ///< a rule asks for `ddl` or `call`
};

rule_set::rule_set(std::vector<rule_settings> rules, std::vector<rule_problem>& problems)
    : rules_(std::move(rules)) {
    for (const rule_settings& rule : rules_) {
        for (const rule_condition* const condition : {&rule.when, &rule.unless}) {
            wants_digests_ |= !condition->digests.empty();
            wants_normalized_ |= !condition->normalized_pattern.empty();
        }
    }
    std::vector<ready_rule> ready;
    ready.reserve(rules_.size());
    for (std::size_t index = 0; index < rules_.size(); ++index)
        ready.push_back(make_ready(rules_[index], index, problems));
    auto text_filter = filter_of(ready, &condition::text_pattern);
    auto normalized_filter = filter_of(ready, &condition::normalized_pattern);
    compiled_ = std::make_unique<const compiled>(compiled{
        rule_index{rules_},
        std::move(ready),
        std::move(text_filter),
        std::move(normalized_filter),
        names_verbs(rules_)});
}

rule_set::~rule_set() = default;

std::size_t normalized_max(std::string_view text) noexcept {
    // White space is put around every mark.
    constexpr std::size_t growth = 3;
    constexpr std::size_t longest = 1U << 20U;
    return std::min(text.size() * growth + 1, longest);
}

rule_decision rule_set::decide(const rule_facts& facts) const {
    rule_decision decision;
    if (rules_.empty()) return decision;
    const compiled& all = *compiled_;
    statement_kinds kinds = kinds_of(facts.traits);
    if (all.names_verbs) kinds.add(kinds_of_words(facts.text, facts.traits, facts.options));
    const auto lookup = all.index.find({facts.user, facts.schema, kinds, facts.digest});
    pattern_sieve by_text{all.text_filter, lookup, facts.text};
    pattern_sieve by_normalized{all.normalized_filter, lookup, facts.normalized.value_or("")};
    for (std::size_t word = 0; word < all.index.words(); ++word) {
        auto candidates = lookup.word(word);
        if (candidates == 0) continue;
        candidates = by_normalized.among(by_text.among(candidates, word), word);
        for (; candidates != 0; candidates &= candidates - 1) {
            const std::size_t index =
                word * rules_per_word + static_cast<std::size_t>(std::countr_zero(candidates));
            const ready_rule& rule = all.rules[index];
            if (!rule.when.rest_holds(facts)) continue;
            if (rule.unless && rule.unless->holds(facts, kinds)) continue;
            take(decision, rules_[index]);
            if (!rules_[index].continues) return decision;
        }
    }
    return decision;
}

std::optional<std::string> rule_set::rewrite(
    const rule_decision& decision, std::string_view text, std::size_t longest
) const {
    WEIR_ENSURE(decision.rewrite != nullptr);
    const rule_settings& rule = *decision.rewrite;
    const auto& found = compiled_->rules[index_of(rule)].when.text_pattern();
    WEIR_ENSURE(found.has_value());
    return found->replace(text, *rule.then.rewrite, longest);
}

std::optional<throttle::clock::duration> rule_set::admit(
    const rule_decision& decision, throttle::clock::time_point now
) const {
    WEIR_ENSURE(decision.throttle != nullptr);
    return compiled_->rules[index_of(*decision.throttle)].brake->admit(now);
}

}  // namespace weir::splitter
