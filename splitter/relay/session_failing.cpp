// What becomes of a command whose connection fails: the part of session_core that asks the retry
// table, and does what it says.

#include "protocol/wire/ensure.hpp"
#include "splitter/relay/errc.hpp"
#include "splitter/relay/session_core.hpp"

namespace weir::splitter {
namespace {

/// A statement that met a broken connection is tried again this often.
constexpr std::uint8_t attempts_max = 8;

}  // namespace

session_action session_core::on_failure(const failure& why) {
    if (why.origin == failure_origin::client || backend_.state == nullptr) return close(why);
    if (plan_.what == command_plan::kind::close_statement) {
        if (is_lost_with_connection()) return close(why);
        end_command();
        return release(session_action::kind::drop_backend, after_release::next_command, why);
    }
    if (stage_ == stage::uploading || stage_ == stage::upload_sending) return lose_upload(why);
    return on_lost(statement_answer::none, why);
}

session_action session_core::on_withheld(statement_answer error) {
    const failure why{make_error_code(errc::connection_ended_by_server), failure_origin::backend};
    return on_lost(error, why);
}

session_action session_core::on_lost(statement_answer answer, failure why) {
    if (replay_ != nullptr && replay_->moves) return move_again(why);
    switch (outcome_of(answer)) {
        case retry_outcome::run_elsewhere: return run_elsewhere(why);
        case retry_outcome::run_on_primary: return run_on_primary();
        case retry_outcome::error_then_next:
            forget_statement_of_failed_prepare();
            pending_error_ = {
                protocol::mysql::server_errc::unknown_error,
                "Lost connection to server again and again; the statement was not run"};
            return release(session_action::kind::drop_backend, after_release::error_then_next, why);
        case retry_outcome::replay: return begin_replay(why);
        case retry_outcome::resolve: return begin_resolving(why);
        // Known only once the connection is gone.
        case retry_outcome::answer_ok:
        case retry_outcome::tell_committed:
        case retry_outcome::tell_rolled_back:
        // What the server said has been passed on if it was to be.
        case retry_outcome::pass_on:
        case retry_outcome::cut_off: break;
    }
    return close(why);
}

/// It has only read: all of that can be read again on another connection.
session_action session_core::move_again(failure why) {
    if (replay_->interrupted.where.attempt < attempts_max) return begin_replay(why);
    end_replay();
    return refuse_to_move();
}

session_action session_core::run_elsewhere(failure why) {
    ++plan_.where.attempt;
    const auto next = plan_.where.connection != nullptr ? after_release::plan_again
                                                        : after_release::acquire_again;
    return release(session_action::kind::drop_backend, next, why);
}

/// The connection is in order, unless more has come than the replica's error.
session_action session_core::run_on_primary() {
    plan_.where = {};
    const auto how = backend_.received->empty() ? session_action::kind::release_backend
                                                : session_action::kind::drop_backend;
    return release(how, after_release::acquire_again);
}

statement_sent session_core::what_was_sent() const noexcept {
    // What is being run again is not what the client waits for.
    if (replay_ != nullptr) return statement_sent::nothing;
    switch (stage_) {
        case stage::preparing_send:
        case stage::preparing_answer:
        case stage::closing_statements:
        case stage::acquiring: return statement_sent::nothing;
        case stage::sending_data:
        case stage::sending: return statement_sent::part;
        case stage::waiting:
        case stage::pausing:
        case stage::asking:
        case stage::answering:
        case stage::uploading:
        case stage::upload_sending:
        case stage::answering_locally:
        case stage::explaining:
        case stage::listing:
        case stage::killing:
        case stage::resolving:
        case stage::releasing:
        case stage::changing_user:
        case stage::over: break;
    }
    return statement_sent::whole;
}

connection_tie session_core::what_is_lost() const noexcept {
    if (aside_ != nullptr) return connection_tie::none;
    const bool is_tied = session_.pinned.is_set() || session_.one_shot_transaction ||
                         session_.untold_variables != nullptr;
    if (is_tied) return connection_tie::pin;
    if (!session_.transaction.open && replay_ == nullptr) return connection_tie::none;
    return is_replayable() ? connection_tie::replayable : connection_tie::transaction;
}

/// What an open transaction leaves is known only of what has been recorded.
statement_effect session_core::effect_now() const noexcept {
    const bool is_recorded = record_ != nullptr && record_->under_way && record_->keeps_whole;
    const bool is_in_one = session_.transaction.open || replay_ != nullptr;
    return plan_.effect == statement_effect::in_transaction && is_in_one && !is_recorded
               ? statement_effect::lasting
               : plan_.effect;
}

retry_outcome session_core::outcome_of(statement_answer answer) const noexcept {
    retry_case met;
    met.effect = effect_now();
    met.sent = what_was_sent();
    const bool has_passed_on = met.sent == statement_sent::whole && relay_.passed_any();
    met.answer = has_passed_on ? statement_answer::passed_on : answer;
    met.tie = what_is_lost();
    met.tries = plan_.where.attempt < attempts_max ? retry_tries::left : retry_tries::none;
    // Tables without transactions are not rolled back: whether that matters the operator has said.
    const bool may_run_again =
        met.effect != statement_effect::in_transaction || world_.routing.transaction_replay;
    if (answer == statement_answer::rolled_back && !may_run_again) met.tries = retry_tries::none;
    return decide_retry(met);
}

/// Which errors mean that the statement is run again, so that the client is not to see them. Asked
/// when it is about to be sent.
response_relay::withheld_errors session_core::withheld_errors() const noexcept {
    // Of a transaction that is run again each answer counts as it is.
    if (replay_ != nullptr) return {};
    const auto is_withheld = [&](statement_answer error) {
        retry_case met;
        met.effect = effect_now();
        met.answer = error;
        met.tie = what_is_lost();
        met.tries = plan_.where.attempt < attempts_max ? retry_tries::left : retry_tries::none;
        return decide_retry(met) != retry_outcome::pass_on;
    };
    return {
        .farewell = is_withheld(statement_answer::farewell),
        .unheard = is_withheld(statement_answer::unheard),
        .replicas_own = !backend_.state->primary && is_withheld(statement_answer::replicas_own)};
}

bool session_core::may_leave_replica() const noexcept {
    const bool waits = what_was_sent() != statement_sent::whole || stage_ == stage::answering;
    if (!waits || backend_.state == nullptr || backend_.state->primary) return false;
    const retry_outcome outcome = outcome_of(statement_answer::none);
    return plan_.what == command_plan::kind::relay &&
           (outcome == retry_outcome::run_elsewhere || outcome == retry_outcome::replay);
}

session_action session_core::fail_command(
    const local_error& error, after_release next, failure why
) {
    forget_statement_of_failed_prepare();
    if (plan_.may_write) session_.written.on_unknown_write();
    pending_error_ = error;
    close_reason_ = why;
    return release(session_action::kind::drop_backend, next, why);
}

}  // namespace weir::splitter
