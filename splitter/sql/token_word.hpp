#pragma once

#include "splitter/sql/token.hpp"
#include "splitter/sql/word.hpp"

#include <charconv>
#include <optional>
#include <string_view>
#include <system_error>

namespace weir::splitter {

/// A word without quotes: a keyword, or a name that could be one.
[[nodiscard]] inline bool is_bare(const token& t) noexcept {
    return t.kind == token_kind::keyword || t.kind == token_kind::identifier;
}

[[nodiscard]] inline bool is_bare_word(const token& t, std::string_view word) noexcept {
    return is_bare(t) && same_word(t.text, word);
}

/// One of `words`, a list in braces or an array.
template <class Words>
[[nodiscard]] bool is_bare_word_of(const token& t, const Words& words) noexcept {
    return is_bare(t) && is_one_of(t.text, words);
}

/// Not the name of a column after a dot, as is_bare_word() may be.
[[nodiscard]] inline bool is_keyword(const token& t, std::string_view word) noexcept {
    return t.kind == token_kind::keyword && same_word(t.text, word);
}

/// A word with or without quotes, reserved or not.
[[nodiscard]] inline bool may_be_name(const token& t) noexcept {
    return is_bare(t) || t.kind == token_kind::quoted_identifier;
}

[[nodiscard]] inline std::string_view without_quotes(const token& name) noexcept {
    const bool quoted = name.kind == token_kind::quoted_identifier;
    return quoted ? name.text.substr(1, name.text.size() - 2) : name.text;
}

/// At the end of a statement: its semicolon, or the end of the text.
[[nodiscard]] inline bool ends_statement(const token& t) noexcept {
    return t.kind == token_kind::end || t.is(';');
}

/// The whole number that a token is, if it fits.
template <class Number>
[[nodiscard]] std::optional<Number> number_in(const token& t) noexcept {
    if (t.kind != token_kind::number) return std::nullopt;
    Number number = 0;
    const char* const end = t.text.data() + t.text.size();
    const auto [stop, code] = std::from_chars(t.text.data(), end, number);
    return code == std::errc{} && stop == end ? std::optional(number) : std::nullopt;
}

/// A token after which no expression can begin: a word and a parenthesis that follow it are an
/// alias with its column names, a type, a clause, but no call. Keywords never count as such.
[[nodiscard]] inline bool ends_operand(const token& t) noexcept {
    switch (t.kind) {
        case token_kind::identifier:
        case token_kind::quoted_identifier:
        case token_kind::string:
        case token_kind::number:
        case token_kind::parameter:
        case token_kind::user_variable:
        case token_kind::system_variable: return true;
        case token_kind::punctuation: return t.is(')');
        case token_kind::keyword:
        case token_kind::assign:
        case token_kind::comment:
        case token_kind::unterminated:
        case token_kind::unknown:
        case token_kind::end: break;
    }
    return false;
}

}  // namespace weir::splitter
