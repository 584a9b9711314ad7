// The part of session_core that deals with positions of the primary: what the session's next read
// must find, and when the primary is to be asked for it.

#include "protocol/wire/ensure.hpp"
#include "splitter/relay/session_core.hpp"

namespace weir::splitter {

/// Before each command: answers that have come since may tell what was written or seen.
void session_core::resolve_positions() {
    causality& written = session_.written;
    written.resolve(now_, world_.primary_executed, world_.primary_asked_at);
    written.resolve_seen(world_.primary_executed, world_.position_answered);
    if (!written.is_new() || world_.confirmed_writes == nullptr) return;
    // Nothing was written since: there is no need to ask.
    const bool is_complete =
        world_.position_answered != 0 && world_.confirmed_writes->load() == world_.writes_answered;
    if (is_complete) written.on_position(world_.primary_executed);
}

session_action session_core::ask_position() {
    stage_ = stage::asking;
    return do_next(session_action::kind::ask_position);
}

session_action session_core::on_position(bool is_known) {
    WEIR_ENSURE(stage_ == stage::asking);
    causality& written = session_.written;
    plan_.where.needs_position = false;
    if (plan_.what == command_plan::kind::own) {
        if (is_known) written.on_position(world_.primary_executed);
        return is_known ? show_gtid() : refuse_gtid();
    }
    if (is_known) {
        written.on_position(world_.primary_executed);
    } else {
        written.on_no_position(world_.primary_executed);
        if (plan_.where.only_with_position) plan_.where = {};
    }
    if (plan_.where.role == server_role::replica) {
        plan_.where.must_contain = written.required();
        plan_.where.stays_at = written.stays_at();
    }
    return acquire();
}

/// Who has waited for a position counts as having seen it: the server has what was waited for, and
/// another replica may not.
void session_core::learn_reads() {
    const auto& traits = plan_.traits;
    if (traits.asks_identity && relay_.facts().error == 0)
        session_.identity_at = backend_.state->server;
    const bool has_waited = traits.waits_for_position && plan_.where.is_causal;
    if (has_waited && !world_.asks_positions) session_.written.on_unknown_write();
    if (!plan_.is_causal) return;
    const bool has_read = traits.uses_tables && (traits.only_reads || relay_.rows() > 0);
    if (has_read || has_waited)
        session_.written.on_read(backend_.state->server, world_.positions_asked);
}

}  // namespace weir::splitter
