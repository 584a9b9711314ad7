#include "splitter/sql/own_statement.hpp"

#include "splitter/sql/token_word.hpp"

#include <array>

namespace weir::splitter {
namespace {

using kind = own_statement::kind;

/// What a statement can begin with, as opposed to the name of a column that EXPLAIN describes.
constexpr std::array<std::string_view, 55> verbs{
    "select",  "with",     "values",     "table",     "insert", "update",   "delete",   "replace",
    "set",     "do",       "call",       "begin",     "start",  "commit",   "rollback", "savepoint",
    "release", "create",   "alter",      "drop",      "rename", "truncate", "grant",    "revoke",
    "show",    "use",      "explain",    "describe",  "desc",   "analyze",  "check",    "optimize",
    "repair",  "checksum", "help",       "handler",   "lock",   "unlock",   "load",     "xa",
    "prepare", "execute",  "deallocate", "kill",      "flush",  "reset",    "backup",   "get",
    "signal",  "resignal", "install",    "uninstall", "change", "stop",     "purge"};

bool is_value(const token& t) noexcept {
    return t.kind == token_kind::number || t.kind == token_kind::string || is_bare(t);
}

std::size_t offset_of(const token& t, std::string_view text) noexcept {
    return static_cast<std::size_t>(t.text.data() - text.data());
}

/// Comments before the statement are a part of it: hints may stand in them.
std::string_view without_leading_space(std::string_view text) noexcept {
    const auto begin = text.find_first_not_of(" \t\n\r\v\f");
    return begin == std::string_view::npos ? std::string_view{} : text.substr(begin);
}

std::optional<own_statement> explain_route(lexer reader) noexcept {
    if (!is_bare_word(reader.next(), "route")) return std::nullopt;
    const std::string_view rest = without_leading_space(reader.text().substr(reader.position()));
    const token first = reader.next();
    if (ends_statement(first) || first.is('.')) return std::nullopt;
    if (first.is('(') || is_bare_word_of(first, verbs))
        return own_statement{kind::explain_route, rest};
    if (ends_statement(reader.next())) return std::nullopt;
    return own_statement{kind::malformed, rest};
}

std::optional<own_statement> show_weir(lexer reader) noexcept {
    token name = reader.next();
    const bool is_full = is_bare_word(name, "full");
    if (is_full) name = reader.next();
    if (is_bare_word(name, "processlist") && ends_statement(reader.next()))
        return own_statement{kind::show_processlist, {}, is_full};
    if (is_full || !is_bare_word(name, "weir")) return std::nullopt;
    const bool is_pins = is_bare_word(reader.next(), "pins") && ends_statement(reader.next());
    if (is_pins) return own_statement{kind::show_pins};
    const std::string_view text = reader.text();
    return own_statement{kind::malformed, text.substr(offset_of(name, text))};
}

/// The name of a session's variable; empty: it is something else, or of another scope.
std::string_view variable_name(const token& t) noexcept {
    if (t.kind != token_kind::system_variable) return is_bare(t) ? t.text : "";
    const std::string_view name = t.text.substr(2);
    const auto dot = name.find('.');
    if (dot == std::string_view::npos) return name;
    const bool is_session =
        is_one_of(name.substr(0, dot), std::array<std::string_view, 2>{"session", "local"});
    return is_session ? name.substr(dot + 1) : "";
}

std::string_view without_quotes_of_string(const token& value) noexcept {
    const bool is_quoted = value.kind == token_kind::string && value.text.size() >= 2;
    return is_quoted ? value.text.substr(1, value.text.size() - 2) : value.text;
}

/// SELECT @@weir_gtid, and nothing else.
std::optional<own_statement> show_gtid(lexer reader) noexcept {
    const token asked = reader.next();
    const bool is_variable = asked.kind == token_kind::system_variable;
    if (!is_variable || !same_word(variable_name(asked), "weir_gtid")) return std::nullopt;
    token name = reader.next();
    if (ends_statement(name)) return own_statement{kind::show_gtid, asked.text};
    if (is_bare_word(name, "as")) name = reader.next();
    if (!is_bare(name) || !ends_statement(reader.next())) return std::nullopt;
    return own_statement{kind::show_gtid, name.text};
}

std::optional<own_statement> set_trace_to(const token& value) noexcept {
    constexpr std::array<std::string_view, 4> ons{"1", "on", "true", "yes"};
    constexpr std::array<std::string_view, 4> offs{"0", "off", "false", "default"};
    const std::string_view word = without_quotes_of_string(value);
    if (is_one_of(word, ons)) return own_statement{kind::set_trace, {}, true};
    if (is_one_of(word, offs)) return own_statement{kind::set_trace, {}, false};
    return own_statement{kind::bad_value, word};
}

std::optional<own_statement> set_own_variable(lexer reader) noexcept {
    constexpr std::array<std::string_view, 2> scopes{"session", "local"};
    token name = reader.next();
    if (is_bare_word_of(name, scopes)) name = reader.next();
    const std::string_view variable = variable_name(name);
    const bool is_trace = same_word(variable, "weir_trace");
    if (!is_trace && !same_word(variable, "weir_gtid")) return std::nullopt;
    const token assign = reader.next();
    if (!assign.is('=') && assign.kind != token_kind::assign) return std::nullopt;
    const token value = reader.next();
    if (!is_value(value) || !ends_statement(reader.next())) return std::nullopt;
    if (is_trace) return set_trace_to(value);
    return own_statement{kind::set_gtid, without_quotes_of_string(value)};
}

}  // namespace

std::optional<own_statement> parse_own_statement(
    std::string_view text, const lexer_options& options
) noexcept {
    lexer reader{text, options};
    const token verb = reader.next();
    if (verb.is(keyword::set)) return set_own_variable(reader);
    if (verb.is(keyword::select) && text.find("@@") != std::string_view::npos)
        return show_gtid(reader);
    if (verb.is(keyword::explain)) return explain_route(reader);
    if (verb.is(keyword::show)) return show_weir(reader);
    return std::nullopt;
}

std::size_t count_parameters(std::string_view text, const lexer_options& options) noexcept {
    lexer reader{text, options};
    std::size_t count = 0;
    for (token next = reader.next(); next.kind != token_kind::end; next = reader.next())
        count += next.kind == token_kind::parameter ? 1U : 0U;
    return count;
}

}  // namespace weir::splitter
