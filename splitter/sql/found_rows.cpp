#include "splitter/sql/found_rows.hpp"

#include "splitter/sql/token_word.hpp"
#include "splitter/sql/word.hpp"

#include <array>

// Which statement of MySQL sets the number is written nowhere; this is what 9.7 does.

namespace weir::splitter {
namespace {

/// SHOW of what the server itself makes, or lists, without a query.
bool shows_without_query(token what, lexer& reader) {
    constexpr std::array<std::string_view, 16> words{
        "binary",
        "binlog",
        "create",
        "engine",
        "errors",
        "grants",
        "master",
        "privileges",
        "processlist",
        "profile",
        "profiles",
        "relaylog",
        "replica",
        "replicas",
        "slave",
        "warnings"};
    if (same_word(what.text, "full")) what = reader.next();
    return is_one_of(what.text, words);
}

rows_found found_by_explain(const token& what) {
    constexpr std::array<std::string_view, 11> statements{
        "delete",
        "extended",
        "for",
        "format",
        "insert",
        "into",
        "replace",
        "select",
        "table",
        "update",
        "with"};
    if (same_word(what.text, "analyze")) return rows_found::unknown;
    const bool is_plan = what.is('(') || is_one_of(what.text, statements);
    return is_plan ? rows_found::as_before : rows_found::as_given;  // a table's columns
}

/// INSERT ... SELECT, TABLE: before any values, which may be many.
bool inserts_query(lexer reader) {
    constexpr std::array<std::string_view, 3> queries{"select", "table", "with"};
    constexpr std::array<std::string_view, 3> values{"set", "value", "values"};
    token current = reader.next();
    while (current.kind != token_kind::end && !is_one_of(current.text, values)) {
        if (is_one_of(current.text, queries)) return true;
        current = reader.next();
    }
    return false;
}

}  // namespace

rows_found rows_found_on_mysql(std::string_view text, const lexer_options& options) {
    constexpr std::array<std::string_view, 4> keeping{"handler", "help", "load", "use"};
    constexpr std::array<std::string_view, 5> administrative{
        "analyze", "check", "checksum", "optimize", "repair"};
    constexpr std::array<std::string_view, 3> explaining{"desc", "describe", "explain"};
    constexpr std::array<std::string_view, 2> inserting{"insert", "replace"};
    lexer reader(text, options);
    const token verb = reader.next();
    const lexer rest = reader;
    const token what = reader.next();
    if (same_word(verb.text, "show"))
        return shows_without_query(what, reader) ? rows_found::as_before : rows_found::as_given;
    if (is_one_of(verb.text, explaining)) return found_by_explain(what);
    if (is_one_of(verb.text, administrative) || is_one_of(verb.text, keeping))
        return rows_found::as_before;
    if (same_word(verb.text, "do")) return rows_found::one;
    if (is_one_of(verb.text, inserting))
        return inserts_query(rest) ? rows_found::unknown : rows_found::as_before;
    const bool updates = same_word(verb.text, "update");
    if (updates || same_word(verb.text, "delete")) {
        if (may_find_rows(text, options)) return rows_found::unknown;
        return updates ? rows_found::matched : rows_found::as_before;
    }
    const bool runs_others = same_word(verb.text, "call") || same_word(verb.text, "execute");
    return runs_others ? rows_found::unknown : rows_found::as_given;
}

bool may_find_rows(std::string_view text, const lexer_options& options) {
    constexpr std::array<std::string_view, 5> words{
        "call", "join", "select", "straight_join", "using"};
    constexpr std::array<std::string_view, 3> modifiers{"ignore", "low_priority", "quick"};
    lexer reader(text, options);
    token before = reader.next();
    bool updates = same_word(before.text, "update");
    for (token current = reader.next(); current.kind != token_kind::end; current = reader.next()) {
        if (is_one_of(current.text, words)) return true;
        if (current.is(keyword::set)) updates = false;
        if (updates && current.is(',')) return true;
        if (before.is(keyword::delete_word)) {
            if (is_one_of(current.text, modifiers)) continue;
            if (!current.is(keyword::from)) return true;
        }
        before = current;
    }
    return false;
}

}  // namespace weir::splitter
