// The part of session_core that has the outcome of a commit found out whose answer was lost with
// its connection, and tells the client.

#include "protocol/wire/ensure.hpp"
#include "splitter/relay/session_core.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

namespace weir::splitter {

using protocol::mysql::command;
using protocol::mysql::server_errc;
using protocol::mysql::server_flavor;

namespace {

statement_answer answer_of(const resolved_commit& found) {
    switch (found.what) {
        case resolved_commit::kind::committed: return statement_answer::committed;
        case resolved_commit::kind::rolled_back: return statement_answer::rolled_back;
        case resolved_commit::kind::unknown: break;
    }
    return statement_answer::unresolved;
}

/// Nothing of these tables is in a binary log, and nothing there is rolled back.
constexpr std::string_view unlogged_schema = "performance_schema";

bool names_unlogged_schema(std::string_view sql) {
    const auto is_same = [](char left, char right) { return (left | 0x20) == (right | 0x20); };
    const auto end = unlogged_schema.end();
    return std::search(sql.begin(), sql.end(), unlogged_schema.begin(), end, is_same) != sql.end();
}

/// The binary log tells about changes of rows only; what else a query did, such as writing a file,
/// it does not.
bool is_logged(const command_plan& plan, std::string_view schema) {
    if (plan.effect == statement_effect::commit) return true;
    const bool is_statement =
        plan.command == command::query || plan.command == command::stmt_execute;
    const auto text = plan.statement != nullptr ? run_statement(plan)->text() : plan.text;
    return is_statement && plan.traits.changes_rows && !names_unlogged_schema(text) &&
           !names_unlogged_schema(schema);
}

std::string text_of_committed(const std::string& gtid) {
    const std::string name = gtid.empty() ? std::string() : " as GTID " + gtid;
    return "Lost connection to server; the statement was committed" + name +
           ", but what it answered is lost";
}

}  // namespace

/// The server is known again by its UUID, and the connection's transactions by its id. What a
/// session may set that would make a commit go on, or change that id, pins it otherwise.
bool session_core::is_resolvable() const {
    if (!world_.resolves_commits || plan_.what != command_plan::kind::relay) return false;
    const backend_state& connection = *backend_.state;
    const bool names_writes = connection.tracks_gtids && connection.tracks_variables;
    if (!connection.primary || !names_writes || !connection.origin) return false;
    if (!is_logged(plan_, session_.state.schema())) return false;
    const std::string* const completion = session_.state.value_of("completion_type");
    return completion == nullptr || *completion == "NO_CHAIN";
}

session_action session_core::begin_resolving(failure why) {
    if (!is_resolvable()) return on_lost(statement_answer::unresolved, why);
    const backend_state& connection = *backend_.state;
    lost_ = std::make_unique<lost_commit>(lost_commit{
        connection.thread_id,
        connection.origin->server_uuid,
        connection.origin->executed,
        connection.last_write,
        connection.unnamed_writes,
        now_,
        why});
    return release(session_action::kind::drop_backend, after_release::resolve, why);
}

/// The connection is given up.
session_action session_core::ask_for_outcome() {
    after_release_ = after_release::next_command;
    stage_ = stage::resolving;
    auto action = do_next(session_action::kind::resolve_commit);
    action.lost = lost_.get();
    return action;
}

session_action session_core::on_commit_resolved(const resolved_commit& found) {
    WEIR_ENSURE(stage_ == stage::resolving);
    const auto lost = std::exchange(lost_, nullptr);
    const retry_outcome outcome = outcome_of(answer_of(found));
    switch (outcome) {
        case retry_outcome::run_elsewhere: ++plan_.where.attempt; return acquire();
        case retry_outcome::replay: prepare_replay(); return start_replaying();
        case retry_outcome::answer_ok:
        case retry_outcome::tell_committed:
        case retry_outcome::tell_rolled_back: return tell_outcome(found, outcome);
        case retry_outcome::run_on_primary:
        case retry_outcome::resolve:
        case retry_outcome::pass_on:
        case retry_outcome::error_then_next:
        case retry_outcome::cut_off: break;
    }
    return close(lost->why);
}

session_action session_core::tell_outcome(const resolved_commit& found, retry_outcome outcome) {
    end_lost_transaction();
    if (outcome == retry_outcome::tell_rolled_back) {
        return answer_error(
            {server_errc::transaction_rolled_back,
             "Lost connection to server before the transaction was committed; it was rolled back"}
        );
    }
    if (found.gtid.empty()) {
        session_.written.on_unknown_write();
    } else {
        session_.written.on_gtid(found.gtid, server_flavor::mysql);
    }
    if (outcome == retry_outcome::tell_committed)
        return answer_error({server_errc::unknown_error, text_of_committed(found.gtid)});
    session_.on_local_answer(std::nullopt);
    return answer_ok();
}

void session_core::end_lost_transaction() {
    session_.transaction.on_lost();
    record_.reset();
}

}  // namespace weir::splitter
