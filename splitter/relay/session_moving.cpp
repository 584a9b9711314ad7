// The part of session_core that takes a read-only transaction from its replica to the primary, for
// a statement that does more than to read.

#include "splitter/relay/session_core.hpp"
#include "splitter/sql/token_word.hpp"

#include <array>
#include <utility>

namespace weir::splitter {

using protocol::mysql::command;

namespace {

bool is_about_savepoints(std::string_view text, const lexer_options& options) {
    constexpr std::array<std::string_view, 3> verbs{"savepoint", "rollback", "release"};
    lexer reader{text, options};
    return is_bare_word_of(reader.next(), verbs);
}

/// BEGIN in a read-only transaction: MySQL makes the next one read-only too, unless READ WRITE is
/// said; MariaDB does not.
bool begins_read_only(
    const statement_traits& begin, const session& session, protocol::mysql::server_flavor flavor
) {
    if (begin.begin_read_only) return true;
    if (begin.begin_read_write) return false;
    if (session.one_shot_transaction) return true;
    return flavor == protocol::mysql::server_flavor::mysql ||
           session.state.transactions_read_only();
}

/// What a replica answers as the primary does, and which leaves nothing there: reads, what is
/// refused in any read-only transaction, and what only its connection needs.
bool may_stay_on_replica(
    const command_plan& plan, const session& session, const environment& world
) {
    using kind = statement_traits::kind;
    const auto& traits = plan.traits;
    if (traits.only_reads || traits.only_reads_diagnostics) return true;
    if (traits.pins) return false;
    switch (traits.what) {
        case kind::empty:
        case kind::read:
        case kind::end:
        case kind::set:
        case kind::set_transaction:
        case kind::use: return true;
        case kind::begin: return begins_read_only(traits, session, world.flavor);
        case kind::write:
            if (!session.transaction.open) return false;
            return traits.changes_rows ||
                   is_about_savepoints(plan.text, reading_options(session, world));
        case kind::several: return false;
    }
    return false;
}

}  // namespace

bool session_core::must_leave_replica() const noexcept {
    const auto& transaction = session_.transaction;
    if (backend_.state == nullptr || backend_.state->primary) return false;
    if (replay_ != nullptr || plan_.what == command_plan::kind::conditions) return false;
    const bool is_open = transaction.open && transaction.read_only;
    if (!is_open && !session_.one_shot_transaction) return false;
    const bool runs = plan_.command == command::query || plan_.command == command::stmt_execute;
    return runs && !may_stay_on_replica(plan_, session_, world_);
}

/// A transaction that has only read is as good on the primary, but for reading what is committed
/// by now.
session_action session_core::move_transaction() {
    session_.begun.is_open = std::exchange(session_.transaction.open, false);
    session_.transaction.read_only = false;
    record_.reset();
    session_.one_shot_transaction = false;
    session_.begun.moves = true;
    session_.begun.repeated = 0;
    plan_.where = {};
    return release(session_action::kind::drop_backend, after_release::acquire_again);
}

/// Notes on a replica how its transaction came about.
void session_core::learn_begin() {
    using kind = statement_traits::kind;
    auto& begun = session_.begun;
    if (begun.moves || backend_.state->primary) return begun.clear();
    const auto& traits = plan_.traits;
    const bool ran = plan_.command == command::query || plan_.command == command::stmt_execute;
    if (ran && relay_.facts().error == 0) {
        const bool is_one_shot =
            traits.what == kind::set_transaction && traits.one_shot_transaction;
        const bool is_first = begun.statements.empty();
        const bool counts = is_one_shot || traits.what == kind::begin;
        constexpr std::size_t savepoints_max = 64;
        const bool is_later = !is_first && begun.statements.size() < savepoints_max &&
                              traits.what == kind::write && !traits.changes_rows &&
                              is_about_savepoints(plan_.text, reading_options(session_, world_));
        if (counts || is_later) begun.statements.emplace_back(plan_.text);
    }
    if (!session_.transaction.open && !session_.one_shot_transaction) begun.clear();
}

}  // namespace weir::splitter
