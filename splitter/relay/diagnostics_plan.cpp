#include "splitter/relay/diagnostics_plan.hpp"

#include "splitter/session/session_diff.hpp"
#include "splitter/sql/get_diagnostics.hpp"

#include <algorithm>
#include <cstddef>

namespace weir::splitter {

const backend_state* who_has_diagnostics(const last_statement& last) {
    const bool is_one = last.conditions_at == nullptr || last.conditions_at == last.at;
    return is_one && last.lists_conditions && last.conditions == nullptr ? last.at : nullptr;
}

bool keeps_user_variables(const session& session) {
    return session.held != nullptr &&
           (session.pinned.has(pin_cause::user_variable) || session.pinned.has(pin_cause::routine));
}

void ask_for_conditions(command_plan& plan, const last_statement& last) {
    plan.what = command_plan::kind::conditions;
    plan.where.connection = last.conditions == nullptr ? last.conditions_at : nullptr;
    plan.effect = statement_effect::none;
}

namespace {

/// Items of a condition beside these are in no list.
bool is_listed(const diagnostics_question::item& one) {
    return one.name == "mysql_errno" || one.name == "message_text";
}

/// MariaDB's states are those of numbers.
bool is_known_of(const diagnostics_question::item& one, protocol::mysql::server_flavor flavor) {
    const bool is_state = one.name == "returned_sqlstate";
    return is_listed(one) || (is_state && flavor == protocol::mysql::server_flavor::mariadb);
}

bool is_counted(const diagnostics_question::item& one) {
    return one.name == "number" || one.name == "row_count";
}

/// The condition asked for does not exist, which is all there is to say.
bool asks_beyond_the_list(const diagnostics_question& question, const last_statement& last) {
    const bool is_told = last.conditions != nullptr || last.conditions_at == nullptr;
    if (!question.condition || !is_told) return false;
    const std::size_t listed = last.conditions == nullptr ? 0 : last.conditions->size();
    return listed >= last.warnings && (*question.condition == 0 || *question.condition > listed);
}

bool has_room(std::size_t variables, const session& session) {
    return session.state.user_variables().size() + variables <= session_state::user_variables_max;
}

/// From what the session knows, or its connection can list.
bool can_be_answered(
    const diagnostics_question& question,
    const session& session,
    protocol::mysql::server_flavor flavor
) {
    if (session.untold_variables != nullptr) return false;
    // Else what is set here is brought where the session goes on.
    const bool are_set_there = keeps_user_variables(session) && session.held->primary;
    if (!are_set_there && keeps_user_variables(session)) return false;
    if (!are_set_there && !has_room(question.items.size(), session)) return false;
    if (asks_beyond_the_list(question, session.last)) return true;
    if (!question.condition) return std::ranges::all_of(question.items, is_counted);
    return std::ranges::all_of(question.items, [&](const auto& one) {
        return is_known_of(one, flavor);
    });
}

void go_to_replica(command_plan& plan, const backend_state& knowing) {
    plan.where = {};
    plan.where.why = route_reason::diagnostics;
    plan.where.connection = &knowing;
    plan.effect = statement_effect::none;
    plan.may_write = false;
    plan.needs_insert_id = false;
    plan.needs_user_variables = false;
    plan.pin_effects.clear();
}

/// Nobody but a held connection is asked while there is one. Null: nobody knows.
const backend_state* whom_to_ask(const diagnostics_question& question, const session& session) {
    const auto* const knowing = question.condition && session.last.conditions_at != nullptr
                                    ? session.last.conditions_at
                                    : who_has_diagnostics(session.last);
    return session.held != nullptr && session.held != knowing ? nullptr : knowing;
}

}  // namespace

void route_diagnostics(command_plan& plan, const session& session, const lexer_options& options) {
    const bool is_alone = plan.traits.what == statement_traits::kind::write &&
                          plan.command == protocol::mysql::command::query;
    if (!plan.traits.gets_diagnostics || !is_alone) return;
    const auto question = parse_get_diagnostics(plan.text, options);
    if (!question) return;
    // To bring that would be the statement before.
    plan.needs_insert_id = false;
    const bool is_told = session.last.conditions != nullptr;
    if (is_told && can_be_answered(*question, session, options.flavor)) {
        ask_for_conditions(plan, session.last);
        return;
    }
    const auto* const knowing = whom_to_ask(*question, session);
    if (knowing != nullptr && knowing->primary) {
        // What has to be brought there before would be the statement before.
        const bool lacks_variables = !user_variable_change(session.state, *knowing).empty() ||
                                     has_foreign_variables(session.state, *knowing);
        if (lacks_variables && can_be_answered(*question, session, options.flavor)) {
            ask_for_conditions(plan, session.last);
        } else {
            plan.where.connection = knowing;
        }
        return;
    }
    if (knowing != nullptr && !session.transaction.open) {
        if (has_room(question->items.size(), session)) go_to_replica(plan, *knowing);
    } else if (can_be_answered(*question, session, options.flavor)) {
        ask_for_conditions(plan, session.last);
    }
}

}  // namespace weir::splitter
