// GET DIAGNOSTICS where the primary cannot answer it: what session_core does about the user
// variables that it fills on a replica, and how it fills them itself.

#include "splitter/relay/condition_state.hpp"
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
    const bool has_filled = question && fill_variables(*question);
    if (has_filled) session_.last.own_warnings = 0;
    if (!has_filled)
        session_.on_local_complaint({"Error", invalid_condition, "Invalid condition number"});
    out_.clear();
    append_ok(out_, answer_sequence_, status_now(), session_.capabilities, has_filled ? 0U : 1U);
    return write_answer();
}

/// False: there is no such condition.
bool session_core::fill_variables(const diagnostics_question& question) {
    const auto& last = session_.last;
    const std::size_t listed = last.conditions == nullptr ? 0 : last.conditions->size();
    const condition* asked = nullptr;
    if (question.condition) {
        if (*question.condition == 0 || *question.condition > listed) return false;
        asked = &(*last.conditions)[*question.condition - 1];
    }
    for (const auto& [variable, item] : question.items) {
        std::string value;
        if (item == "number") value = std::to_string(last.warnings);
        if (item == "row_count") value = std::to_string(last.row_count);
        if (asked != nullptr && item == "mysql_errno") value = std::to_string(asked->code);
        if (asked != nullptr && item == "message_text") value = asked->message;
        if (asked != nullptr && item == "returned_sqlstate")
            value = state_of_condition(asked->code);
        // There is room: that was looked at before.
        (void)session_.state.set_user_variable(variable.name, literal_of(value, variable.what));
    }
    return true;
}

/// The next statement about the same diagnostics comes before: the question would clear them.
bool session_core::must_tell_variables() const noexcept {
    return session_.untold_variables != nullptr && plan_.where.connection != backend_.state;
}

}  // namespace weir::splitter
