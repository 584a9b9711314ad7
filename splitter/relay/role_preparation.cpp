// The part of backend_preparation that deals with roles: which one a connection has, and how it
// gets the session's.

#include "splitter/relay/backend_preparation.hpp"
#include "splitter/session/active_role.hpp"

#include <utility>

namespace weir::splitter {

/// Before a role is set for the first time on a connection: what it goes back to for others. And
/// once a client has set one that its text does not tell.
bool backend_preparation::ask_for_role(
    const session& session,
    const backend_state& backend,
    const preparation_needs& needs,
    protocol::wire::send_buffer& out
) {
    const bool changes = needs.sets_role || has_another_role(session.state, backend);
    const bool is_to_be_told = needs.may_ask_role && session.state.knows_role() ==
                                                         session_state::role_knowledge::to_be_told;
    if (!is_to_be_told && (!changes || backend.role_asked)) return false;
    // The query for the role would clear them.
    const bool has_conditions = backend.left.owner != nullptr && backend.left.conditions;
    ask(has_conditions ? step::ask_conditions : step::ask_role, backend, out);
    return true;
}

/// The session's own statement has not run yet, and what it may ask about the one before only this
/// connection knew.
void backend_preparation::on_role_told(session& session, backend_state& backend) {
    constexpr std::size_t column = 2;
    const auto& rows = told_->rows();
    std::optional<std::string> role;
    if (!rows.empty() && rows[0].size() > column) {
        role = role_told(rows[0][column], backend.flavor);
        backend.insert_id = told_number(0);
    }
    remnant& left = backend.left;
    if (left.insert_id) left.owner->on_insert_id_told(told_number(0));
    if (left.found_rows) left.owner->on_found_rows_told(told_number(1));
    session.on_connection_lost(backend);
    if (session.state.has_unknown_role()) {
        learn_session_role(std::move(role), session, backend);
    } else {
        backend.role_asked = true;
        if (!backend.role) backend.login_role = std::move(role);
    }
}

/// From here on it can be set anywhere, or it keeps the session where it is.
void backend_preparation::learn_session_role(
    std::optional<std::string> role, session& session, backend_state& backend
) {
    if (!role) return session.state.lose_role(session_state::role_knowledge::bound);
    session.pinned.remove_all(pin_cause::role);
    session.state.set_role(*role);
    backend.role = std::move(role);
}

bool backend_preparation::bring_role(
    const session& session, const backend_state& backend, protocol::wire::send_buffer& out
) {
    const std::string text = role_change(session.state, backend);
    if (text.empty()) return false;
    send_query(step::role, text, backend, out);
    return true;
}

void backend_preparation::take_role_away(
    const backend_state& backend, protocol::wire::send_buffer& out
) {
    send_query(step::role, "SET ROLE NONE", backend, out);
}

}  // namespace weir::splitter
