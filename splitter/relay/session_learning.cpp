// What a finished command has taught a session_core about its session: the part of the class that
// reads answers.

#include "splitter/relay/routine_effects.hpp"
#include "splitter/relay/session_core.hpp"
#include "splitter/session/session_diff.hpp"
#include "splitter/sql/login_change.hpp"
#include "splitter/sql/lower_case.hpp"
#include "splitter/sql/set_statement.hpp"
#include "splitter/sql/system_objects.hpp"
#include "splitter/sql/token_word.hpp"
#include "splitter/sql/user_variable.hpp"
#include "splitter/sql/word.hpp"

#include <algorithm>
#include <utility>

namespace weir::splitter {

using protocol::mysql::command;

void session_core::learn_from_answer() {
    const auto& facts = relay_.facts();
    learn_status();
    const bool only_reads = plan_.traits.only_reads;
    if (!only_reads &&
        may_change_logins(plan_.text, plan_.traits, reading_options(session_, world_)))
        ++login_changes_;
    learn_last_statement();
    learn_given_back();
    learn_pins();
    learn_role();
    learn_diagnostics();
    learn_prepared_in_sql();
    learn_one_shot();
    learn_collation();
    if (facts.error == 0) learn_from_statement();
    if (facts.error != 0) learn_from_failed_set();
    if (plan_.traits.changes_rows && plan_.traits.uses_user_variables &&
        !plan_.traits.assigns_user_variables)
        learn_made_variables();
    learn_begin();
    learn_newest_write();
    learn_from_prepared();
    learn_writes();
    learn_reads();
    if (facts.error != 0) forget_statement_of_failed_prepare();
    // What this command changed it changed here.
    if (backend_.state->tracks_variables) backend_.state->schema = session_.state.schema();
    if (backend_.state->tracking_asked) settle(session_.state, *backend_.state);
}

namespace {

/// A client that has the server report a list of its own may have left out what decides how texts
/// are read.
void learn_untold_variables(
    const command_plan& plan, session_state& state, const lexer_options& options
) {
    if (plan.traits.what != statement_traits::kind::set) return;
    const set_statement statement = parse_set(plan.text, options);
    for (const auto& assignment : statement.assignments()) {
        const bool is_of_session = assignment.target == set_target::session_variable ||
                                   assignment.target == set_target::unscoped_system_variable;
        if (is_of_session && is_plain_value(assignment)) {
            const std::string name = lower_case(assignment.name);
            (void)state.on_variable(name, unquoted(assignment.value, options));
        }
    }
}

/// A GTID of its own raises the flag of an EOF, too.
bool may_log_a_write(const statement_traits& traits) {
    return traits.changes_rows || traits.may_return_rows_of_a_write;
}

}  // namespace

void session_core::learn_status() {
    const auto& facts = relay_.facts();
    if (facts.error != 0) learn_untold_by_error();
    if (!facts.has_status) return;
    const bool autocommit = session_.transaction.autocommit;
    const bool was_open = session_.transaction.open;
    const bool was_reading = was_open && session_.transaction.read_only;
    const bool sets = plan_.traits.what == statement_traits::kind::set;
    session_.transaction.on_status(facts.status);
    // SET autocommit=1 has ended it; that it is read-only is left to the next one.
    if (was_reading && sets && !session_.transaction.open) session_.one_shot_transaction = true;
    learn_untold(was_open);
    // A replica is never asked to run without autocommit, so its flag says nothing about the
    // session, unless that has just set it there.
    const bool tells_autocommit =
        backend_.state->primary ||
        (sets && lower_case(plan_.text).find("autocommit") != std::string::npos);
    if (!tells_autocommit) session_.transaction.autocommit = autocommit;
}

/// Without autocommit a savepoint needs no transaction, and a read of a table without transactions
/// locks it until the next commit. Neither shows in the flags.
void session_core::learn_untold(bool was_open) {
    // A replica is only asked then for what it knows.
    if (!backend_.state->primary) return;
    transaction_state& transaction = session_.transaction;
    using kind = statement_traits::kind;
    const statement_traits& ran = plan_.traits;
    if (transaction.autocommit || transaction.open) {
        transaction.untold = false;
    } else if (ran.what != kind::several && (was_open || ran.what == kind::end)) {
        transaction.untold = relay_.facts().error != 0 && transaction.untold;
    } else {
        const bool runs_text = plan_.command == command::query ||
                               plan_.command == command::stmt_execute ||
                               plan_.command == command::stmt_bulk_execute;
        const bool leaves_nothing = ran.what == kind::set || ran.what == kind::set_transaction ||
                                    ran.what == kind::use || ran.what == kind::empty ||
                                    (ran.only_reads && !ran.uses_tables);
        if (runs_text && !leaves_nothing) transaction.untold = true;
    }
}

/// What has failed behind the first table that it used has begun a transaction.
void session_core::learn_untold_by_error() {
    transaction_state& transaction = session_.transaction;
    if (transaction.autocommit || transaction.open || !backend_.state->primary) return;
    const bool runs_text = plan_.command == command::query ||
                           plan_.command == command::stmt_execute ||
                           plan_.command == command::stmt_bulk_execute;
    if (runs_text && !has_failed_unread()) transaction.untold = true;
}

/// MySQL does not report the list of what it reports, and of the other trackers no server reports
/// what is not in the client's own list.
void session_core::learn_tracking(const std::vector<pin_effect>& effects) {
    const bool sets_any = std::ranges::any_of(effects, [&](const pin_effect& one) {
        return one.cause == pin_cause::connection_variable && is_about_tracking(one.name);
    });
    if (!sets_any) return;
    const lexer_options options = reading_options(session_, world_);
    const set_statement statement = parse_set(plan_.text, options);
    for (const auto& assignment : statement.assignments()) {
        constexpr std::string_view list = "session_track_system_variables";
        if (same_word(assignment.name, list)) (void)session_.state.on_variable(list, {});
        const std::string value = unquoted(assignment.value, options);
        const bool says_value =
            assignment.value_kind != set_value_kind::expression && !same_word(value, "default");
        const bool is_off = value == "0" || same_word(value, "off");
        for (const std::string_view flag :
             {"session_track_state_change",
              "session_track_gtids",
              "session_track_transaction_info"}) {
            if (says_value && same_word(assignment.name, flag))
                (void)session_.state.on_variable(flag, is_off ? "OFF" : "ON");
        }
    }
}

void session_core::learn_pins() {
    const auto& facts = relay_.facts();
    // Reported, and not read out of the text: set in a routine, or by a text of several statements.
    const auto is_known = [&](const pin_effect& one) {
        return one.cause == pin_cause::connection_variable && one.name == facts.connection_variable;
    };
    const auto& effects = plan_.pin_effects;
    if (!facts.connection_variable.empty() && std::ranges::none_of(effects, is_known)) {
        session_.pinned.add_once(
            pin_cause::connection_variable, facts.connection_variable, plan_.text
        );
    }
    apply_after(effects, facts.error != 0, session_.pinned);
    if (facts.error == 0) learn_tracking(effects);
    const bool has_changed =
        facts.state_changed || (facts.state_flagged && !may_log_a_write(plan_.traits));
    const bool is_of_routine = backend_.state->primary && has_changed &&
                               leaves_more_than_it_says(plan_, reading_options(session_, world_));
    if (is_of_routine) session_.pinned.add_once(pin_cause::routine, {}, plan_.text);
}

/// What a SET was about to set has a type there from then on, though no value.
void session_core::learn_from_failed_set() {
    if (plan_.traits.what == statement_traits::kind::set && plan_.traits.uses_user_variables)
        session_.pinned.add_once(pin_cause::user_variable, {}, plan_.text);
}

/// SET @x = 1: the value can be given to any connection.
void session_core::learn_user_variables() {
    if (!plan_.traits.uses_user_variables || plan_.traits.what != statement_traits::kind::set)
        return;
    const lexer_options options = reading_options(session_, world_);
    const set_statement statement = parse_set(plan_.text, options);
    bool is_carried = true;
    for (const auto& assignment : statement.assignments()) {
        if (assignment.target != set_target::user_variable) continue;
        std::string value;
        const bool is_text = assignment.value_kind == set_value_kind::string;
        if (is_text) append_text(value, unquoted(assignment.value, options));
        if (!is_text) value = assignment.value;
        is_carried = is_plain_value(assignment) &&
                     session_.state.set_user_variable(assignment.name, std::move(value)) &&
                     is_carried;
    }
    if (!is_carried) session_.pinned.add_once(pin_cause::user_variable, {}, plan_.text);
    if (is_carried) backend_.state->user_variables = session_.state.user_variables();
}

/// MySQL makes what a write names, to log it: it is NULL, but prepared statements take it for what
/// has been set.
void session_core::learn_made_variables() {
    if (world_.flavor != protocol::mysql::server_flavor::mysql || has_failed_unread()) return;
    const auto options = reading_options(session_, world_);
    lexer words{plan_.text, options};
    for (token word = words.next(); word.kind != token_kind::end; word = words.next()) {
        const std::string name = user_variable_in(word);
        if (name.empty()) continue;
        const auto& known = session_.state.user_variables();
        if (std::ranges::find(known, name, &session_variable::name) != known.end()) continue;
        if (!session_.state.set_user_variable(name, "NULL")) return;
        backend_.state->user_variables.push_back({name, "NULL"});
    }
}

/// An OK names the id that a statement has made, or one that the client gave itself, which moves
/// nothing; only the server knows.
bool session_core::has_moved_insert_id() const noexcept {
    if (!plan_.needs_insert_id) return false;
    const auto& facts = relay_.facts();
    const auto& traits = plan_.traits;
    // A write that a replica refuses, in a read-only transaction, has made none.
    if (!backend_.state->primary && facts.error != 0) return false;
    return facts.insert_id != 0 || facts.error != 0 || facts.ended_with_rows ||
           traits.reads_previous_statement || traits.may_return_rows_of_a_write ||
           traits.what == statement_traits::kind::several;
}

void session_core::learn_one_shot() {
    const bool ran_statement = plan_.command == command::query ||
                               plan_.command == command::stmt_execute ||
                               plan_.command == command::stmt_bulk_execute;
    if (!ran_statement) return;
    if (session_.transaction.open) return;  // it is this transaction's now, and lives as long
    if (plan_.traits.one_shot_transaction && relay_.facts().error == 0) {
        session_.one_shot_transaction = true;
        return;
    }
    if (has_begun_something()) session_.one_shot_transaction = false;
}

/// What was announced for the next transaction is used up by a statement that has come to use a
/// table, or ends a transaction.
bool session_core::has_begun_something() const {
    using kind = statement_traits::kind;
    constexpr auto is_read_only =
        static_cast<std::uint16_t>(protocol::mysql::server_errc::read_only_transaction);
    const auto& traits = plan_.traits;
    if (relay_.facts().error == is_read_only || has_failed_unread()) return false;
    switch (traits.what) {
        case kind::empty:
        case kind::set:
        case kind::set_transaction:
        case kind::use: return false;
        case kind::read: return traits.uses_tables;
        case kind::write: {
            const auto options = reading_options(session_, world_);
            lexer words{plan_.text, options};
            return traits.uses_tables || !same_word(words.next().text, "do");
        }
        case kind::begin:
        case kind::end:
        case kind::several: return true;
    }
    return true;
}

void session_core::learn_from_statement() {
    const auto& facts = relay_.facts();
    const auto what = plan_.command;
    learn_user_variables();
    if (session_.state.asked().variables)
        learn_untold_variables(plan_, session_.state, reading_options(session_, world_));
    const bool ran = what == command::query || what == command::stmt_execute;
    if (ran && plan_.traits.sets_globals) session_.state.on_globals_set();
    if (what == command::query) {
        learn_from_query();
    } else if (what == command::init_db) {
        session_.state.set_schema(plan_.text);
        backend_.state->schema = plan_.text;
    } else if (what == command::reset_connection) {
        on_reset_connection();
    } else if (what == command::stmt_prepare) {
        auto made = relay_.prepared();
        made.what = plan_.statement->shared.get();
        plan_.statement->parameters = made.parameters;
        plan_.statement->columns = facts.columns;
        backend_.state->remember_statement(std::move(made));
    }
}

/// Setting the character sets of the connection and of results sets collations too, which trackers
/// do not report: to the default ones, unless a SET NAMES ... COLLATE says another.
void session_core::learn_collation() {
    constexpr std::string_view connection_collation = "collation_connection";
    const auto& facts = relay_.facts();
    // Strings in user variables keep the collation that they were given.
    if (facts.connection_charset_changed && !session_.state.user_variables().empty())
        session_.pinned.add_once(pin_cause::user_variable, {}, plan_.text);
    const bool sets_connection =
        facts.connection_charset_changed && !facts.connection_collation_changed;
    if (sets_connection) session_.state.forget_variable(connection_collation);
    if (facts.results_charset_changed) session_.state.forget_variable(results_collation);
    if (plan_.text.empty() || !(sets_connection || facts.results_charset_changed)) return;
    const lexer_options options = reading_options(session_, world_);
    const set_statement statement = parse_set(plan_.text, options);
    for (const auto& assignment : statement.assignments()) {
        if (assignment.target == set_target::character_set && sets_connection) {
            // It takes the schema's collation, which is not known here.
            session_.pinned.add_once(pin_cause::character_set, {}, plan_.text);
        } else if (assignment.target == set_target::names && !assignment.collation.empty()) {
            const std::string collation = unquoted(assignment.collation, options);
            if (sets_connection) (void)session_.state.on_variable(connection_collation, collation);
            if (facts.results_charset_changed)
                (void)session_.state.on_variable(results_collation, collation);
        }
    }
}

void session_core::learn_from_query() {
    using kind = statement_traits::kind;
    const bool sets = plan_.traits.what == kind::set || plan_.traits.what == kind::use ||
                      plan_.traits.what == kind::several;
    // Without a tracker what is set cannot be followed: the session stays where it is.
    if (sets && !backend_.state->tracks_variables)
        session_.pinned.add_once(pin_cause::untracked_state, {}, plan_.text);
    if (plan_.traits.what == kind::use && !relay_.facts().tells_schema) learn_used_schema();
}

/// The client has switched session_track_schema off: only its text tells.
void session_core::learn_used_schema() {
    const lexer_options options = reading_options(session_, world_);
    lexer reader{plan_.text, options};
    (void)reader.next();  // USE
    const token name = reader.next();
    if (relay_.facts().error != 0 || !may_be_name(name)) return;
    std::string schema(without_quotes(name));
    if (name.kind == token_kind::quoted_identifier) {
        for (auto at = schema.find("``"); at != std::string::npos; at = schema.find("``", at + 1))
            schema.erase(at, 1);
    }
    session_.state.set_schema(schema);
    backend_.state->schema = schema;
}

/// What the connection has committed, so that its next commit can be told from that.
void session_core::learn_newest_write() {
    const auto& facts = relay_.facts();
    backend_state& connection = *backend_.state;
    if (facts.has_gtid) {
        connection.last_write = session_.written.newest();
        connection.unnamed_writes = false;
    }
    const bool stays_in_transaction =
        plan_.effect == statement_effect::in_transaction && session_.transaction.open;
    const bool may_commit = plan_.may_write || plan_.effect == statement_effect::lasting;
    if (!may_commit || stays_in_transaction) return;
    if (facts.error != 0 || !facts.reports_gtids) connection.unnamed_writes = true;
}

void session_core::learn_writes() {
    const auto& facts = relay_.facts();
    // CREATE TABLE commits what the transaction has written before it fails, and an error does not
    // tell.
    const bool may_have_committed = facts.error != 0 && plan_.effect == statement_effect::lasting;
    if (!plan_.may_write || (session_.transaction.open && !may_have_committed)) return;
    if (facts.has_gtid) return;
    // An OK that could have named a GTID and did not says that nothing was written. An error may
    // come after a part of the work, and an EOF cannot tell.
    const bool has_gtids = facts.reports_gtids && !world_.primary_executed.empty();
    if (facts.error != 0 || !has_gtids) session_.written.on_unknown_write();
}

void session_core::on_reset_connection() {
    session_.disown();
    session_.state.reset(world_.flavor);
    session_.statements.clear();
    session_.prepared_in_sql.clear();
    reset_pins();
    session_.written.reset();
    session_.trace.reset();
    if (world_.asks_positions) session_.written.begin();
    session_.given_back.reset();
    session_.one_shot_transaction = false;
    session_.begun.clear();
    record_.reset();
    if (backend_.state == nullptr) return;
    backend_.state->on_reset();
}

void session_core::forget_statement_of_failed_prepare() {
    if (plan_.command != command::stmt_prepare || plan_.statement == nullptr) return;
    session_.statements.close(plan_.statement->id);
    plan_.statement = nullptr;
}

}  // namespace weir::splitter
