#include "splitter/sql/set_statement.hpp"

#include "splitter/sql/token_word.hpp"
#include "splitter/sql/word.hpp"

#include <optional>

namespace weir::splitter {
namespace {

struct scope_word {
    std::string_view text;
    set_target target;
};

constexpr std::array scope_words{
    scope_word{"session", set_target::session_variable},
    scope_word{"local", set_target::session_variable},
    scope_word{"global", set_target::global_variable},
    scope_word{"persist", set_target::persisted_variable},
    scope_word{"persist_only", set_target::persisted_variable},
};

std::optional<set_target> scope_of(std::string_view word) noexcept {
    for (const scope_word& scope : scope_words) {
        if (same_word(scope.text, word)) return scope.target;
    }
    return std::nullopt;
}

bool is_sign(const token& t) noexcept {
    return t.is('-') || t.is('+');
}

bool ends_readable_part(const token& t) noexcept {
    return t.kind == token_kind::end || t.is(';') || t.kind == token_kind::unterminated ||
           t.kind == token_kind::unknown;
}

std::string_view without_quotes(std::string_view name) noexcept {
    const bool quoted =
        name.size() >= 2 && (name.front() == '`' || name.front() == '"' || name.front() == '\'');
    return quoted ? name.substr(1, name.size() - 2) : name;
}

bool has_doubled_quote(std::string_view name) noexcept {
    return name.find_first_of("`\"'\\") != std::string_view::npos;
}

}  // namespace

/// Recursive descent without recursion: each function leaves `current_` at the first token that is
/// not its own.
class set_parser {
public:
    set_parser(std::string_view text, const lexer_options& options, set_statement& result) noexcept
        : lexer_{text, options}, current_{lexer_.next()}, result_{result} {}

    void parse() noexcept {
        if (!current_.is(keyword::set)) return;
        advance();
        if (is_other_statement()) return;
        for (;;) {
            if (result_.size_ == result_.assignments_.size()) return;
            if (!assignment(result_.assignments_[result_.size_])) return;
            ++result_.size_;
            if (!current_.is(',')) break;
            advance();
        }
        result_.understood_ = current_.kind == token_kind::end || current_.is(';');
    }

private:
    void advance() noexcept { current_ = lexer_.next(); }

    bool accept(std::string_view word) noexcept {
        const bool present = may_be_name(current_) && same_word(current_.text, word);
        if (present) advance();
        return present;
    }

    [[nodiscard]] token following() const noexcept {
        lexer ahead = lexer_;
        return ahead.next();
    }

    [[nodiscard]] static bool is_equal(const token& t) noexcept {
        return t.is('=') || t.kind == token_kind::assign;
    }

    /// SET PASSWORD, SET ROLE and so on. A variable of that name would be followed by an equals
    /// sign, except for PASSWORD, which is no variable.
    [[nodiscard]] bool is_other_statement() const noexcept {
        if (same_word(current_.text, "password")) return true;
        if (is_equal(following())) return false;
        const std::array<std::string_view, 5> words{
            "transaction", "role", "default", "resource", "statement"};
        if (is_one_of(current_.text, words)) return true;
        return scope_of(current_.text).has_value() && following().is(keyword::transaction);
    }

    bool assignment(set_assignment& out) noexcept {
        if (current_.kind == token_kind::user_variable) return user_variable(out);
        if (current_.kind == token_kind::system_variable) return system_variable(out);
        if (!may_be_name(current_)) return false;
        if (!is_equal(following())) {
            if (accept("names")) return character_set(out, set_target::names);
            if (accept("charset")) return character_set(out, set_target::character_set);
            if (current_.is(keyword::character) || current_.is(keyword::char_word)) {
                advance();
                return accept("set") && character_set(out, set_target::character_set);
            }
            const std::optional<set_target> scope = scope_of(current_.text);
            if (scope && !following().is('.')) {
                scoped_ = true;
                out.target = *scope;
                advance();
                return variable(out);
            }
        }
        // Servers do not agree on whether an earlier GLOBAL still counts here.
        return !scoped_ && variable(out);
    }

    bool user_variable(set_assignment& out) noexcept {
        out.target = set_target::user_variable;
        out.name = without_quotes(current_.text.substr(1));
        if (has_doubled_quote(out.name)) return false;
        advance();
        return value(out);
    }

    bool system_variable(set_assignment& out) noexcept {
        std::string_view name = current_.text.substr(2);
        out.target = set_target::unscoped_system_variable;
        const std::size_t dot = name.find('.');
        if (dot != std::string_view::npos) {
            if (const std::optional<set_target> scope = scope_of(name.substr(0, dot))) {
                out.target = *scope;
                name.remove_prefix(dot + 1);
            }
        }
        out.name = without_quotes(name);
        if (has_doubled_quote(out.name)) return false;
        advance();
        return value(out);
    }

    /// name or component.name
    bool variable(set_assignment& out) noexcept {
        if (!may_be_name(current_)) return false;
        const char* const begin = current_.text.data();
        out.name = without_quotes(current_.text);
        if (has_doubled_quote(out.name)) return false;
        advance();
        if (current_.is('.')) {
            advance();
            if (!may_be_name(current_) || current_.kind == token_kind::quoted_identifier)
                return false;
            const char* const end = current_.text.data() + current_.text.size();
            out.name = {begin, static_cast<std::size_t>(end - begin)};
            advance();
        }
        return value(out);
    }

    bool character_set(set_assignment& out, set_target target) noexcept {
        out.target = target;
        if (!may_be_name(current_) && current_.kind != token_kind::string) return false;
        out.value = current_.text;
        out.value_kind =
            current_.kind == token_kind::string ? set_value_kind::string : set_value_kind::word;
        advance();
        if (target == set_target::names && accept("collate")) {
            if (!may_be_name(current_) && current_.kind != token_kind::string) return false;
            out.collation = current_.text;
            advance();
        }
        return true;
    }

    /// = value, up to a comma outside parentheses.
    bool value(set_assignment& out) noexcept {
        if (!is_equal(current_)) return false;
        advance();
        if (ends_readable_part(current_) || current_.is(',')) return false;
        const char* const begin = current_.text.data();
        const char* end = begin;
        const token first = current_;
        std::size_t tokens = 0;
        std::size_t depth = 0;
        token last{};
        while (!ends_readable_part(current_) && (depth > 0 || !current_.is(','))) {
            if (current_.is('(')) ++depth;
            if (current_.is(')')) {
                if (depth == 0) return false;
                --depth;
            }
            end = current_.text.data() + current_.text.size();
            last = current_;
            ++tokens;
            advance();
        }
        if (depth > 0) return false;
        out.value = {begin, static_cast<std::size_t>(end - begin)};
        out.value_kind = kind_of(first, last, tokens);
        return true;
    }

    [[nodiscard]] static set_value_kind kind_of(
        const token& first, const token& last, std::size_t tokens
    ) noexcept {
        const bool is_signed = tokens == 2 && is_sign(first);
        if ((tokens == 1 || is_signed) && last.kind == token_kind::number) {
            return set_value_kind::number;
        }
        if (tokens != 1) return set_value_kind::expression;
        if (first.kind == token_kind::string) return set_value_kind::string;
        const bool word = first.kind == token_kind::identifier || first.kind == token_kind::keyword;
        return word ? set_value_kind::word : set_value_kind::expression;
    }

    lexer lexer_;
    token current_;
    set_statement& result_;
    bool scoped_ = false;
};

set_statement parse_set(std::string_view text, const lexer_options& options) noexcept {
    set_statement statement;
    set_parser{text, options, statement}.parse();
    return statement;
}

namespace {

/// What a backslash and this byte stand for ("String Literals", table of escape sequences).
char unescaped(char c) noexcept {
    switch (c) {
        case '0': return '\0';
        case 'b': return '\b';
        case 'n': return '\n';
        case 'r': return '\r';
        case 't': return '\t';
        case 'Z': return '\x1A';
        default: return c;  // a switch over characters, not over an enum
    }
}

}  // namespace

bool is_plain_value(const set_assignment& assignment) noexcept {
    constexpr std::array<std::string_view, 3> words{"null", "true", "false"};
    switch (assignment.value_kind) {
        case set_value_kind::number:
        case set_value_kind::string: return true;
        case set_value_kind::word: return is_one_of(assignment.value, words);
        case set_value_kind::expression: break;
    }
    return false;
}

std::string unquoted(std::string_view literal, const lexer_options& options) {
    if (literal.size() < 2) return std::string{literal};
    const char quote = literal.front();
    if ((quote != '\'' && quote != '"' && quote != '`') || literal.back() != quote) {
        return std::string{literal};
    }
    const bool is_name = quote == '`' || (quote == '"' && options.ansi_quotes);
    const bool escapes = !is_name && !options.no_backslash_escapes;
    literal = literal.substr(1, literal.size() - 2);
    std::string text;
    text.reserve(literal.size());
    for (std::size_t i = 0; i < literal.size(); ++i) {
        const std::size_t length = character_length(options.charset, literal.substr(i));
        if (length > 1) {
            text.append(literal, i, length);
            i += length - 1;
        } else if (escapes && literal[i] == '\\' && i + 1 < literal.size()) {
            text += unescaped(literal[++i]);
        } else {
            text += literal[i];
            if (literal[i] == quote && i + 1 < literal.size()) ++i;
        }
    }
    return text;
}

}  // namespace weir::splitter
