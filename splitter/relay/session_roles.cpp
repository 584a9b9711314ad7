// What a SET ROLE has taught a session_core about its session.

#include "splitter/relay/session_core.hpp"
#include "splitter/session/active_role.hpp"

namespace weir::splitter {

/// No session tracker tells of roles. What the text does not tell the connection is asked before
/// the session's next command, and until then the session stays there.
void session_core::learn_role() {
    const auto& traits = plan_.traits;
    if (!traits.sets_role) return;
    const bool is_several = traits.what == statement_traits::kind::several;
    if (relay_.facts().error != 0 && !is_several) return;
    session_.pinned.remove_all(pin_cause::role);
    auto role =
        is_several ? std::nullopt : role_set_by(plan_.text, reading_options(session_, world_));
    if (role) {
        backend_.state->role = role;
        session_.state.set_role(std::move(*role));
    } else {
        lose_role();
    }
}

/// A reset of the connection ends what pins, but leaves the role: also one that a routine has set,
/// or a text that was not understood.
void session_core::reset_pins() {
    constexpr std::uint32_t mysql_with_roles = 80000;
    const bool may_be_another =
        session_.pinned.has(pin_cause::not_understood) || session_.pinned.has(pin_cause::routine);
    const bool has_roles = world_.flavor == protocol::mysql::server_flavor::mariadb ||
                           world_.version_number >= mysql_with_roles;
    session_.pinned.clear();
    session_.untold_variables.reset();
    if (session_.state.has_unknown_role()) {
        session_.pinned.add_once(pin_cause::role);
    } else if (may_be_another && has_roles) {
        lose_role();
    }
}

void session_core::lose_role() {
    session_.state.lose_role(session_state::role_knowledge::to_be_told);
    session_.pinned.add_once(pin_cause::role, {}, plan_.text);
}

}  // namespace weir::splitter
