// The part of session_core that remembers what a transaction did, and runs it again on another
// connection when its own is lost: command by command, each answer compared with the first one.

#include "protocol/mysql/packet_header.hpp"
#include "protocol/wire/ensure.hpp"
#include "splitter/relay/errc.hpp"
#include "splitter/relay/parameter_reading.hpp"
#include "splitter/relay/replayable_errors.hpp"
#include "splitter/relay/session_core.hpp"

#include <utility>

namespace weir::splitter {

using protocol::mysql::command;
using protocol::mysql::response_kind;
using protocol::wire::bytes_view;
using protocol::wire::copy_of;

namespace {

bool is_query_or_execute(command what) {
    return what == command::query || what == command::stmt_execute;
}

/// Changes nothing that a statement behind it could meet.
bool leaves_no_trace(const command_plan& plan) {
    return !is_query_or_execute(plan.command) && plan.effect == statement_effect::none;
}

}  // namespace

/// The command under way is about to be written, and has not been made to fit the connection.
void session_core::begin_record() {
    if (replay_ != nullptr) return;
    const auto& transaction = session_.transaction;
    const bool begins = plan_.traits.what == statement_traits::kind::begin;
    if (!transaction.open || begins) {
        const bool may_open =
            is_query_or_execute(plan_.command) && (begins || !transaction.autocommit);
        const bool is_tied = what_is_lost() == connection_tie::pin;
        record_.reset();
        if (!may_open || (is_tied && backend_.state->primary)) return;
        record_ = std::make_unique<transaction_record>(transaction_log(
            {world_.routing.replay_statements,
             world_.routing.replay_size,
             world_.routing.replay_age},
            {now_,
             session_.state.mark(),
             session_.insert_id.value,
             !backend_.state->primary && begins,
             begins_reading_committed()}
        ));
        if (is_tied) record_->log.lose(transaction_log::missing::other);
    }
    if (record_ == nullptr) return;
    record_->under_way.reset();
    if (leaves_no_trace(plan_)) return;
    const bool reads = reads_snapshot();
    record_->keeps_whole = record_->log.is_whole() && may_record();
    const bool may_read_again = reads && record_->log.has_all_reads() && may_record_read();
    if (!record_->keeps_whole && !may_read_again) return;
    logged_command& entry = record_->under_way.emplace();
    entry.command = plan_.command;
    entry.response = plan_.response;
    entry.reads_tables = reads;
    if (plan_.statement == nullptr) return;
    entry.statement = plan_.statement->id;
    entry.types = plan_.statement->types;
    entry.columns = plan_.statement->columns;
}

/// It sees what the transaction sees, on a replica.
bool session_core::reads_snapshot() const noexcept {
    using kind = statement_traits::kind;
    const auto& traits = plan_.traits;
    if (backend_.state->primary || !session_.transaction.open) return false;
    if (!is_query_or_execute(plan_.command)) return false;
    if (traits.what == kind::several) return traits.only_reads;
    return traits.what == kind::read && traits.queries &&
           (traits.uses_tables || traits.calls_reading_functions);
}

bool session_core::may_record_read() const noexcept {
    if (!is_query_or_execute(plan_.command) || plan_.response == response_kind::cursor)
        return false;
    // A text with what is known in place of a function is of the moment.
    if (plan_.replacement.get() != nullptr) return false;
    return !runs_prepared(plan_) || plan_.statement->data.empty();
}

/// The command under way could be run again behind those before it.
bool session_core::may_record() const noexcept {
    if (!may_record_read() || plan_.effect == statement_effect::commit) return false;
    if (plan_.effect == statement_effect::lasting) {
        // It ends the transaction before, and the record has begun anew.
        return plan_.traits.what == statement_traits::kind::begin;
    }
    const bool writes = plan_.effect == statement_effect::in_transaction;
    if (writes && !world_.routing.transaction_replay) return false;
    return !plan_.traits.reads_previous_statement || record_->log.has_insert_id();
}

/// The command under way has been answered, and the session has learnt from it.
void session_core::end_record() {
    if (record_ == nullptr) return;
    if (!session_.transaction.open) return record_.reset();
    using missing = transaction_log::missing;
    const response_facts& facts = relay_.facts();
    const bool ends = plan_.traits.what == statement_traits::kind::end && facts.error == 0;
    if (ends && record_->log.from().on_replica) {
        record_->under_way.reset();
        return record_->log.begin_next();
    }
    if (!record_->under_way) {
        if (!leaves_no_trace(plan_)) lose_record(reads_snapshot() ? missing::read : missing::other);
        return;
    }
    logged_command done = std::move(*std::exchange(record_->under_way, std::nullopt));
    done.answer = record_->sum.finish();
    const bool keeps_transaction = facts.error == 0 || leaves_transaction(facts.error);
    // A GTID means that something was committed on the way.
    const missing what = done.reads_tables ? missing::read : missing::other;
    if (!record_->keeps_whole) record_->log.lose(missing::other);
    if (!keeps_transaction || facts.has_gtid) return lose_record(what);
    if (facts.insert_id != 0) record_->log.note_insert_id();
    done.packet = sent_packet();
    if (done.packet.empty() || !record_->log.append(std::move(done))) lose_record(what);
}

/// A transaction on a replica may still have to know what it has read.
void session_core::lose_record(transaction_log::missing what) {
    record_->log.lose(what);
    if (!record_->log.from().on_replica) record_.reset();
}

/// What the client sent, or what was sent in its place; empty: it is in several frames.
std::vector<std::byte> session_core::sent_packet() {
    if (plan_.rewritten != nullptr) {
        out_.clear();
        write_rewritten();
        return copy_of(out_.view());
    }
    const bool is_one_frame =
        command_size_ == payload_.size() + protocol::mysql::packet_header::size;
    if (!is_one_frame || command_size_ > world_.routing.replay_size) return {};
    return copy_of(received_.pending().first(command_size_));
}

bool session_core::is_replayable() const noexcept {
    return record_ != nullptr && record_->log.is_whole() && !record_->log.commands().empty() &&
           record_->log.from().state == session_.state.mark() && !record_->log.is_too_old(now_);
}

session_action session_core::begin_replay(failure why) {
    prepare_replay();
    return release(session_action::kind::drop_backend, after_release::replay, why);
}

void session_core::prepare_replay() {
    if (replay_ == nullptr) {
        const bool was_sent = what_was_sent() != statement_sent::nothing;
        replay_ = std::make_unique<transaction_replay>();
        replay_->payload = payload_;
        if (plan_.statement != nullptr) replay_->types = plan_.statement->types;
        if (was_sent && record_->under_way) replay_->types = record_->under_way->types;
        replay_->interrupted = std::exchange(plan_, {});
    }
    replay_->next = 0;
    ++replay_->interrupted.where.attempt;
    (void)record_->sum.finish();
    session_.transaction.on_lost();
}

/// The connection is given back; another one is to be had for the first command.
session_action session_core::start_replaying() {
    after_release_ = after_release::next_command;
    if (!replay_->moves && session_.insert_id.at == nullptr)
        session_.insert_id.value = record_->log.from().insert_id;
    return replay_next();
}

session_action session_core::replay_next() {
    const auto& commands = record_->log.commands();
    while (replay_->moves && replay_->next < commands.size() &&
           !commands[replay_->next].reads_tables)
        ++replay_->next;
    if (replay_->next == commands.size()) return resume_interrupted();
    const logged_command& entry = commands[replay_->next];
    replay_->packet = entry.packet;
    payload_ = bytes_view(std::span<const std::byte>(replay_->packet))
                   .subspan(protocol::mysql::packet_header::size);
    plan_ = {};
    plan_.command = entry.command;
    plan_.response = entry.response;
    plan_.needs_insert_id = true;
    plan_.needs_user_variables = true;
    if (entry.statement != 0) {
        plan_.statement = find_to_replay(entry.statement);
        if (plan_.statement == nullptr) return give_up_replay(errc::replay_differs);
        replay_->former.try_emplace(
            entry.statement,
            transaction_replay::form{
                plan_.statement->types, plan_.statement->columns, plan_.statement->binding}
        );
        plan_.statement->types = entry.types;
        plan_.statement->columns = entry.columns;
        bind_again();
    }
    plan_.where.attempt = replay_->interrupted.where.attempt;
    if (record_->log.from().on_replica && !replay_->moves) {
        plan_.where.role = server_role::replica;
        plan_.where.lag_max = world_.routing.max_lag;
        if (world_.routing.consistency != config::consistency::eventual)
            plan_.where.must_contain = session_.written.required();
    }
    return acquire();
}

prepared_statement* session_core::find_to_replay(std::uint32_t id) {
    const auto closed = record_->closed.find(id);
    return closed == record_->closed.end() ? session_.statements.find(id) : &closed->second;
}

/// For the run that comes next.
void session_core::bind_again() {
    if (plan_.command != command::stmt_execute) return;
    if (world_.flavor != protocol::mysql::server_flavor::mysql) return;
    plan_.statement->binding.read_from.clear();
    note_binding(*plan_.statement, payload_, session_);
}

session_action session_core::on_replayed_bytes() {
    using kind = response_relay::step::kind;
    const auto next =
        relay_.advance(backend_.received->pending_mutable(), session_, *backend_.state, out_);
    if (!next) return on_failure({next.error(), failure_origin::backend});
    record_->sum.append(next->bytes);
    backend_.received->consume(next->consumed);
    if (next->what == kind::more_bytes) return do_next(session_action::kind::read_backend);
    if (next->what != kind::complete || !backend_.received->empty())
        return give_up_replay(errc::replay_differs);
    const auto& entry = record_->log.commands()[replay_->next];
    if (record_->sum.finish() != entry.answer) return give_up_replay(errc::replay_differs);
    learn_status();
    learn_last_statement();
    ++replay_->next;
    return replay_next();
}

/// All is as it was: the command that met the failure comes next.
session_action session_core::resume_interrupted() {
    if (!session_.transaction.open) return give_up_replay(errc::replay_differs);
    const bool has_moved = replay_->moves;
    end_replay();
    if (has_moved) record_.reset();  // it began on a replica
    return prepare_backend();
}

void session_core::end_replay() {
    const auto done = std::exchange(replay_, nullptr);
    for (auto& [id, form] : done->former) {
        auto* const statement = session_.statements.find(id);
        if (statement == nullptr) continue;
        statement->types = std::move(form.types);
        statement->columns = form.columns;
        statement->binding = std::move(form.binding);
    }
    plan_ = std::move(done->interrupted);
    payload_ = done->payload;
    if (plan_.statement == nullptr) return;
    plan_.statement->types = done->types;
    bind_again();
}

/// The transaction is lost, and so is what the client believes: it is cut off, unless it can be
/// told that it has to begin again.
session_action session_core::give_up_replay(errc why) {
    if (replay_->moves) {
        end_replay();
        return refuse_to_move();
    }
    return close({make_error_code(why), failure_origin::backend});
}

}  // namespace weir::splitter
