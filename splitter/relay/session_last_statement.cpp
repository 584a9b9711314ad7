// The part of session_core that learns from an answer what a client may ask about its last
// statement: rows, conditions, and the texts of what it has prepared in SQL to ask.

#include "splitter/relay/session_core.hpp"
#include "splitter/sql/sql_prepared.hpp"

#include <utility>

namespace weir::splitter {

using protocol::mysql::command;
using protocol::mysql::status_flag;

namespace {

/// Commands that are none leave the conditions of the last one, on every server.
bool counts_as_statement(command what) {
    return what != command::init_db && what != command::ping && what != command::statistics &&
           what != command::debug && what != command::set_option;
}

}  // namespace

/// What the client may ask about the statement, and who will be able to tell.
void session_core::learn_last_statement() {
    const auto& facts = relay_.facts();
    auto& last = session_.last;
    const bool has_failed = facts.error != 0;
    const bool counts_rows = plan_.command != command::stmt_prepare || has_failed;
    const bool is_one = counts_as_statement(plan_.command);
    // Where it is none its error comes behind what MySQL counts of the last one.
    const bool adds_error =
        !is_one && backend_.state->flavor == protocol::mysql::server_flavor::mysql;
    const std::uint32_t own =
        has_failed ? 1U + (adds_error ? last.own_warnings : 0U) : facts.warnings;
    if (counts_rows) learn_row_count();
    learn_found_rows();
    const bool clears = has_cleared_conditions();
    if (clears) {
        // What a GET DIAGNOSTICS complains of is an error, and comes behind what there is.
        const bool adds = plan_.traits.gets_diagnostics && !has_failed;
        const bool has_former = adds && last.conditions_at == backend_.state;
        last.warnings = own + (has_former ? last.warnings : 0);
        last.errors = (has_failed || adds ? 1U : 0U) + (has_former ? last.errors : 0);
        last.conditions.reset();
    }
    if (is_one || has_failed) last.own_warnings = own;
    if (facts.insert_id != 0) session_.insert_id.value = facts.insert_id;
    session_.on_ran(
        *backend_.state,
        {.insert_id = has_moved_insert_id(), .counts_rows = counts_rows, .conditions = clears}
    );
}

void session_core::learn_row_count() {
    const auto& facts = relay_.facts();
    const bool asks = plan_.traits.gets_diagnostics && facts.error == 0;
    if (asks && facts.warnings == 0) return;
    const bool opens_cursor =
        facts.status.has(status_flag::cursor_exists) && plan_.command != command::stmt_reset;
    const bool sets_option = plan_.command == command::set_option;
    const bool has_none =
        facts.error != 0 || facts.ended_with_rows || asks || opens_cursor || sets_option;
    session_.last.row_count = has_none ? -1 : static_cast<std::int64_t>(facts.affected_rows);
}

void session_core::learn_found_rows() {
    const auto& facts = relay_.facts();
    auto& found_rows = session_.last.found_rows;
    if (plan_.traits.shows_conditions) {
        // SHOW WARNINGS finds nothing, SHOW COUNT(*) WARNINGS is a SELECT.
        const auto shown = parse_show_conditions(plan_.text, reading_options(session_, world_));
        if (shown && shown->counts) found_rows = 1;
        return;
    }
    if (plan_.command == command::stmt_prepare) return;
    if (facts.error == 0 && facts.ended_with_rows) {
        found_rows = relay_.rows();
        session_.last.found_rows_guessed = false;
    } else if (facts.error == 0) {
        const bool may_count = plan_.traits.changes_rows || plan_.traits.may_return_rows_of_a_write;
        session_.last.found_rows_guessed = session_.last.found_rows_guessed || may_count;
    }
    if (plan_.traits.finds_other_rows) found_rows.reset();
}

/// Asking for conditions leaves them, and so does what is no statement. On MariaDB one that uses no
/// tables and has none of its own does, too; where that is not known the connection is believed.
bool session_core::has_cleared_conditions() const noexcept {
    const auto& facts = relay_.facts();
    const auto& traits = plan_.traits;
    if (facts.error != 0) return true;
    if (traits.shows_conditions) return false;
    if (!counts_as_statement(plan_.command)) return false;
    if (facts.warnings > 0) return true;
    if (traits.gets_diagnostics || plan_.at_cursor) return false;
    if (backend_.state->flavor != protocol::mysql::server_flavor::mariadb) return true;
    const bool is_known =
        !traits.may_return_rows_of_a_write && traits.what != statement_traits::kind::several;
    return traits.uses_tables && (is_known || session_.last.conditions_at != backend_.state);
}

/// A PREPARE that fails has given up the name, too. What a procedure or a part of a text prepares
/// is not seen.
void session_core::learn_prepared_in_sql() {
    using kind = statement_traits::kind;
    const auto& traits = plan_.traits;
    auto& known = session_.prepared_in_sql;
    if (plan_.command != command::query || !(traits.pins || !known.empty())) return;
    auto found = parse_sql_prepared(plan_.text, reading_options(session_, world_));
    const bool may_prepare = traits.what == kind::several || traits.may_return_rows_of_a_write;
    if (!found && may_prepare) known.clear();
    if (!found || found->what == sql_prepared::kind::execute) return;
    if (found->what == sql_prepared::kind::prepare && found->text && relay_.facts().error == 0) {
        known.keep(found->name, std::move(*found->text));
    } else {
        known.forget(found->name);
    }
}

}  // namespace weir::splitter
