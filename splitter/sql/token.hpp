#pragma once

#include "splitter/sql/keyword_table.hpp"

#include <cstdint>
#include <string_view>

namespace weir::splitter {

enum class token_kind : std::uint8_t {
    keyword,            ///< unquoted, in the keyword table, not after a dot
    identifier,         ///< any other unquoted name
    quoted_identifier,  ///< `name`, or "name" under ANSI_QUOTES; the text includes the quotes
    string,  ///< 'text' or "text"; the text includes the quotes, not a prefix such as _utf8, N or x
    number,  ///< integer, decimal, float, 0x.., 0b.., \N
    parameter,        ///< ?
    user_variable,    ///< @name, @'name'; also the @host of an account name
    system_variable,  ///< @@name, @@global.name
    assign,           ///< :=
    punctuation,      ///< one character: the operators, parentheses, comma, dot, semicolon, braces
    comment,          ///< only from next_with_comments(): a comment that is not executed
    unterminated,  ///< a quote or a comment that never ends: no server accepts it; reaches to the
                   ///< end
    unknown,  ///< what servers may read in different ways, or none can read; reaches to the end
    end,      ///< nothing is left; empty
};

/// A piece of a statement's text. The view points into the text given to the lexer.
struct token {
    token_kind kind = token_kind::end;
    keyword word = keyword::none;                     ///< token_kind::keyword
    keyword_class word_class = keyword_class::plain;  ///< token_kind::keyword
    std::string_view text{};

    [[nodiscard]] constexpr bool is(keyword k) const noexcept {
        return kind == token_kind::keyword && word == k;
    }

    [[nodiscard]] constexpr bool is(char c) const noexcept {
        return kind == token_kind::punctuation && text[0] == c;
    }
};

}  // namespace weir::splitter
