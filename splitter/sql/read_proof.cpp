#include "splitter/sql/read_proof.hpp"

#include "splitter/sql/builtin_functions.hpp"
#include "splitter/sql/system_objects.hpp"
#include "splitter/sql/token_word.hpp"

#include <algorithm>
#include <array>

namespace weir::splitter {
namespace {

bool touches(const token& left, const token& right) noexcept {
    return left.text.data() + left.text.size() == right.text.data();
}

/// What no server reserves, and may stand for a table.
bool is_name(const token& t) noexcept {
    switch (t.kind) {
        case token_kind::identifier:
        case token_kind::quoted_identifier: return true;
        case token_kind::keyword:
            return t.word_class == keyword_class::plain || t.word_class == keyword_class::modifier;
        case token_kind::string:
        case token_kind::number:
        case token_kind::parameter:
        case token_kind::user_variable:
        case token_kind::system_variable:
        case token_kind::assign:
        case token_kind::punctuation:
        case token_kind::comment:
        case token_kind::unterminated:
        case token_kind::unknown:
        case token_kind::end: break;
    }
    return false;
}

/// Words that a server of this kind reserves although others do not.
bool is_reserved_here(keyword word, const lexer_options& options) noexcept {
    const bool mariadb = options.flavor == protocol::mysql::server_flavor::mariadb;
    if (word == keyword::except || word == keyword::intersect) {
        return mariadb || options.server_version >= 80031;
    }
    if (word == keyword::over) return mariadb || options.server_version >= 80000;
    if (word == keyword::lateral) return !mariadb && options.server_version >= 80014;
    return false;
}

constexpr std::array<std::string_view, 3> substring_functions{"substring", "substr", "mid"};

constexpr std::array<std::string_view, 2> sequence_members{"nextval", "currval"};

constexpr std::array<std::string_view, 6> waiting_functions{
    "wait_for_executed_gtid_set",
    "wait_until_sql_thread_after_gtids",
    "source_pos_wait",
    "master_pos_wait",
    "master_gtid_wait",
    "wsrep_sync_wait_upto_gtid"};

}  // namespace

void read_proof::on_token(const token& current, const lexer& rest) noexcept {
    if (common_tables_.has(depth_)) step_common_tables(current);
    if (watches_tables_) watch_tables(current);
    switch (current.kind) {
        case token_kind::keyword: on_keyword(current, rest); break;
        case token_kind::identifier:
        case token_kind::quoted_identifier: on_name(current); break;
        case token_kind::user_variable: on_user_variable(current); break;
        case token_kind::system_variable: on_system_variable(current); break;
        case token_kind::punctuation: on_punctuation(current); break;
        case token_kind::unknown:
            found_.may_write = true;
            pin("text that is not understood");
            break;
        case token_kind::assign:
            if (form_ == statement_form::assignments) break;
            found_.may_write = true;
            found_.assigns_user_variables |= previous_.kind == token_kind::user_variable;
            break;
        case token_kind::unterminated: found_.may_write = true; break;
        case token_kind::string:
        case token_kind::number:
        case token_kind::parameter:
        case token_kind::comment:
        case token_kind::end: break;
    }
    if (!current.is(',') && current.kind != token_kind::user_variable)
        in_into_ = current.kind == token_kind::keyword && same_word(current.text, "into");
    before_previous_ = previous_;
    previous_ = current;
}

void read_proof::on_literals(literal_run run) noexcept {
    if (run.is_empty()) return;
    previous_ = token{.kind = token_kind::punctuation, .text = ","};  // or "(", which is as good
    if (run.row_ends == 0) return;
    substring_.put(depth_, false);
    common_tables_.put(depth_, false);
    common_name_.put(depth_, false);
}

/// WITH name [(columns)] AS (query), ... : after the last query the statement itself must be one
/// that reads.
void read_proof::step_common_tables(const token& current) noexcept {
    if (common_name_.has(depth_)) {
        if (current.is(keyword::as)) common_name_.put(depth_, false);
        return;
    }
    if (!previous_.is(')')) return;
    if (current.is(',')) {
        common_name_.put(depth_, true);
        return;
    }
    common_tables_.put(depth_, false);
    const bool reads = current.is(keyword::select) || current.is(keyword::values) ||
                       current.is(keyword::table) || current.is('(');
    if (!reads) found_.may_write = true;
}

void read_proof::on_keyword(const token& current, const lexer& rest) noexcept {
    if (current.word_class == keyword_class::not_in_query) found_.may_write = true;
    if (current.word == keyword::other || current.word == keyword::select) return;
    if (current.word == keyword::for_word) return on_for(rest);
    if (current.word == keyword::with) {
        if (previous_.kind != token_kind::end && !previous_.is('(')) return;  // WITH ROLLUP, ...
        common_tables_.put(depth_, true);
        common_name_.put(depth_, true);
    } else if (current.word == keyword::insert || current.word == keyword::replace) {
        lexer ahead = rest;  // the functions of that name
        if (!ahead.next().is('(')) found_.may_write = true;
    } else if (current.word == keyword::set) {
        const bool character_set =
            previous_.is(keyword::character) || previous_.is(keyword::char_word);
        if (!character_set) found_.may_write = true;
    } else {
        on_remarkable(current.word);
    }
}

/// Words that change nothing of what a statement may do, but something of what it leaves.
void read_proof::on_remarkable(keyword word) noexcept {
    constexpr std::array set_operations{
        keyword::offset, keyword::union_word, keyword::except, keyword::intersect};
    if (word == keyword::sql_calc_found_rows) {
        found_.server_local = true;  // it keeps a count there
        found_.finds_other_rows = true;
    } else if (word == keyword::returning && depth_ == 0) {
        found_.returning = true;
    } else if (word == keyword::from || word == keyword::table) {
        found_.has_from = true;
    } else if (std::ranges::find(set_operations, word) != set_operations.end()) {
        found_.finds_other_rows = true;
    }
}

/// FOR is harmless in SUBSTRING(a FROM b FOR c), in index hints and before SYSTEM_TIME. It locks
/// before UPDATE and SHARE, and moves a sequence in NEXT VALUE FOR.
void read_proof::on_for(const lexer& rest) noexcept {
    lexer ahead = rest;
    const token following = ahead.next();
    const bool index_hint = previous_.is(keyword::index) || previous_.is(keyword::key);
    const bool clause =
        same_word(following.text, "system_time") || same_word(following.text, "ordinality");
    const bool locks = following.is(keyword::update) || same_word(following.text, "share");
    if (locks || !(index_hint || clause || substring_.has(depth_))) found_.may_write = true;
    if (previous_.is(keyword::value) && same_word(before_previous_.text, "previous")) {
        found_.reads_previous = true;
    }
}

void read_proof::on_name(const token& current) noexcept {
    if (!previous_.is('.')) return;
    const std::string_view name = without_quotes(current);
    if (home_of_table(schema_, name) == table_home::one_server) found_.server_local = true;
    // sql_mode=ORACLE writes NEXT VALUE FOR as a member of the sequence.
    if (is_one_of(name, sequence_members)) found_.may_write = true;
}

void read_proof::on_punctuation(const token& current) noexcept {
    if (current.is('(')) {
        on_open();
    } else if (current.is(')')) {
        substring_.put(depth_, false);
        common_tables_.put(depth_, false);
        common_name_.put(depth_, false);
        if (depth_ > 0) --depth_;
    } else if (current.is('.')) {
        schema_ = is_name(previous_) ? without_quotes(previous_) : std::string_view{};
        is_deeply_qualified_ = before_previous_.is('.');
    } else if (current.is(',')) {
        if (before_previous_.is(keyword::limit)) found_.finds_other_rows = true;
    } else if (current.is('{')) {
        found_.may_write = true;  // ODBC's {fn f()}: its words would need rules of their own
    }
}

void read_proof::on_open() noexcept {
    on_word_before_parenthesis();
    ++depth_;
    if (depth_ >= level_set::levels) found_.may_write = true;
    substring_.put(depth_, is_one_of(previous_.text, substring_functions));
}

void read_proof::on_word_before_parenthesis() noexcept {
    switch (previous_.kind) {
        case token_kind::keyword:
            if (same_word(previous_.text, "default")) return on_default();
            if (previous_.word_class != keyword_class::plain) return;
            if (is_reserved_here(previous_.word, *options_)) return;
            break;
        case token_kind::identifier:
        case token_kind::quoted_identifier:
            if (common_tables_.has(depth_) && common_name_.has(depth_)) return;
            break;
        case token_kind::string:
        case token_kind::number:
        case token_kind::parameter:
        case token_kind::user_variable:
        case token_kind::system_variable:
        case token_kind::assign:
        case token_kind::punctuation:
        case token_kind::comment:
        case token_kind::unterminated:
        case token_kind::unknown:
        case token_kind::end: return;
    }
    if (before_previous_.is('.')) return on_stored_function(true);  // whatever its name
    const bool named = ends_operand(before_previous_) || before_previous_.is(keyword::as);
    if (!named) on_call();
}

/// DEFAULT(column): MariaDB evaluates what the column has as its default, which may be NEXT VALUE
/// FOR a sequence.
void read_proof::on_default() noexcept {
    if (options_->flavor == protocol::mysql::server_flavor::mariadb) found_.may_write = true;
}

void read_proof::on_call() noexcept {
    // previous_ ends where the parenthesis begins if nothing stands between them.
    const char* const end = previous_.text.data() + previous_.text.size();
    const call_form form = *end == '(' ? call_form::adjacent : call_form::spaced;
    if (same_word(previous_.text, "connection_id")) found_.asks_connection_id = true;
    if (is_one_of(previous_.text, waiting_functions)) found_.waits_for_position = true;
    const auto effect = effect_of_function(without_quotes(previous_), form, *options_);
    // A built-in function answers to its quoted name too, unless the grammar knows it; that is left
    // unproven.
    const bool is_quoted = previous_.kind == token_kind::quoted_identifier;
    if (is_quoted && effect != function_effect::unproven) found_.may_write = true;
    switch (effect) {
        case function_effect::pure: break;
        case function_effect::server_local: found_.server_local = true; break;
        case function_effect::reads_previous: found_.reads_previous = true; break;
        case function_effect::reads_diagnostics: found_.reads_diagnostics = true; break;
        case function_effect::takes_lock:
            found_.may_write = true;
            pin("named lock");
            break;
        case function_effect::writes: found_.may_write = true; break;
        case function_effect::unproven: on_stored_function(false); break;
    }
}

/// The last token is the function's name.
void read_proof::on_stored_function(bool is_qualified) noexcept {
    const bool is_known = scope_.meanings != nullptr && !(is_qualified && is_deeply_qualified_);
    const called_function function{
        is_qualified ? schema_ : scope_.schema, without_quotes(previous_), is_qualified};
    if (is_known && scope_.meanings->only_reads(function)) {
        found_.calls_reading_functions = true;
        return;
    }
    found_.may_write = true;
    if (is_known && scope_.meanings->leaves_state(function)) {
        found_.calls_what_leaves_state = true;
        pin("routine");
    }
}

void read_proof::watch_tables(const token& current) noexcept {
    const bool unqualified = tables_.on_token(current, previous_, depth_);
    const bool qualified = previous_.is('.');
    if (!(unqualified || qualified) || !is_name(current)) return;
    const std::string_view schema = qualified && !schema_.empty() ? schema_ : scope_.schema;
    const std::string_view name = without_quotes(current);
    const bool has_quote_inside = current.kind == token_kind::quoted_identifier &&
                                  name.find(current.text[0]) != std::string_view::npos;
    if (has_quote_inside || scope_.meanings->may_hide_a_write(schema, name)) {
        found_.may_write = true;
    }
}

void read_proof::on_user_variable(const token& current) noexcept {
    const bool account =
        form_ == statement_form::account_names && touches(previous_, current) &&
        (previous_.kind == token_kind::identifier ||
         previous_.kind == token_kind::quoted_identifier || previous_.kind == token_kind::string);
    if (account) return;
    found_.uses_user_variables = true;
    found_.assigns_user_variables |= in_into_;
}

void read_proof::on_system_variable(const token& current) noexcept {
    const bool is_known_here =
        is_variable(current.text, "pseudo_thread_id") || is_variable(current.text, "weir_trace");
    if (is_known_here) found_.asks_connection_id = true;
    const bool is_identity =
        is_variable(current.text, "hostname") || is_variable(current.text, "server_uuid");
    if (is_identity) found_.asks_identity = true;
    switch (meaning_of_variable(current.text)) {
        case variable_meaning::identity: break;
        case variable_meaning::reads_previous: found_.reads_previous = true; break;
        case variable_meaning::reads_diagnostics: found_.reads_diagnostics = true; break;
        case variable_meaning::one_server: found_.server_local = true; break;
    }
}

}  // namespace weir::splitter
