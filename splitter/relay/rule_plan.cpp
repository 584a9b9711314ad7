#include "splitter/relay/rule_plan.hpp"

#include "splitter/relay/command_plan.hpp"

#include <utility>

namespace weir::splitter {

std::unique_ptr<const ruled_statement> ask_rules(
    std::string_view text,
    const statement_traits& traits,
    const session& session,
    const environment& world
) {
    if (world.rules == nullptr || world.rules->empty()) return nullptr;
    const lexer_options options = reading_options(session, world);
    auto decision = world.rules->decide(
        {session.user, session.state.schema(), session.client, text, traits, options}
    );
    if (decision.applied.empty()) return nullptr;
    return std::make_unique<const ruled_statement>(ruled_statement{world.rules, std::move(decision)}
    );
}

}  // namespace weir::splitter
