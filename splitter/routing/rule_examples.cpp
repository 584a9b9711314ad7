#include "splitter/routing/rule_examples.hpp"

#include "splitter/routing/router.hpp"
#include "splitter/rules/rule_effects.hpp"
#include "splitter/rules/statement_kinds.hpp"
#include "splitter/sql/classifier.hpp"
#include "splitter/sql/digest.hpp"
#include "splitter/sql/routing_hint.hpp"
#include "splitter/sql/system_objects.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

namespace weir::splitter {
namespace {

using protocol::mysql::server_flavor;

struct reader {
    server_flavor flavor;
    std::uint32_t version;
    std::string_view name;
};

/// New versions: old ones would take functions that are younger for functions of one's own.
constexpr std::array readers{
    reader{server_flavor::mysql, 90'700, "MySQL"},
    reader{server_flavor::mariadb, 120'000, "MariaDB"},
};

/// For a message of one line.
std::string shown(std::string_view text) {
    constexpr std::size_t longest = 200;
    std::string result{text.substr(0, longest)};
    for (char& character : result) {
        const auto byte = static_cast<unsigned char>(character);
        if (byte < 0x20U || byte == 0x7FU) character = ' ';
    }
    return text.size() > longest ? result + "..." : result;
}

class example_check {
public:
    example_check(
        const config::proxy_settings& settings,
        const rule_set& rules,
        const config::rule_settings& rule,
        const config::rule_example& example
    )
        : settings_{settings}, rules_{rules}, rule_{rule}, example_{example} {}

    /// The key within the example and what is not as written; an empty message: all is.
    [[nodiscard]] rule_problem run(const reader& server) {
        options_.flavor = server.flavor;
        options_.server_version = server.version;
        const statement_traits traits = classify(example_.sql, options_);
        const auto client = parse_client_address(example_.client).value_or(client_address{});
        const std::string normalized =
            digest_text(example_.sql, options_, normalized_max(example_.sql));
        rule_facts facts{example_.user, example_.schema, client, example_.sql, traits, options_};
        facts.digest = digest_of(example_.sql, options_);
        facts.normalized = normalized;
        const rule_decision decision = rules_.decide(facts);
        const bool applies = std::ranges::find(decision.applied, &rule_) != decision.applied.end();
        if (applies != example_.matches) return {"matches", why(applies, decision, traits)};
        return check_outcome(decision);
    }

private:
    [[nodiscard]] std::string why(
        bool applies, const rule_decision& decision, const statement_traits& traits
    ) const {
        if (applies) return "the rule applies to it";
        const auto& applied = decision.applied;
        const bool is_taken =
            !applied.empty() && !applied.back()->continues && applied.back() < &rule_;
        if (is_taken) return "the rule " + applied.back()->name + " before it takes it";
        if (rule_.when.kinds.empty()) return "the rule does not apply to it";
        statement_kinds kinds = kinds_of(traits);
        kinds.add(kinds_of_words(example_.sql, traits, options_));
        return "the rule does not apply to it; its kind: " + to_string(kinds);
    }

    [[nodiscard]] rule_problem check_outcome(const rule_decision& decision) const {
        std::string text = example_.sql;
        if (decision.rewrite != nullptr) {
            auto rewritten = rules_.rewrite(decision, text, settings_.limits.packet_size);
            if (!rewritten) return {"becomes", "it becomes longer than limits.packet_size"};
            text = std::move(*rewritten);
        }
        if (example_.becomes && *example_.becomes != text)
            return {"becomes", "it becomes: " + shown(text)};
        if (example_.goes_to == config::rule_target::kind::unsaid) return {};
        const server_role role = role_of(decision, text);
        const bool wants_replica = example_.goes_to == config::rule_target::kind::replica;
        if (wants_replica == (role == server_role::replica)) return {};
        return {"goes_to", wants_replica ? "it goes to the primary" : "it goes to a replica"};
    }

    [[nodiscard]] server_role role_of(const rule_decision& decision, std::string_view text) const {
        session_state state;
        state.set_schema(example_.schema);
        statement_traits traits = classify(text, options_);
        if (is_system_schema(example_.schema)) traits.only_reads = false;
        const routing_wish wish = wish_of(decision, find_hint(text, options_), settings_.routing);
        return splitter::decide(traits, wish.hint, {state, {}, {}, wish.settings}).role;
    }

    const config::proxy_settings& settings_;
    const rule_set& rules_;
    const config::rule_settings& rule_;
    const config::rule_example& example_;
    lexer_options options_;
};

}  // namespace

void check_examples(
    const config::proxy_settings& settings,
    const rule_set& rules,
    std::vector<rule_problem>& problems
) {
    for (std::size_t rule = 0; rule < rules.rules().size(); ++rule) {
        const auto& examples = rules.rules()[rule].examples;
        for (std::size_t example = 0; example < examples.size(); ++example) {
            example_check check{settings, rules, rules.rules()[rule], examples[example]};
            for (const reader& server : readers) {
                rule_problem problem = check.run(server);
                if (problem.message.empty()) continue;
                const std::string key = "rules[" + std::to_string(rule) + "].examples[" +
                                        std::to_string(example) + "].";
                std::string message = "is not true for " + std::string{server.name} + ": ";
                problems.push_back({key + problem.key, message + problem.message});
                break;
            }
        }
    }
}

}  // namespace weir::splitter
