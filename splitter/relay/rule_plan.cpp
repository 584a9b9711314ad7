#include "splitter/relay/rule_plan.hpp"

#include "splitter/relay/command_plan.hpp"
#include "splitter/sql/classifier.hpp"
#include "splitter/sql/digest.hpp"

#include <string>
#include <utility>

namespace weir::splitter {

std::unique_ptr<const ruled_statement> ask_rules(
    const asked_statement& asked, const session& session, const environment& world
) {
    if (world.rules == nullptr || world.rules->empty()) return nullptr;
    const lexer_options options = reading_options(session, world);
    rule_facts facts{
        session.user, session.state.schema(), session.client, asked.text, asked.traits, options};
    std::string normalized;
    if (world.rules->wants_digests())
        facts.digest = asked.digest != 0 ? asked.digest : digest_of(asked.text, options);
    if (world.rules->wants_normalized()) {
        normalized = digest_text(asked.text, options, normalized_max(asked.text));
        facts.normalized = normalized;
    }
    auto decision = world.rules->decide(facts);
    if (decision.applied.empty()) return nullptr;
    return std::make_unique<const ruled_statement>(ruled_statement{world.rules, std::move(decision)}
    );
}

std::unique_ptr<const ruled_statement> ask_rules_again(
    const prepared_statement& statement, const session& session, const environment& world
) {
    if (statement.asked.empty())
        return ask_rules({statement.text(), statement.traits, statement.digest}, session, world);
    const statement_traits traits = classify(statement.asked, statement.reading);
    return ask_rules({statement.asked, traits, statement.digest}, session, world);
}

}  // namespace weir::splitter
