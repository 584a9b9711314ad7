#include "splitter/relay/diagnostics_plan.hpp"

#include "splitter/sql/get_diagnostics.hpp"

namespace weir::splitter {
namespace {

/// The connection with the diagnostics of the statement before; null: there is none with all.
const backend_state* who_has_diagnostics(const last_statement& last) {
    const bool is_one = last.conditions_at == nullptr || last.conditions_at == last.at;
    return is_one && last.conditions == nullptr ? last.at : nullptr;
}

}  // namespace

void route_diagnostics(command_plan& plan, const session& session, const lexer_options& options) {
    const bool is_alone = plan.traits.what == statement_traits::kind::write;
    if (!plan.traits.gets_diagnostics || !is_alone) return;
    const auto* const knowing = who_has_diagnostics(session.last);
    if (knowing == nullptr || knowing->primary || session.transaction.open) return;
    const auto filled = variables_of_diagnostics(plan.text, options);
    const bool can_be_carried = filled && session.state.user_variables().size() + filled->size() <=
                                              session_state::user_variables_max;
    if (!can_be_carried) return;
    plan.where = {};
    plan.where.why = route_reason::diagnostics;
    plan.where.connection = knowing;
    plan.effect = statement_effect::none;
    plan.may_write = false;
    plan.needs_insert_id = false;
    plan.needs_user_variables = false;
    plan.pin_effects.clear();
}

}  // namespace weir::splitter
