// The part of session_core that fetches LAST_INSERT_ID() or FOUND_ROWS() from the one connection
// that knows it, before a statement goes where that connection is none of those that may run it.

#include "splitter/relay/session_core.hpp"

#include <utility>

namespace weir::splitter {

/// What reads it can run where it is known, but what begins or announces a read-only transaction on
/// a replica leads there, and then that connection can be asked no more. Nothing of a replica's may
/// be left behind by what goes to the primary, which may be the first of a transaction, too.
bool session_core::must_fetch_insert_id() const noexcept {
    const backend_state* const knowing = session_.insert_id.at;
    if (knowing == nullptr || replay_ != nullptr) return false;
    if (plan_.what == command_plan::kind::conditions) return false;
    // A question about the statement before, which the fetching one would become.
    if (plan_.where.connection != nullptr && !plan_.where.connection->primary) return false;
    if (plan_.where.role == server_role::primary) return !knowing->primary;
    return knowing->primary && leads_into_transaction();
}

bool session_core::leads_into_transaction() const noexcept {
    return plan_.traits.what == statement_traits::kind::begin ||
           plan_.traits.one_shot_transaction || !session_.transaction.autocommit;
}

/// A question for it that goes elsewhere: what has run since on another connection, and has found
/// none, is the statement before for all else that may be asked.
bool session_core::must_fetch_found_rows() const noexcept {
    using protocol::mysql::command;
    const backend_state* const knowing = session_.last.who_found_rows();
    if (knowing == nullptr || replay_ != nullptr) return false;
    if (gives_up_connections()) return knowing->left.found_rows;
    const auto& traits = plan_.traits;
    // An EXECUTE asks by what was prepared.
    const bool asks = traits.reads_diagnostics || (traits.pins && plan_.asks_about_rows);
    if (plan_.what != command_plan::kind::relay || !asks) return false;
    const bool runs = plan_.command == command::query || plan_.command == command::stmt_execute;
    return runs && plan_.where.connection != knowing && backend_.state != knowing;
}

/// Servers keep the number over these, whose session goes on without any of its connections.
bool session_core::gives_up_connections() const noexcept {
    return plan_.what == command_plan::kind::reset_session ||
           plan_.what == command_plan::kind::change_user;
}

session_action session_core::fetch_found_rows() {
    backend_state& knowing = *session_.last.who_found_rows();
    if (backend_.state == &knowing) {
        fetches_ = fetched::found_rows;
        return prepare_backend();
    }
    return backend_.state != nullptr ? set_aside() : fetch_from(knowing, fetched::found_rows);
}

session_action session_core::fetch_from(backend_state& knowing, fetched what) {
    fetches_ = what;
    stage_ = stage::acquiring;
    auto action = do_next(session_action::kind::acquire_backend);
    action.where = {};
    action.where.role = knowing.primary ? server_role::primary : server_role::replica;
    action.where.preferred = &knowing;
    return action;
}

/// All that only this connection knew of the session has been told, or it was another connection,
/// because that one is gone: the number in its OK is the best that is known then.
session_action session_core::on_fetched() {
    const fetched what = std::exchange(fetches_, fetched::nothing);
    session_.on_connection_lost(*backend_.state);
    if (what == fetched::found_rows) {
        session_.give_up_found_rows();
        if (backend_.state == session_.held) return plan_with_fetched();
        return release(session_action::kind::release_backend, after_release::plan_with_fetched);
    }
    if (what == fetched::all_of_replica) return move_transaction();
    session_.insert_id.at = nullptr;
    return release(session_action::kind::release_backend, after_release::acquire_again);
}

/// The number stands in the text now. Rules have had their say: they are not asked for another
/// turn.
session_action session_core::plan_with_fetched() {
    after_release_ = after_release::next_command;
    session_.held = backend_.state;
    plan_ = plan_command(payload_, session_, world_);
    return plan_.what == command_plan::kind::relay ? acquire() : begin_command();
}

}  // namespace weir::splitter
