// The part of session_core that learns from an answer what a client may ask about its last
// statement: rows, conditions, and the texts of what it has prepared in SQL to ask.

#include "splitter/relay/session_core.hpp"
#include "splitter/sql/found_rows.hpp"
#include "splitter/sql/lexer.hpp"
#include "splitter/sql/sql_prepared.hpp"
#include "splitter/sql/value_substitution.hpp"
#include "splitter/sql/word.hpp"

#include <array>
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

/// Rows that MariaDB makes itself are none that are found, where it does not select them.
bool makes_rows(std::string_view text, const lexer_options& options) {
    constexpr std::array<std::string_view, 11> shown{
        "binary",
        "binlog",
        "create",
        "engine",
        "grants",
        "master",
        "privileges",
        "processlist",
        "relaylog",
        "replica",
        "slave"};
    constexpr std::array<std::string_view, 5> administrative{
        "analyze", "check", "checksum", "optimize", "repair"};
    lexer reader(text, options);
    const token verb = reader.next();
    token what = reader.next();
    if (same_word(verb.text, "show")) {
        if (same_word(what.text, "full")) what = reader.next();
        return is_one_of(what.text, shown);
    }
    return same_word(verb.text, "handler") || same_word(verb.text, "help") ||
           (is_one_of(verb.text, administrative) && what.is(keyword::table));
}

/// MariaDB clears the conditions where the statement itself names a table, which these do not,
/// whatever stands in a body: SHOW CREATE PROCEDURE, CREATE FUNCTION.
bool names_no_table_itself(std::string_view text, const lexer_options& options) {
    constexpr std::array<std::string_view, 17> shown{
        "all",
        "authors",
        "binary",
        "binlog",
        "contributors",
        "engine",
        "grants",
        "master",
        "privileges",
        "processlist",
        "profile",
        "profiles",
        "relaylog",
        "replica",
        "slave",
        "wsrep_membership",
        "wsrep_status"};
    constexpr std::array<std::string_view, 8> without_table{
        "database", "event", "function", "package", "procedure", "schema", "trigger", "user"};
    constexpr std::array<std::string_view, 3> routines{"function", "package", "procedure"};
    lexer reader(text, options);
    const token verb = reader.next();
    token what = reader.next();
    if (same_word(verb.text, "show")) {
        if (same_word(what.text, "full")) what = reader.next();
        if (same_word(what.text, "create")) return is_one_of(reader.next().text, without_table);
        return is_one_of(what.text, shown);
    }
    if (same_word(verb.text, "drop")) return same_word(what.text, "event");
    if (!verb.is(keyword::create)) return false;
    // CREATE [OR REPLACE] [DEFINER=...] [AGGREGATE] FUNCTION
    while (what.kind != token_kind::end && !what.is('(') && !is_one_of(what.text, routines))
        what = reader.next();
    return is_one_of(what.text, routines);
}

bool changes_rows_itself(std::string_view text, const lexer_options& options) {
    const token verb = lexer(text, options).next();
    return verb.is(keyword::insert) || verb.is(keyword::replace) || verb.is(keyword::update) ||
           verb.is(keyword::delete_word);
}

/// CREATE TABLE ... SELECT, DO (SELECT ...).
bool selects_for_itself(std::string_view text, const lexer_options& options) {
    lexer reader(text, options);
    const token verb = reader.next();
    token current = reader.next();
    if (verb.is(keyword::create)) {
        if (same_word(current.text, "or")) {
            (void)reader.next();
            current = reader.next();
        }
        if (current.is(keyword::temporary)) current = reader.next();
        if (!current.is(keyword::table)) return false;
    } else if (!same_word(verb.text, "do")) {
        return false;
    }
    while (current.kind != token_kind::end && !current.is(keyword::select))
        current = reader.next();
    return current.is(keyword::select);
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
        has_failed && !is_one && backend_.state->flavor == protocol::mysql::server_flavor::mysql;
    std::uint32_t own = has_failed ? 1U : facts.warnings;
    if (adds_error) own += last.own_warnings;
    if (counts_rows) learn_row_count();
    learn_found_rows();
    const bool clears = has_cleared_conditions();
    const bool is_only_condition = is_only_condition_elsewhere();
    if (clears) learn_conditions(own, adds_error);
    if (is_one || has_failed) last.own_warnings = own;
    if (facts.insert_id != 0) session_.insert_id.value = facts.insert_id;
    session_.on_ran(
        *backend_.state,
        {.insert_id = has_moved_insert_id(), .counts_rows = counts_rows, .conditions = clears}
    );
    if (is_only_condition) {
        session_.on_conditions_known({{"Error", facts.error, facts.error_text}});
    }
}

/// What a GET DIAGNOSTICS complains of is an error, and comes behind what there is; so does that of
/// what is no statement.
void session_core::learn_conditions(std::uint32_t own, bool adds_error) {
    auto& last = session_.last;
    const bool has_failed = relay_.facts().error != 0;
    const bool complains = plan_.traits.gets_diagnostics && !has_failed;
    const bool has_former = (complains || adds_error) && last.conditions_at == backend_.state;
    last.warnings = has_former ? last.warnings + (adds_error ? 1U : own) : own;
    last.errors = (has_failed || complains ? 1U : 0U) + (has_former ? last.errors : 0);
    last.conditions.reset();
}

/// What is no statement has failed on a connection that did not run the last one, which left no
/// condition: MySQL puts the error behind what an older one has left there.
bool session_core::is_only_condition_elsewhere() const noexcept {
    return plan_.command == command::init_db && relay_.facts().error != 0 &&
           backend_.state->flavor == protocol::mysql::server_flavor::mysql &&
           session_.last.at != backend_.state && session_.last.own_warnings == 0;
}

void session_core::learn_row_count() {
    const auto& facts = relay_.facts();
    const bool asks = plan_.traits.gets_diagnostics && facts.error == 0;
    if (asks && facts.warnings == 0) return;
    const bool has_cursor =
        facts.status.has(status_flag::cursor_exists) && plan_.command != command::stmt_reset;
    const bool sets_option = plan_.command == command::set_option;
    const bool has_none =
        facts.error != 0 || facts.ended_with_rows || asks || has_cursor || sets_option;
    session_.last.row_count = has_none ? -1 : static_cast<std::int64_t>(facts.affected_rows);
}

bool session_core::opens_cursor() const noexcept {
    const auto& facts = relay_.facts();
    return facts.error == 0 && plan_.command == command::stmt_execute &&
           facts.status.has(status_flag::cursor_exists);
}

/// What an EXECUTE runs; nothing: it is none, or that is not known.
std::optional<std::string> session_core::text_of_execute() const {
    const auto& traits = plan_.traits;
    const bool may_be_one = plan_.command == command::query && traits.pins &&
                            (traits.may_return_rows_of_a_write || traits.shows_conditions);
    if (!may_be_one) return std::nullopt;
    auto found = parse_sql_prepared(plan_.text, reading_options(session_, world_));
    if (!found) return std::nullopt;
    if (found->what == sql_prepared::kind::immediate) return std::move(found->text);
    if (found->what != sql_prepared::kind::execute) return std::nullopt;
    const std::string* const known = session_.prepared_in_sql.find(found->name);
    return known == nullptr ? std::nullopt : std::optional(*known);
}

void session_core::learn_found_rows() {
    if (plan_.traits.shows_conditions) {
        // SHOW WARNINGS finds nothing, SHOW COUNT(*) WARNINGS is a SELECT.
        const auto executed = text_of_execute();
        const std::string_view text = executed ? std::string_view(*executed) : plan_.text;
        const auto shown = parse_show_conditions(text, reading_options(session_, world_));
        if (shown && shown->counts) session_.on_found_rows(*backend_.state, 1);
        return;
    }
    // What was found is known since a cursor was opened.
    if (plan_.command == command::stmt_prepare || plan_.command == command::stmt_fetch) return;
    if (backend_.state->flavor == protocol::mysql::server_flavor::mariadb)
        return learn_what_mariadb_found();
    learn_what_mysql_found();
}

/// Of a text of several statements, or one that runs others, the last one counts that finds any.
void session_core::learn_what_mysql_found() {
    const auto& facts = relay_.facts();
    const auto& traits = plan_.traits;
    backend_state& here = *backend_.state;
    const bool is_several = traits.what == statement_traits::kind::several;
    const bool runs_others = traits.may_return_rows_of_a_write && !traits.changes_rows;
    if (facts.error != 0) {
        if (is_several && facts.gave_rows) return session_.on_found_rows(here, std::nullopt);
        if ((is_several || runs_others) && !has_failed_unread())
            session_.on_found_rows_unsure(here);
    } else if (traits.queries || (is_several && facts.gave_rows)) {
        const bool is_known = facts.ended_with_rows && !traits.finds_other_rows && !opens_cursor();
        session_.on_found_rows(here, is_known ? std::optional(relay_.rows()) : std::nullopt);
    } else if (is_several) {
        if (traits.changes_rows || traits.may_return_rows_of_a_write)
            session_.on_found_rows_unsure(here);
    } else {
        learn_what_mysql_found_by_text();
    }
}

void session_core::learn_what_mysql_found_by_text() {
    const auto& facts = relay_.facts();
    backend_state& here = *backend_.state;
    const auto executed = text_of_execute();
    const rows_found found = rows_found_on_mysql(
        executed ? std::string_view(*executed) : plan_.text, reading_options(session_, world_)
    );
    if (executed) {
        // It has been prepared here, so that this is the connection that is asked.
        if (found != rows_found::as_before) session_.on_found_rows(here, std::nullopt);
        return;
    }
    switch (found) {
        case rows_found::as_given:
            if (facts.ended_with_rows) session_.on_found_rows(here, relay_.rows());
            return;
        case rows_found::as_before:
            // Values with a query among them.
            if (plan_.traits.changes_rows && plan_.traits.finds_other_rows)
                session_.on_found_rows_unsure(here);
            return;
        case rows_found::matched:
            if (facts.matched_rows) return session_.on_found_rows(here, facts.matched_rows);
            return session_.on_found_rows_unsure(here);
        case rows_found::one: return session_.on_found_rows(here, 1);
        case rows_found::unknown: return session_.on_found_rows_unsure(here);
    }
}

void session_core::learn_what_mariadb_found() {
    const auto& facts = relay_.facts();
    if (finds_as_before()) return;
    if (opens_cursor() || mariadb_finds_others()) {
        session_.on_found_rows(*backend_.state, std::nullopt);
    } else if (has_failed_running()) {
        session_.on_found_rows(*backend_.state, 0);
    } else if (facts.error == 0 && facts.ended_with_rows) {
        session_.on_found_rows(*backend_.state, relay_.rows());
        // MariaDB leaves the number as it was over a count of nothing in one, at its first run.
        if (same_word(plan_.text.substr(0, 4), "with"))
            session_.on_found_rows_unsure(*backend_.state);
    }
}

/// Their number is not that of the rows it gave.
bool session_core::mariadb_finds_others() const {
    const auto& facts = relay_.facts();
    const auto& traits = plan_.traits;
    const bool has_several = traits.what == statement_traits::kind::several;
    const bool may_find =
        !has_several || may_find_rows(plan_.text, reading_options(session_, world_));
    if (has_failed_unread() || !may_find) return false;
    if (traits.finds_other_rows || has_selected_for_itself()) return true;
    return facts.error == 0 && !facts.ended_with_rows && (traits.queries || may_have_found_rows());
}

/// Nothing of what MariaDB would select for a table that is there already, but a note.
bool session_core::has_selected_for_itself() const {
    const auto& facts = relay_.facts();
    const auto& traits = plan_.traits;
    using kind = statement_traits::kind;
    if (facts.error != 0 || facts.ended_with_rows || traits.changes_rows) return false;
    if (traits.what != kind::write && traits.what != kind::read) return false;
    return (facts.affected_rows > 0 || facts.warnings == 0) &&
           selects_for_itself(plan_.text, reading_options(session_, world_));
}

/// MariaDB leaves the number as it is: rows that it makes itself are not found, nor what a write on
/// one table returns.
bool session_core::finds_as_before() const {
    if (opens_cursor() || has_failed_running()) return false;
    const auto options = reading_options(session_, world_);
    const bool may_be_made = relay_.facts().ended_with_rows && !plan_.traits.queries;
    if (may_be_made && makes_rows(plan_.text, options)) return true;
    if (const auto executed = text_of_execute())
        return changes_rows_itself(*executed, options) && !may_find_rows(*executed, options);
    return plan_.traits.changes_rows && !may_find_rows(plan_.text, options);
}

/// MariaDB has found no rows where it complains while it looks for them.
bool session_core::has_failed_running() const noexcept {
    constexpr std::uint16_t subquery_has_rows = 1242;
    constexpr std::uint16_t value_out_of_range = 1690;
    const std::uint16_t error = relay_.facts().error;
    return plan_.traits.queries && (error == subquery_has_rows || error == value_out_of_range);
}

/// Refused before it was run, and no other of its text has found rows or written some: MariaDB has
/// not begun to look for any.
bool session_core::has_failed_unread() const noexcept {
    constexpr std::array<std::uint16_t, 11> refusals{
        1044,  // access to the schema denied
        1046,  // no schema selected
        1049,  // no such schema
        1050,  // the table exists
        1054,  // no such column
        1064,  // syntax
        1142,  // command denied
        1143,  // the same for a column
        1146,  // no such table
        1243,  // nothing of that name has been prepared
        1305   // no such routine
    };
    const auto& facts = relay_.facts();
    return facts.error != 0 && !facts.gave_rows && facts.affected_rows == 0 &&
           std::ranges::find(refusals, facts.error) != refusals.end();
}

/// Where no rows came: a write that looks for some, or a SET.
bool session_core::may_have_found_rows() const {
    const auto& traits = plan_.traits;
    const bool may_set = traits.what == statement_traits::kind::set;
    if (!traits.changes_rows && !traits.may_return_rows_of_a_write && !may_set) return false;
    const auto options = reading_options(session_, world_);
    if (const auto executed = text_of_execute()) return may_find_rows(*executed, options);
    return lexer(plan_.text, options).next().is(keyword::execute) ||
           may_find_rows(plan_.text, options);
}

/// Asking for conditions leaves them, and so does what is no statement. On MariaDB one that uses no
/// tables and has none of its own does, too; where that is not known the connection is believed.
bool session_core::has_cleared_conditions() const {
    const auto& facts = relay_.facts();
    const auto& traits = plan_.traits;
    if (facts.error != 0) return true;
    if (traits.shows_conditions) return false;
    if (!counts_as_statement(plan_.command)) return false;
    if (facts.warnings > 0) return true;
    const bool resets = plan_.command == command::stmt_reset;
    if (traits.gets_diagnostics || plan_.at_cursor || resets) return false;
    if (backend_.state->flavor != protocol::mysql::server_flavor::mariadb) return true;
    if (traits.what == statement_traits::kind::several) return has_cleared_with_several();
    const bool is_empty = traits.what == statement_traits::kind::empty;
    const bool is_call =
        traits.may_return_rows_of_a_write && !traits.changes_rows && !executes_rows();
    if (!traits.uses_tables || is_empty || (is_call && conditions_are_here())) return false;
    const bool is_of_rows = traits.queries || traits.changes_rows;
    return is_of_rows || !names_no_table_itself(plan_.text, reading_options(session_, world_));
}

/// An EXECUTE of what reads or changes rows, and does nothing that is not known.
bool session_core::executes_rows() const {
    const auto executed = text_of_execute();
    if (!executed) return false;
    const auto options = reading_options(session_, world_);
    return changes_rows_itself(*executed, options) ||
           lexer(*executed, options).next().is(keyword::select);
}

bool session_core::has_cleared_with_several() const {
    const auto options = reading_options(session_, world_);
    // It is one whose body has several.
    const bool is_one = !session_.state.multi_statements();
    if (is_one && names_no_table_itself(plan_.text, options)) return false;
    if (keeps_conditions(plan_.text, options)) return false;
    return ends_with_read_of_table(plan_.text, options) || !conditions_are_here();
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
