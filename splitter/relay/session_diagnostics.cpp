// GET DIAGNOSTICS where the primary cannot answer it: what session_core does about the user
// variables that it fills on a replica, and how it fills them itself.

#include "splitter/relay/condition_state.hpp"
#include "splitter/relay/diagnostics_plan.hpp"
#include "splitter/relay/session_core.hpp"

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>

namespace weir::splitter {

/// A condition that is not there is no error, but a warning, and fills nothing.
void session_core::learn_diagnostics() {
    const auto& facts = relay_.facts();
    const bool has_filled =
        plan_.traits.gets_diagnostics && facts.error == 0 && facts.warnings == 0;
    if (!has_filled || backend_.state->primary || plan_.where.connection != backend_.state) return;
    auto filled = variables_of_diagnostics(plan_.text, reading_options(session_, world_));
    if (!filled) return;
    auto& untold = session_.untold_variables;
    if (untold == nullptr) untold = std::make_unique<std::vector<filled_variable>>();
    for (auto& one : *filled) {
        std::erase_if(*untold, [&](const auto& known) { return known.name == one.name; });
        untold->push_back(std::move(one));
    }
}

/// What the connection that ran the statement before knows of its conditions has been asked for.
session_action session_core::answer_diagnostics() {
    constexpr std::uint32_t invalid_condition = 1758;
    const auto question = parse_get_diagnostics(plan_.text, reading_options(session_, world_));
    auto filled = question ? fill_variables(*question) : std::nullopt;
    if (!filled) {
        session_.on_local_complaint({"Error", invalid_condition, "Invalid condition number"});
        return answer_diagnostics_with(1);
    }
    if (keeps_user_variables(session_)) return set_where_held(*filled);
    for (auto& one : *filled) {
        // There is room: that was looked at before.
        (void)session_.state.set_user_variable(one.name, std::move(*one.value));
    }
    return answer_diagnostics_with(0);
}

session_action session_core::answer_diagnostics_with(std::uint16_t warnings) {
    if (warnings == 0) session_.last.own_warnings = 0;
    out_.clear();
    append_ok(out_, answer_sequence_, status_now(), session_.capabilities, warnings);
    return write_answer();
}

/// What the session has set on the held connection is known there only; the rest is set there, too.
/// If another one has told the conditions, that is given back before.
session_action session_core::set_where_held(const std::vector<session_variable>& filled) {
    auto& last = session_.last;
    auto told = last.conditions == nullptr ? std::vector<condition>() : *last.conditions;
    session_.on_conditions_known(std::move(told));
    session_.on_local_ok(last.row_count);  // the next question is not for the connection
    if (aside_ != nullptr)
        return release(session_action::kind::release_backend, after_release::plan_with_fetched);
    out_.clear();
    preparation_.set_variables(filled, *backend_.state, out_);
    stage_ = stage::preparing_send;
    auto action = do_next(session_action::kind::write_backend);
    action.bytes = out_.view();
    return action;
}

/// Nothing: there is no such condition.
std::optional<std::vector<session_variable>> session_core::fill_variables(
    const diagnostics_question& question
) const {
    const auto& last = session_.last;
    const std::size_t listed = last.conditions == nullptr ? 0 : last.conditions->size();
    const condition* asked = nullptr;
    if (question.condition) {
        if (*question.condition == 0 || *question.condition > listed) return std::nullopt;
        asked = &(*last.conditions)[*question.condition - 1];
    }
    std::vector<session_variable> filled;
    for (const auto& [variable, item] : question.items) {
        std::string value;
        if (item == "number") value = std::to_string(last.warnings);
        if (item == "row_count") value = std::to_string(last.row_count);
        if (asked != nullptr && item == "mysql_errno") value = std::to_string(asked->code);
        if (asked != nullptr && item == "message_text") value = asked->message;
        if (asked != nullptr && item == "returned_sqlstate")
            value = state_of_condition(asked->code);
        filled.push_back({variable.name, literal_of(value, variable.what)});
    }
    return filled;
}

/// The next statement about the same diagnostics comes before: the question would clear them.
bool session_core::must_tell_variables() const noexcept {
    return session_.untold_variables != nullptr && plan_.where.connection != backend_.state;
}

}  // namespace weir::splitter
