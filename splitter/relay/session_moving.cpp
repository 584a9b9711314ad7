// The part of session_core that takes a read-only transaction from its replica to the primary, for
// a statement that does more than to read.

#include "splitter/relay/session_core.hpp"
#include "splitter/sql/system_objects.hpp"
#include "splitter/sql/token_word.hpp"
#include "splitter/sql/word.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <utility>

namespace weir::splitter {

using protocol::mysql::command;

namespace {

bool is_about_savepoints(std::string_view text, const lexer_options& options) {
    constexpr std::array<std::string_view, 3> verbs{"savepoint", "rollback", "release"};
    lexer reader{text, options};
    return is_bare_word_of(reader.next(), verbs);
}

/// The BEGIN of a session whose transactions are read-only, which it may set otherwise meanwhile.
std::string said_read_only(std::string_view begin, const lexer_options& options) {
    lexer reader{begin, options};
    token word = reader.next();
    while (word.kind != token_kind::end && !same_word(word.text, "snapshot"))
        word = reader.next();
    const bool takes_snapshot = word.kind != token_kind::end;
    return takes_snapshot ? "START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY"
                          : "START TRANSACTION READ ONLY";
}

/// BEGIN in a read-only transaction: MySQL makes the next one read-only too, unless READ WRITE is
/// said; MariaDB does not. What was set for the next transaction is the open one's, if one is.
bool begins_read_only(
    const statement_traits& begin, const session& session, protocol::mysql::server_flavor flavor
) {
    if (begin.begin_read_only) return true;
    if (begin.begin_read_write) return false;
    if (session.one_shot_transaction && !session.transaction.open) return true;
    return flavor == protocol::mysql::server_flavor::mysql ||
           session.state.transactions_read_only();
}

/// SET timestamp=1: it pins, and can be said again on the primary.
bool can_be_set_again(const command_plan& plan, const begun_transaction& begun) {
    const auto is_of_variable = [](const pin_effect& one) {
        return one.cause == pin_cause::connection_variable && !is_about_tracking(one.name);
    };
    return plan.traits.what == statement_traits::kind::set && plan.command == command::query &&
           begun.has_room() && plan.text.size() <= begun_transaction::set_size_max &&
           !plan.pin_effects.empty() && std::ranges::all_of(plan.pin_effects, is_of_variable);
}

/// MariaDB writes a savepoint to the replica's own binary log, so that the commit behind it is a
/// write, which read_only refuses.
bool commits_savepoint(const session& session, protocol::mysql::server_flavor flavor) {
    return flavor == protocol::mysql::server_flavor::mariadb &&
           session.begun.has(begun_transaction::statement::kind::savepoint);
}

/// What a replica answers as the primary does, and which leaves nothing there that could not be had
/// again: reads, what is refused in any read-only transaction, and what only its connection needs.
bool may_stay_on_replica(
    const command_plan& plan, const session& session, const environment& world
) {
    using kind = statement_traits::kind;
    const auto& traits = plan.traits;
    if (traits.only_reads || traits.only_reads_diagnostics) return true;
    if (traits.pins) return can_be_set_again(plan, session.begun);
    switch (traits.what) {
        case kind::empty:
        case kind::read:
        case kind::set:
        case kind::set_transaction:
        case kind::use: return true;
        case kind::end: return !commits_savepoint(session, world.flavor);
        case kind::begin:
            return begins_read_only(traits, session, world.flavor) &&
                   !commits_savepoint(session, world.flavor);
        case kind::write:
            if (!session.transaction.open) return false;
            return traits.changes_rows ||
                   is_about_savepoints(plan.text, reading_options(session, world));
        case kind::several: return false;
    }
    return false;
}

/// WITH CONSISTENT SNAPSHOT: what is read again there says nothing of what would be read later.
bool took_snapshot(const session& session, const lexer_options& options) {
    return std::ranges::any_of(session.begun.statements, [&](const auto& one) {
        lexer words{one.text, options};
        token word = words.next();
        while (word.kind != token_kind::end && !is_bare_word(word, "snapshot"))
            word = words.next();
        return one.what == begun_transaction::statement::kind::begin &&
               word.kind != token_kind::end;
    });
}

}  // namespace

bool session_core::must_leave_replica() const noexcept {
    const auto& transaction = session_.transaction;
    if (backend_.state == nullptr || backend_.state->primary) return false;
    if (replay_ != nullptr || plan_.what == command_plan::kind::conditions) return false;
    const bool is_open = transaction.open && transaction.read_only;
    const bool runs = plan_.command == command::query || plan_.command == command::stmt_execute;
    if (!is_open && !session_.one_shot_transaction) return runs && is_left_on_replica();
    return runs && !may_stay_on_replica(plan_, session_, world_);
}

/// The transaction is over, and a SET in it has pinned the session: a pin is on the primary.
bool session_core::is_left_on_replica() const noexcept {
    return session_.pinned.is_set() && !session_.transaction.open && !plan_.at_cursor &&
           plan_.where.connection == nullptr;
}

/// Once the replica's connection is given back, nobody can tell what it knows of the statements
/// before.
session_action session_core::leave_replica() {
    const auto& left = backend_.state->left;
    if (left.owner != &session_ || !left.is_asked_for()) return move_transaction();
    fetches_ = fetched::all_of_replica;
    return prepare_backend();
}

/// A transaction that has only read is as good on the primary if it finds there what it has read.
session_action session_core::move_transaction() {
    const bool reads_again = must_read_again();
    if (reads_again && (record_ == nullptr || !record_->log.has_all_reads() ||
                        took_snapshot(session_, reading_options(session_, world_))))
        return refuse_to_move();
    session_.begun.is_open = std::exchange(session_.transaction.open, false);
    session_.begun.is_announced = std::exchange(session_.one_shot_transaction, false);
    session_.transaction.read_only = false;
    session_.begun.moves = true;
    session_.begun.repeated = 0;
    plan_.where = {};
    if (reads_again) {
        record_->under_way.reset();
        prepare_replay();
        replay_->moves = true;
        replay_->interrupted.where.attempt = 0;
        return release(session_action::kind::drop_backend, after_release::replay);
    }
    record_.reset();
    return release(session_action::kind::drop_backend, after_release::acquire_again);
}

/// It has read, or has taken a snapshot, goes on to see what it saw then, and is not about to end.
bool session_core::must_read_again() const {
    using kind = statement_traits::kind;
    const auto options = reading_options(session_, world_);
    const bool ends = plan_.traits.what == kind::begin || plan_.traits.what == kind::end ||
                      is_bare_word(lexer(plan_.text, options).next(), "lock");
    if (!session_.transaction.open || ends) return false;
    if (record_ == nullptr) return true;
    if (record_->log.from().reads_committed) return false;
    return !record_->log.has_all_reads() || record_->log.has_reads() ||
           took_snapshot(session_, options);
}

/// What it has read has changed, or is not known: it can only be run again as a whole, and then on
/// the primary.
session_action session_core::refuse_to_move() {
    end_lost_transaction();
    session_.one_shot_transaction = false;
    begin_only_what_is_set();
    session_.transaction.begins_on_primary = true;
    pending_error_ = {
        protocol::mysql::server_errc::deadlock,
        "What the read-only transaction has read has changed on the primary, where it had to go "
        "on, or cannot be read again; try restarting transaction"};
    return release(session_action::kind::drop_backend, after_release::error_then_next);
}

/// The transaction is lost. What was set in it, and pins, is to be had where the session goes on.
void session_core::begin_only_what_is_set() {
    auto& begun = session_.begun;
    begun.end();
    begun.moves = !begun.statements.empty();
    begun.is_open = false;
    begun.is_announced = false;
}

/// The command that moved is over. If it never came so far the transaction is lost.
void session_core::end_move() {
    if (!session_.begun.moves) return;
    if (session_.begun.is_repeated()) return session_.begun.clear();
    begin_only_what_is_set();
}

/// Of the transaction that is about to begin: by the SET TRANSACTION for it, or as all of the
/// session's, as far as that has been set.
bool session_core::begins_reading_committed() const {
    constexpr std::array<std::string_view, 2> committed{"committed", "uncommitted"};
    constexpr std::array<std::string_view, 2> more{"repeatable", "serializable"};
    bool reads = session_.state.reads_committed();
    if (!session_.one_shot_transaction) return reads;
    const auto options = reading_options(session_, world_);
    for (const auto& one : session_.begun.statements) {
        if (one.what != begun_transaction::statement::kind::announcement) continue;
        lexer words{one.text, options};
        for (token word = words.next(); word.kind != token_kind::end; word = words.next()) {
            if (is_bare_word_of(word, committed)) reads = true;
            if (is_bare_word_of(word, more)) reads = false;
        }
    }
    return reads;
}

/// Notes on a replica how its transaction came about, and what pins the session since.
void session_core::learn_begin() {
    auto& begun = session_.begun;
    const bool begins =
        plan_.traits.what == statement_traits::kind::begin || plan_.traits.one_shot_transaction;
    if (begins && backend_.state->primary) session_.transaction.begins_on_primary = false;
    if (backend_.state->primary) return begun.clear();
    if (begun.moves) return;
    const bool ran = plan_.command == command::query || plan_.command == command::stmt_execute;
    if (ran) learn_how_it_began();
    if (session_.transaction.open || session_.one_shot_transaction) return;
    if (session_.pinned.is_set()) return begun.end();
    begun.clear();
}

void session_core::learn_how_it_began() {
    using kind = statement_traits::kind;
    using begun_kind = begun_transaction::statement::kind;
    auto& begun = session_.begun;
    const auto& traits = plan_.traits;
    const bool failed = relay_.facts().error != 0;
    const bool is_one_shot = traits.what == kind::set_transaction && traits.one_shot_transaction;
    if (is_one_shot || traits.what == kind::begin) {
        const bool by_session =
            traits.what == kind::begin && session_.state.transactions_read_only();
        std::string text = by_session
                               ? said_read_only(plan_.text, reading_options(session_, world_))
                               : std::string(plan_.text);
        const auto what = is_one_shot ? begun_kind::announcement : begun_kind::begin;
        if (!failed) begun.statements.push_back({std::move(text), what});
        return;
    }
    // A SET has ended it.
    if (traits.what == kind::set && !session_.transaction.open && session_.one_shot_transaction)
        begun.leave_announced();
    if (!begun.has_room()) return;
    if (traits.what == kind::set && (session_.pinned.is_set() || !plan_.pin_effects.empty())) {
        begun.statements.push_back({std::string(plan_.text), begun_kind::set, failed});
        return;
    }
    const bool is_savepoint = !failed && !begun.statements.empty() && traits.what == kind::write &&
                              !traits.changes_rows &&
                              is_about_savepoints(plan_.text, reading_options(session_, world_));
    if (is_savepoint) begun.statements.push_back({std::string(plan_.text), begun_kind::savepoint});
}

}  // namespace weir::splitter
