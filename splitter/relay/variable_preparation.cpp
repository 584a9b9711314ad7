// The part of backend_preparation that asks a replica for the user variables that a GET DIAGNOSTICS
// has filled there, and has statements prepared while variables are what they were for the client.

#include "splitter/relay/variable_preparation.hpp"

#include "splitter/relay/backend_preparation.hpp"
#include "splitter/sql/user_variable.hpp"

#include <algorithm>
#include <utility>

namespace weir::splitter {
namespace {

void put(std::vector<session_variable>& into, std::string name, std::string value) {
    std::erase_if(into, [&](const session_variable& one) { return one.name == name; });
    into.push_back({std::move(name), std::move(value)});
}

/// SET of those that have another type there, or none; empty: all are right.
std::string types_to_bring(const shared_statement& statement, const backend_state& backend) {
    std::string sql;
    for (const auto& wanted : statement.prepared_under().user_variables) {
        const auto& there = backend.user_variables;
        const auto found = std::ranges::find(there, wanted.name, &session_variable::name);
        if (found != there.end() && any_of_type(found->value.value_or("NULL")) == wanted.value)
            continue;
        sql += sql.empty() ? "SET " : ", ";
        sql += user_variable(wanted.name) + "=" + wanted.value.value_or("NULL");
    }
    return sql;
}

bool knows(const backend_state& backend, const shared_statement& statement) {
    return std::ranges::any_of(backend.statements, [&](const backend_state::prepared& one) {
        return one.what.get() == &statement;
    });
}

/// User variables are about to be set on the connection, or may be.
bool changes_types(
    const session& session, const backend_state& backend, const preparation_needs& needs
) {
    if (!needs.user_variables || !backend.keeps_parameter_types()) return false;
    if (has_unknown_variables(session)) return false;
    return needs.assigns_variables || !user_variable_change(session.state, backend).empty();
}

bool is_changed_by_types(
    const prepared_statement& one,
    const session& session,
    const backend_state& backend,
    const preparation_needs& needs
) {
    const shared_statement& shared = *one.shared.get();
    if (!one.traits.uses_user_variables || has_later_variables(shared, backend)) return false;
    return needs.assigns_variables || !shared.means_the_same(session.state);
}

}  // namespace

bool has_unknown_variables(const session& session) {
    return session.pinned.has(pin_cause::user_variable) || session.pinned.has(pin_cause::routine);
}

bool has_later_variables(const shared_statement& statement, const backend_state& backend) {
    if (!backend.keeps_parameter_types()) return false;
    const auto& had = statement.prepared_under().user_variables;
    return std::ranges::any_of(backend.user_variables, [&](const session_variable& one) {
        return std::ranges::find(had, one.name, &session_variable::name) == had.end() &&
               statement.may_name(one.name);
    });
}

/// MySQL takes a user variable for what it was when the statement was prepared, be it set
/// otherwise since. Before that changes on a connection the session's statements are prepared
/// there; and all of them before the client has the server tell what it wants to be told, which
/// weir's own commands would change.
bool backend_preparation::prepare_others(
    const session& session,
    backend_state& backend,
    const preparation_needs& needs,
    protocol::wire::send_buffer& out
) {
    if (session.statements.size() == 0) return false;
    if (!needs.hands_over_tracking && !changes_types(session, backend, needs)) return false;
    for (const auto* const one : session.statements.all()) {
        const shared_statement_pointer& shared = one->shared.get();
        if (one->id <= others_upto_ || shared == nullptr || one->is_own) continue;
        if (shared == needs.statement) return false;  // it comes next
        if (knows(backend, *shared)) continue;
        if (!needs.hands_over_tracking && !is_changed_by_types(*one, session, backend, needs))
            continue;
        preparation_needs others;
        others.statement = shared;
        if (!prepare_as_of(session, backend, others, out)) continue;
        other_ = one->id;
        if (step_ == step::prepare) others_upto_ = one->id;
        return true;
    }
    return false;
}

bool backend_preparation::bring_types_of_variables(
    const session& session,
    const shared_statement_pointer& statement,
    const backend_state& backend,
    protocol::wire::send_buffer& out
) {
    if (!backend.keeps_parameter_types() || has_unknown_variables(session)) return false;
    const std::string text = types_to_bring(*statement, backend);
    if (text.empty()) return false;
    prepared_ = {.what = statement};
    send_query(step::types_of_variables, text, backend, out);
    return true;
}

void backend_preparation::on_types_of_variables_brought(backend_state& backend) const {
    for (const auto& one : prepared_.what->prepared_under().user_variables)
        put(backend.user_variables, one.name, one.value.value_or("NULL"));
}

void backend_preparation::ask_for_variables(
    const session& session, const backend_state& backend, protocol::wire::send_buffer& out
) {
    std::string text;
    for (const auto& one : *session.untold_variables) {
        text += text.empty() ? "SELECT " : ", ";
        const bool is_text = one.what == filled_variable::kind::text;
        const std::string name = user_variable(one.name);
        text += is_text ? "CAST(" + name + " AS BINARY)" : name;
    }
    text += " LIMIT 1";
    told_ = std::make_unique<small_result>();
    told_->start(backend.capabilities);
    send_query(step::ask_variables, text, backend, out);
}

void backend_preparation::set_variables(
    const std::vector<session_variable>& filled,
    const backend_state& backend,
    protocol::wire::send_buffer& out
) {
    std::string text;
    for (const auto& one : filled) {
        text += text.empty() ? "SET " : ", ";
        text += user_variable(one.name) + "=" + one.value.value_or("NULL");
    }
    send_query(step::set_variables, text, backend, out);
}

void backend_preparation::on_variables_told(session& session, backend_state& backend) {
    const auto untold = std::exchange(session.untold_variables, nullptr);
    const auto& row = told_->rows()[0];
    const std::size_t count = std::min(row.size(), untold->size());
    for (std::size_t i = 0; i < count; ++i) {
        const auto& one = (*untold)[i];
        std::string value = literal_of(row[i], one.what);
        put(backend.user_variables, one.name, value);
        // There is room: that was looked at before.
        (void)session.state.set_user_variable(one.name, std::move(value));
    }
    // The question has taken the place of what it could tell about the statement before.
    session.on_connection_lost(backend);
}

}  // namespace weir::splitter
