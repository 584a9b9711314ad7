// The part of session_core that gets a connection for a command, and brings it to what the command
// needs.

#include "protocol/mysql/errc.hpp"
#include "protocol/mysql/messages/err.hpp"
#include "protocol/mysql/packet_writer.hpp"
#include "protocol/wire/ensure.hpp"
#include "splitter/relay/errc.hpp"
#include "splitter/relay/execute_rewriter.hpp"
#include "splitter/relay/own_plan.hpp"
#include "splitter/relay/session_core.hpp"

namespace weir::splitter {

using protocol::wire::bytes_view;

namespace {

/// Or make them: a write does on MySQL.
bool may_assign_variables(const statement_traits& traits) {
    return traits.assigns_user_variables || (traits.uses_user_variables && !traits.only_reads);
}

/// Nothing would show that the statement has been run before, without rows.
bool may_run_before(const command_plan& plan, const session& session) {
    const statement_traits& traits = plan.traits;
    const bool shows = traits.reads_previous_statement || traits.reads_diagnostics ||
                       traits.uses_user_variables || traits.waits_for_position;
    // What is announced is for one transaction, and serializable reads lock in one.
    const bool locks = session.state.serializable() &&
                       (session.transaction.open || !session.transaction.autocommit);
    return traits.only_reads && !shows && !session.one_shot_transaction && !locks;
}

}  // namespace

/// The connection that was to be asked about the statement before cannot be any more.
session_action session_core::plan_again() {
    const auto* const gone = plan_.where.connection;
    forget_statement_of_failed_prepare();
    // It may have been sent there, under that connection's id.
    if (plan_.statement != nullptr)
        patch_statement_id(received_.pending_mutable().first(command_size_), plan_.statement->id);
    plan_ = plan_command(payload_, session_, world_);
    if (plan_.where.connection == gone) plan_.where.connection = nullptr;
    return begin_command();
}

session_action session_core::acquire() {
    if (must_leave_replica()) return leave_replica();
    if (must_set_aside()) return set_aside();
    if (backend_.state != nullptr) return prepare_backend();
    fetches_ = fetched::nothing;
    if (aside_ == nullptr && must_fetch_insert_id())
        return fetch_from(*session_.insert_id.at, fetched::insert_id);
    if (must_fetch_found_rows())
        return fetch_from(*session_.last.who_found_rows(), fetched::found_rows);
    if (aside_ != nullptr && !asks_elsewhere()) {
        after_release_ = after_release::plan_with_fetched;
        return take_back();
    }
    if (gives_up_connections()) return begin_command();  // there was nothing to fetch any more
    if (session_.begun.moves && !asks_elsewhere()) plan_.where = {.attempt = plan_.where.attempt};
    if (plan_.where.needs_position && plan_.where.connection == nullptr) return ask_position();
    stage_ = stage::acquiring;
    auto action = do_next(session_action::kind::acquire_backend);
    action.where = plan_.where;
    return action;
}

session_action session_core::on_backend_leased(leased_backend backend) {
    WEIR_ENSURE(stage_ == stage::acquiring);
    WEIR_ENSURE(backend.state != nullptr && backend.received != nullptr);
    if (is_taking_back_) return on_taken_back(backend);
    backend_ = backend;
    backend_.state->user = &session_;
    if (session_.trace != nullptr && !is_fetching()) ++session_.trace->attempts;
    return prepare_backend();
}

session_action session_core::on_acquire_failed(const acquire_failure& why) {
    WEIR_ENSURE(stage_ == stage::acquiring);
    if (is_taking_back_) return on_not_taken_back();
    if (std::exchange(fetches_, fetched::nothing) == fetched::found_rows) {
        // Nobody knows any more.
        session_.give_up_found_rows();
        after_release_ = after_release::plan_with_fetched;
        return aside_ != nullptr ? take_back() : plan_with_fetched();
    }
    if (replay_ != nullptr && !replay_->moves) return give_up_replay(errc::replay_differs);
    if (replay_ != nullptr) {
        end_replay();
        end_lost_transaction();
    }
    if (plan_.where.connection != nullptr) return plan_again();
    forget_statement_of_failed_prepare();
    return answer_error(why.error);
}

session_action session_core::prepare_backend() {
    backend_state& connection = *backend_.state;
    connection.drop_unwanted_statements(*world_.statements, world_.limits.backend_statements);
    if (!connection.unwanted_statements.empty()) return send_closings();
    if (plan_.what == command_plan::kind::close_statement) return finish_command();
    const bool lists = is_processlist(plan_);
    const bool asks_only = plan_.what == command_plan::kind::conditions || lists;
    const bool asks_nothing =
        !plan_.traits.reads_previous_statement && !plan_.traits.reads_diagnostics && !asks_only;
    preparation_needs needs{
        .own_conditions = (asks_only && !lists) ||
                          (plan_.counts_conditions && plan_.where.connection == backend_.state),
        .processlist = lists,
        .origin = world_.resolves_commits && connection.primary &&
                  connection.flavor == protocol::mysql::server_flavor::mysql,
        .insert_id = plan_.needs_insert_id,
        .user_variables = plan_.needs_user_variables,
        .assigns_variables = asks_nothing && may_assign_variables(plan_.traits),
        .hands_over_tracking = plan_.hands_over_tracking,
        .tells_variables = must_tell_variables(),
        .sets_role = plan_.traits.sets_role,
        .may_ask_role = asks_nothing};
    if (backend_.is_behind) {
        needs.caught_up = plan_.where.must_contain;
        needs.causal_wait = plan_.where.causal_wait;
    }
    needs.transaction = session_.begun.moves;
    if (runs_prepared(plan_) && !asks_only) add_needs_of_prepared(needs);
    if (is_fetching()) needs = {.own_values = true};
    out_.clear();
    if (preparation_.next(session_, connection, needs, out_)) {
        stage_ = stage::preparing_send;
        auto action = do_next(session_action::kind::write_backend);
        action.bytes = out_.view();
        return action;
    }
    if (is_fetching()) return on_fetched();
    if (lists) return list_sessions();
    return asks_only ? answer_conditions() : send_command();
}

void session_core::add_needs_of_prepared(preparation_needs& needs) {
    const backend_state& connection = *backend_.state;
    needs.statement = run_statement(plan_);
    needs.execution = execution_of(plan_);
    const prepared_statement& run = *plan_.statement;
    const bool may_be_bound = connection.flavor == protocol::mysql::server_flavor::mariadb ||
                              connection.keeps_parameter_types();
    const bool is_other = may_be_bound && !session_.state.reads_parameters_by(run.types_under);
    if (is_other && relies_on_types(payload_, session_, run)) needs.bound = &run;
    needs.may_run_before = may_run_before(plan_, session_);
    plan_.statement->binding.may_be_brought = needs.may_run_before;
}

session_action session_core::on_preparation_bytes() {
    const auto progress =
        preparation_.on_bytes(backend_.received->pending(), session_, *backend_.state);
    if (!progress) return on_failure({progress.error(), failure_origin::backend});
    using kind = backend_preparation::progress::kind;
    if (progress->what == kind::refused) return on_preparation_refused(progress->error);
    backend_.received->consume(progress->consumed);
    if (progress->what == kind::behind) {
        plan_.where = {};
        return release(session_action::kind::release_backend, after_release::acquire_again);
    }
    if (preparation_.has_caught_up()) backend_.is_behind = false;
    if (progress->what == kind::more_bytes) return do_next(session_action::kind::read_backend);
    if (preparation_.has_told_variables())
        return release(session_action::kind::release_backend, after_release::acquire_again);
    if (preparation_.has_set_variables()) return answer_diagnostics_with(0);
    if (!backend_.received->empty())
        return on_failure(
            {make_error_code(protocol::mysql::errc::unexpected_packet), failure_origin::backend}
        );
    return prepare_backend();
}

session_action session_core::on_preparation_refused(bytes_view error_payload) {
    const failure why{make_error_code(errc::preparation_refused), failure_origin::backend};
    if (replay_ != nullptr && replay_->moves) return give_up_replay(errc::replay_differs);
    if (replay_ != nullptr) return close(why);
    if (!backend_.state->primary && !is_lost_with_connection()) {
        // A replica that is behind may not know the schema yet; the primary decides.
        const auto next =
            plan_.at_cursor ? after_release::plan_again : after_release::acquire_again;
        if (!plan_.at_cursor) plan_.where = {};
        return release(session_action::kind::drop_backend, next, why);
    }
    forget_statement_of_failed_prepare();
    if (const auto told = protocol::mysql::err::decode(error_payload))
        session_.on_local_answer(condition{"Error", told->code, std::string(told->message)});
    out_.clear();
    std::uint8_t sequence = answer_sequence_;
    protocol::mysql::append_packet(out_, sequence, error_payload);
    backend_.received->consume(backend_.received->pending().size());
    return write_answer();
}

bool session_core::waits_for_remnant() const noexcept {
    const auto is_asked = [&](const backend_state* at) {
        return at != nullptr && at->user != nullptr && at->user != &session_;
    };
    return ((plan_.needs_insert_id || is_fetching()) && is_asked(session_.insert_id.at)) ||
           ((plan_.traits.reads_diagnostics || plan_.traits.gets_diagnostics) &&
            (is_asked(session_.last.at) || is_asked(session_.last.conditions_at) ||
             is_asked(session_.last.who_found_rows())));
}

}  // namespace weir::splitter
