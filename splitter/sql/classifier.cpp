#include "splitter/sql/classifier.hpp"

#include "splitter/sql/statement_classifier.hpp"

#include <array>

// The forms of the statements are those of the chapters "SQL Statements" of the MySQL manual and of
// MariaDB's knowledge base.

namespace weir::splitter {
namespace {

bool starts_query(const token& t) noexcept {
    return t.is(keyword::select) || t.is(keyword::with) || t.is(keyword::values) ||
           t.is(keyword::table);
}

/// Statements whose effect stays with the connection that ran them.
struct pinning_verb {
    keyword word;
    std::string_view reason;
};

constexpr std::array pinning_verbs{
    pinning_verb{keyword::xa, "XA transaction"},
    pinning_verb{keyword::handler, "HANDLER"},
    pinning_verb{keyword::prepare, "prepared statement in SQL"},
    pinning_verb{keyword::execute, "prepared statement in SQL"},
    pinning_verb{keyword::deallocate, "prepared statement in SQL"},
    pinning_verb{keyword::lock, "LOCK"},
    pinning_verb{keyword::unlock, "LOCK"},
};

/// Statements in which 'user'@'host' may stand.
constexpr std::array<std::string_view, 7> verbs_before_accounts{
    "create", "alter", "drop", "rename", "grant", "revoke", "show"};

/// SHOW statements that describe replicated definitions, by their word after SHOW, FULL and
/// EXTENDED. Not INDEX and TABLE STATUS: they show statistics, which each server has of its own.
constexpr std::array<std::string_view, 9> shown_definitions{
    "databases",
    "schemas",
    "tables",
    "columns",
    "fields",
    "triggers",
    "collation",
    "charset",
    "character"};

/// Not TABLE, SEQUENCE and EVENT: an engine may be the replica's own default, an event is disabled
/// there.
constexpr std::array<std::string_view, 7> creations_shown_anywhere{
    "view", "database", "schema", "procedure", "function", "trigger", "package"};

constexpr std::array<std::string_view, 3> shown_diagnostics{"warnings", "errors", "count"};

constexpr std::array<std::string_view, 2> shown_of_earlier_statements{"profile", "profiles"};

/// Statements that may put values into the user variables that they name.
constexpr std::array<std::string_view, 4> verbs_that_fill_variables{"call", "load", "get", "begin"};

}  // namespace

namespace {

constexpr std::array<std::string_view, 12> verbs_without_tables{
    "do",
    "kill",
    "savepoint",
    "rollback",
    "release",
    "prepare",
    "deallocate",
    "unlock",
    "xa",
    "commit",
    "purge",
    "change"};
constexpr std::array<std::string_view, 3> verbs_of_definitions{"create", "drop", "alter"};
constexpr std::array<std::string_view, 6> definitions_without_tables{
    "function", "procedure", "database", "schema", "user", "role"};

/// A statement that begins so names no table, unless in a query inside it. `rest` stands after
/// `verb`.
bool names_no_table(const token& verb, lexer rest) noexcept {
    if (is_one_of(verb.text, verbs_without_tables)) return true;
    const token second = rest.next();
    if (same_word(verb.text, "drop") && same_word(second.text, "trigger")) return true;
    if (is_one_of(verb.text, verbs_of_definitions))
        return is_one_of(second.text, definitions_without_tables);
    if (!same_word(verb.text, "flush")) return false;
    return !same_word(second.text, "tables") || ends_statement(rest.next());
}

}  // namespace

/// The first token after any opening parentheses.
token statement_classifier::first_inside_parentheses() const noexcept {
    token first = current_;
    lexer ahead = lexer_;
    while (first.is('('))
        first = ahead.next();
    return first;
}

void statement_classifier::dispatch(statement_traits& traits) noexcept {
    verb_ = current_;
    after_verb_ = lexer_;
    fills_variables_ = is_one_of(current_.text, verbs_that_fill_variables);
    traits.queries = starts_query(first_inside_parentheses());
    if (traits.queries) return query(traits);
    if (current_.kind != token_kind::keyword) return;
    const bool changes_data = current_.is(keyword::insert) || current_.is(keyword::update) ||
                              current_.is(keyword::delete_word) || current_.is(keyword::replace);
    traits.changes_rows = changes_data;
    if (changes_data) return;
    if (is_one_of(current_.text, verbs_before_accounts)) {
        proof_ = read_proof{lexer_.options(), scope_, form::account_names};
    }
    for (const pinning_verb& verb : pinning_verbs) {
        if (current_.word == verb.word) pin(traits, verb.reason);
    }
    using handler = void (statement_classifier::*)(statement_traits&) noexcept;

    struct verb_handler {
        keyword word;
        handler read;
    };

    static constexpr std::array handlers{
        verb_handler{keyword::set, &statement_classifier::set},
        verb_handler{keyword::begin, &statement_classifier::begin},
        verb_handler{keyword::start, &statement_classifier::start},
        verb_handler{keyword::commit, &statement_classifier::end_transaction},
        verb_handler{keyword::rollback, &statement_classifier::end_transaction},
        verb_handler{keyword::show, &statement_classifier::show},
        verb_handler{keyword::use, &statement_classifier::use},
        verb_handler{keyword::explain, &statement_classifier::explain},
        verb_handler{keyword::describe, &statement_classifier::explain},
        verb_handler{keyword::desc, &statement_classifier::explain},
        verb_handler{keyword::analyze, &statement_classifier::analyze},
        verb_handler{keyword::help, &statement_classifier::help},
        verb_handler{keyword::call, &statement_classifier::call},
        verb_handler{keyword::execute, &statement_classifier::call},
        verb_handler{keyword::get, &statement_classifier::get_diagnostics},
        verb_handler{keyword::flush, &statement_classifier::flush},
        verb_handler{keyword::backup, &statement_classifier::flush},
        verb_handler{keyword::create, &statement_classifier::create_or_drop},
        verb_handler{keyword::drop, &statement_classifier::create_or_drop},
    };
    for (const verb_handler& entry : handlers) {
        if (current_.word == entry.word) return (this->*entry.read)(traits);
    }
}

/// What every statement may do besides: the rest of its tokens tells.
void statement_classifier::finish(statement_traits& traits) noexcept {
    scan();
    const read_proof::findings& found = proof_.found();
    if (!found.pin_reason.empty()) pin(traits, found.pin_reason);
    if (found.reads_previous || found.reads_diagnostics) traits.reads_previous_statement = true;
    traits.reads_diagnostics |= found.reads_diagnostics;
    traits.asks_connection_id = found.asks_connection_id;
    traits.asks_identity = found.asks_identity;
    traits.waits_for_position = found.waits_for_position;
    traits.uses_user_variables |= found.uses_user_variables;
    traits.assigns_user_variables |= found.assigns_user_variables;
    // What is called, loaded or got may put values into variables that are named.
    if (traits.uses_user_variables && fills_variables_) traits.assigns_user_variables = true;
    if (traits.assigns_user_variables) pin(traits, "user variable");
    traits.finds_other_rows |= found.finds_other_rows;
    traits.calls_what_leaves_state = found.calls_what_leaves_state;
    traits.calls_reading_functions = found.calls_reading_functions;
    if (!shows_) {
        const bool names_none =
            verb_.is(keyword::select) || runs_no_write_ || names_no_table(verb_, after_verb_);
        traits.uses_tables = found.has_from || (traits.what == kind::write && !names_none);
    }
    const bool inserts = traits.changes_rows && !verb_.is(keyword::delete_word);
    traits.finds_other_rows |= inserts && found.has_from;  // INSERT ... SELECT
    if (found.returning && traits.what == kind::write) traits.may_return_rows_of_a_write = true;
}

void statement_classifier::query(statement_traits& traits) noexcept {
    scan();
    conclude_read(traits);
    traits.finds_other_rows |= verb_.is(keyword::values);  // MariaDB finds none
}

void statement_classifier::conclude_read(statement_traits& traits) const noexcept {
    const read_proof::findings& found = proof_.found();
    if (found.may_write) return;
    traits.what = kind::read;
    const bool only_reads = !found.server_local && found.pin_reason.empty();
    traits.only_reads = only_reads && !found.reads_previous && !found.reads_diagnostics &&
                        !traits.reads_previous_statement;
    traits.only_reads_diagnostics = only_reads && !found.reads_previous && found.reads_diagnostics;
}

/// EXPLAIN [ANALYZE] [FORMAT=x] query, EXPLAIN table [column]. Explaining a statement that writes
/// needs its privileges and is refused by a read-only server; ANALYZE even runs it.
void statement_classifier::explain(statement_traits& traits) noexcept {
    traits.finds_other_rows = true;
    advance();
    accept("analyze");
    while (accept("extended") || accept("partitions")) {
    }
    if (accept("format")) {
        if (!current_.is('=')) return;
        advance();
        advance();
    }
    // A table: what describes it reads one of the server's own.
    if (!starts_query(first_inside_parentheses())) shows_ = true;
    query(traits);
}

/// MariaDB's ANALYZE [FORMAT=JSON] query runs the query; ANALYZE TABLE writes.
void statement_classifier::analyze(statement_traits& traits) noexcept {
    if (lexer_.options().flavor != protocol::mysql::server_flavor::mariadb) return;
    advance();
    if (accept("format")) {
        if (!current_.is('=')) return;
        advance();
        advance();
    }
    if (current_.is(keyword::table) || accept("local") || accept("no_write_to_binlog")) return;
    if (starts_query(first_inside_parentheses())) query(traits);
    traits.may_return_rows_of_a_write = traits.what == kind::write;
}

void statement_classifier::show(statement_traits& traits) noexcept {
    shows_ = true;
    advance();
    while (accept("full") || accept("extended")) {
    }
    const token what = current_;
    bool anywhere = is_one_of(what.text, shown_definitions);
    const bool diagnostics = is_one_of(what.text, shown_diagnostics);
    traits.reads_previous_statement =
        diagnostics || is_one_of(what.text, shown_of_earlier_statements);
    advance();
    if (same_word(what.text, "create")) {
        anywhere = is_one_of(current_.text, creations_shown_anywhere);
        advance();
    } else if (same_word(what.text, "procedure") || same_word(what.text, "function") ||
               same_word(what.text, "package")) {
        accept("body");
        anywhere = accept("status");
    } else if (same_word(what.text, "replica") || same_word(what.text, "slave")) {
        if (current_.kind == token_kind::string) advance();  // MariaDB: the connection's name
        anywhere = accept("status");
    } else if (same_word(what.text, "all")) {
        anywhere = (accept("slaves") || accept("replicas")) && accept("status");
    } else if (same_word(what.text, "character")) {
        anywhere = accept("set");
    } else if (same_word(what.text, "count")) {
        scan();  // COUNT(*) WARNINGS
    }
    while (!ends_statement(current_)) {
        if (!current_.is(keyword::for_word))
            proof_.on_token(current_, lexer_);  // FOR CHANNEL, FOR user
        advance();
    }
    conclude_read(traits);
    traits.only_reads = traits.only_reads && anywhere;
    traits.only_reads_diagnostics = diagnostics && traits.what == kind::read && !traits.pins;
    traits.reads_diagnostics = diagnostics;
    traits.shows_conditions = diagnostics;
    traits.finds_other_rows = diagnostics;
    traits.uses_tables = true;
}

void statement_classifier::begin(statement_traits& traits) noexcept {
    advance();
    accept("work");
    if (ends_statement(current_)) {
        traits.what = kind::begin;
    } else {
        traits.may_return_rows_of_a_write =
            true;  // MariaDB: BEGIN NOT ATOMIC, a block of statements
    }
}

void statement_classifier::start(statement_traits& traits) noexcept {
    advance();
    if (!accept("transaction")) return;
    bool understood = ends_statement(current_) || start_characteristic(traits);
    while (understood && current_.is(',')) {
        advance();
        understood = start_characteristic(traits);
    }
    if (understood && ends_statement(current_)) traits.what = kind::begin;
}

bool statement_classifier::start_characteristic(statement_traits& traits) noexcept {
    if (accept("with")) return accept("consistent") && accept("snapshot");
    if (!accept("read")) return false;
    if (accept("only")) {
        traits.begin_read_only = true;
        return true;
    }
    traits.begin_read_write = accept("write");
    return traits.begin_read_write;
}

/// COMMIT|ROLLBACK [WORK] [AND [NO] CHAIN] [[NO] RELEASE]; ROLLBACK TO ends nothing.
void statement_classifier::end_transaction(statement_traits& traits) noexcept {
    traits.end_commits = same_word(current_.text, "commit");
    advance();
    accept("work");
    if (accept("and")) {
        const bool negated = accept("no");
        traits.end_and_chain = accept("chain") && !negated;
    }
    const bool negated = accept("no");
    traits.end_and_release = accept("release") && !negated;
    if (ends_statement(current_)) traits.what = kind::end;
}

/// FLUSH ... WITH READ LOCK, FLUSH ... FOR EXPORT, MariaDB's BACKUP STAGE and BACKUP LOCK hold
/// locks. Who says FLUSH STATUS is going to read the counters of this connection.
void statement_classifier::flush(statement_traits& traits) noexcept {
    if (current_.is(keyword::backup)) return pin(traits, "BACKUP lock");
    advance();
    bool names_tables = false;
    while (!ends_statement(current_)) {
        const token word = current_;
        names_tables =
            names_tables || same_word(word.text, "table") || same_word(word.text, "tables");
        if (!names_tables && same_word(word.text, "status")) pin(traits, "FLUSH STATUS");
        proof_.on_token(current_, lexer_);
        advance();
        const bool exports = word.is(keyword::for_word) && same_word(current_.text, "export");
        if (word.is(keyword::with) || exports) pin(traits, "FLUSH lock");
    }
}

/// CREATE [OR REPLACE] TEMPORARY, DROP TEMPORARY, DROP PREPARE.
void statement_classifier::create_or_drop(statement_traits& traits) noexcept {
    advance();
    if (accept("or")) accept("replace");
    if (current_.is(keyword::temporary)) pin(traits, "temporary table");
    if (current_.is(keyword::prepare)) pin(traits, "prepared statement in SQL");
}

namespace {

/// Adds what one more statement of a text does.
void add(statement_traits& sum, const statement_traits& one) noexcept {
    if (sum.pin_reason.empty()) sum.pin_reason = one.pin_reason;
    sum.pins |= one.pins;
    sum.only_reads &= one.only_reads;
    sum.only_reads_diagnostics = false;
    sum.reads_previous_statement |= one.reads_previous_statement;
    sum.asks_connection_id |= one.asks_connection_id;
    sum.asks_identity |= one.asks_identity;
    sum.waits_for_position |= one.waits_for_position;
    sum.uses_user_variables |= one.uses_user_variables;
    // What a part of a text has set is not noted: it may be left half done.
    sum.assigns_user_variables |= one.assigns_user_variables || sum.uses_user_variables;
    if (sum.assigns_user_variables) {
        sum.only_reads = false;
        sum.pins = true;
        if (sum.pin_reason.empty()) sum.pin_reason = "user variable";
    }
    sum.reads_diagnostics |= one.reads_diagnostics;
    sum.calls_what_leaves_state |= one.calls_what_leaves_state;
    sum.shows_conditions = false;
    sum.sets_for_itself |= one.sets_for_itself;
    sum.sets_globals |= one.sets_globals;
    // Which of them has failed, if one has, is not known.
    sum.sets_role |= one.sets_role;
    if (sum.sets_role) {
        sum.pins = true;
        if (sum.pin_reason.empty()) sum.pin_reason = "SET ROLE";
    }
    sum.uses_tables = true;
    sum.finds_other_rows = true;
    sum.begin_read_only |= one.begin_read_only;
    sum.begin_read_write |= one.begin_read_write;
    sum.one_shot_transaction |= one.one_shot_transaction;
    sum.one_shot_read_only |= one.one_shot_read_only;
    sum.sets_serializable |= one.sets_serializable;
    sum.end_and_chain |= one.end_and_chain;
    sum.end_and_release |= one.end_and_release;
    sum.may_return_rows_of_a_write |= one.may_return_rows_of_a_write;
    sum.what = statement_traits::kind::several;
}

statement_traits classify_statements(
    std::string_view text,
    const lexer_options& options,
    const name_scope& scope,
    statement_digest* digest
) noexcept {
    using kind = statement_traits::kind;
    statement_traits sum;
    sum.what = kind::empty;
    lexer reader{text, options};
    for (;;) {
        statement_classifier one{reader, scope, digest};
        const statement_traits traits = one.classify_statement();
        if (traits.what != kind::empty) {
            if (sum.what == kind::empty) {
                sum = traits;
            } else {
                add(sum, traits);
            }
        }
        if (one.at_end()) return sum;
        reader = one.reader();
    }
}

statement_traits classify_text(
    std::string_view text,
    const lexer_options& options,
    const name_scope& scope,
    statement_digest* digest
) noexcept {
    const statement_traits traits = classify_statements(text, options, scope, digest);
    // MySQL's own shell asks this of every server at its start, to learn from the error how "$" is
    // read. It must not pin.
    if (!same_word(text, "select $$")) return traits;
    statement_traits harmless;
    harmless.what = statement_traits::kind::read;
    return harmless;
}

}  // namespace

statement_traits classify(
    std::string_view text, const lexer_options& options, const name_scope& scope
) noexcept {
    return classify_text(text, options, scope, nullptr);
}

statement_traits classify(
    std::string_view text,
    const lexer_options& options,
    const name_scope& scope,
    statement_digest& digest
) noexcept {
    return classify_text(text, options, scope, &digest);
}

}  // namespace weir::splitter
