#include "splitter/sql/digest.hpp"

#include "splitter/sql/keyword_table.hpp"
#include "splitter/sql/multibyte.hpp"
#include "splitter/sql/word.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace weir::splitter {
namespace {

constexpr std::array<std::string_view, 3> value_words{"null", "true", "false"};

/// Keywords that are a value or end one: a sign after them is an operator.
constexpr std::array<std::string_view, 13> operand_words{
    "null",
    "true",
    "false",
    "end",
    "current_date",
    "current_time",
    "current_timestamp",
    "current_user",
    "localtime",
    "localtimestamp",
    "utc_date",
    "utc_time",
    "utc_timestamp"};

constexpr std::array<std::string_view, 4> wide_character_sets{"ucs2", "utf16", "utf16le", "utf32"};

/// N'a', x'41', b'1': without a space before the quote.
bool is_literal_prefix(std::string_view word) noexcept {
    if (word.size() != 1) return false;
    const char letter = ascii_lower(word[0]);
    return letter == 'n' || letter == 'x' || letter == 'b';
}

/// _utf8mb4 and its like.
bool is_introducer(std::string_view word) noexcept {
    if (word.size() < 2 || word[0] != '_') return false;
    const std::string_view name = word.substr(1);
    return multibyte_of(name) != multibyte_kind::unknown || is_one_of(name, wide_character_sets);
}

/// Whether `word`, one of the two above, belongs to the literal behind it.
bool belongs_to(std::string_view word, const token& literal) noexcept {
    if (is_literal_prefix(word)) {
        return literal.kind == token_kind::string &&
               word.data() + word.size() == literal.text.data();
    }
    if (literal.kind == token_kind::string) return true;
    return literal.kind == token_kind::number && literal.text[0] == '0' &&
           literal.text.size() > 1 && ascii_lower(literal.text[1]) >= 'a';
}

}  // namespace

void statement_digest::on_token(const token& current) noexcept {
    if (is_holding_) settle(current);
    const bool follows_string = std::exchange(is_after_string_, false);
    switch (current.kind) {
        case token_kind::keyword: return on_keyword(current);
        case token_kind::identifier:
            on_identifier(current);
            is_after_string_ = follows_string && !introducer_.empty();
            return;
        case token_kind::quoted_identifier:
            lists_.write(writer_);
            writer_.write_quoted_name(current.text);
            before_ = before::operand;
            return;
        case token_kind::string:
            if (!follows_string) on_value();
            is_after_string_ = true;
            return;
        case token_kind::number:
        case token_kind::parameter: return on_value();
        case token_kind::user_variable: return on_user_variable(current.text);
        case token_kind::system_variable: return on_other(current.text);
        case token_kind::assign:
            on_other(current.text);
            before_ = before::mark;
            return;
        case token_kind::punctuation: return on_punctuation(current.text[0]);
        case token_kind::unterminated:
        case token_kind::unknown: return on_other("[not understood]");
        case token_kind::comment:
        case token_kind::end: return;
    }
}

/// Writes what was held back, or leaves it out, now that it is known what follows.
void statement_digest::settle(const token& next) noexcept {
    if (dots_ != 0 && next.is('.')) return;
    is_holding_ = false;
    if (dots_ != 0) {
        lists_.write(writer_);
        for (; dots_ != 0; --dots_)
            writer_.write_mark('.');
        before_ = before::dot;
    }
    if (const char sign = std::exchange(sign_, '\0'); sign != '\0') {
        if (next.kind != token_kind::number) on_mark(sign);
    }
    if (const std::string_view word = std::exchange(introducer_, {}); !word.empty()) {
        if (belongs_to(word, next)) return;
        is_after_string_ = false;
        on_name(word);
    }
}

void statement_digest::on_keyword(const token& current) noexcept {
    if (before_ == before::dot) return on_name(current.text);
    const bool may_be_value = before_ == before::mark && current.word == keyword::other;
    if (may_be_value && is_one_of(current.text, value_words)) return on_value();
    lists_.write(writer_);
    writer_.write_keyword(current.text);
    before_ = before::keyword;
    last_keyword_ = current.text;
}

void statement_digest::on_identifier(const token& current) noexcept {
    if (before_ == before::ellipsis && find_keyword(current.text) != nullptr) {
        // The lexer took the last of three dots for one that makes a name of the word behind it.
        return on_keyword(current);
    }
    const bool may_be_prefix =
        before_ != before::dot && (is_literal_prefix(current.text) || is_introducer(current.text));
    if (!may_be_prefix) return on_name(current.text);
    introducer_ = current.text;
    is_holding_ = true;
}

void statement_digest::on_name(std::string_view text) noexcept {
    lists_.write(writer_);
    writer_.write_name(text);
    before_ = before::operand;
}

/// In @'a' and 'user'@'host' the quoted part is hidden like any string.
void statement_digest::on_user_variable(std::string_view text) noexcept {
    const bool is_string = text.size() > 1 && (text[1] == '\'' || text[1] == '"');
    on_other(is_string ? text.substr(0, 1) : text);
    if (is_string) on_value();
}

void statement_digest::on_punctuation(char mark) noexcept {
    switch (mark) {
        case '(':
            lists_.on_open(writer_);
            before_ = before::mark;
            return;
        case ')':
            lists_.on_close(writer_);
            before_ = before::operand;
            return;
        case ',':
            lists_.on_comma(writer_);
            before_ = before::mark;
            return;
        case '.': return on_dot();
        case ';':
            lists_.write(writer_);
            writer_.end_statement();
            before_ = before::start;
            return;
        case '+':
        case '-':
            if (!starts_operand()) return on_mark(mark);
            sign_ = mark;
            is_holding_ = true;
            return;
        default: return on_mark(mark);
    }
}

/// A sign here belongs to the number behind it.
bool statement_digest::starts_operand() const noexcept {
    switch (before_) {
        case before::start:
        case before::mark: return true;
        case before::keyword: return !is_one_of(last_keyword_, operand_words);
        case before::operand:
        case before::dot:
        case before::ellipsis: break;
    }
    return false;
}

void statement_digest::on_mark(char mark) noexcept {
    lists_.write(writer_);
    writer_.write_mark(mark);
    before_ = before::mark;
}

void statement_digest::on_dot() noexcept {
    is_holding_ = ++dots_ < 3;
    if (is_holding_) return;
    dots_ = 0;
    lists_.on_ellipsis(writer_);
    before_ = before::ellipsis;
}

void statement_digest::on_value() noexcept {
    lists_.on_values(1, writer_);
    before_ = before::operand;
}

void statement_digest::on_other(std::string_view text) noexcept {
    lists_.write(writer_);
    writer_.write_other(text);
    before_ = before::operand;
}

void statement_digest::on_literals(const literal_run& run) noexcept {
    if (run.is_empty()) return;
    lists_.on_values(run.first_values, writer_);
    // Of the rows in the middle it only matters whether there are none, one or several.
    for (std::size_t row = 0; row < std::min<std::size_t>(run.row_ends, 3); ++row) {
        if (row != 0) lists_.on_values(1, writer_);
        lists_.on_close(writer_);
        lists_.on_comma(writer_);
        lists_.on_open(writer_);
    }
    if (run.row_ends != 0 && run.last_values != 0) lists_.on_values(run.last_values, writer_);
    if (run.row_ends == 0 || run.last_values != 0) lists_.on_comma(writer_);
    before_ = before::mark;
}

std::uint64_t statement_digest::finish() noexcept {
    if (is_holding_) settle({});
    lists_.write(writer_);
    return writer_.finish();
}

namespace {

std::uint64_t feed(
    statement_digest& digest, std::string_view text, const lexer_options& options
) noexcept {
    lexer reader{text, options};
    for (token current = reader.next(); current.kind != token_kind::end; current = reader.next()) {
        digest.on_token(current);
        if (current.is(',') || current.is('(')) digest.on_literals(reader.skip_literals());
    }
    return digest.finish();
}

}  // namespace

std::uint64_t digest_of(std::string_view text, const lexer_options& options) noexcept {
    statement_digest digest;
    return feed(digest, text, options);
}

std::string digest_text(std::string_view text, const lexer_options& options, std::size_t limit) {
    std::string kept;
    kept.reserve(limit);
    statement_digest digest{{&kept, limit}};
    static_cast<void>(feed(digest, text, options));
    return kept;
}

}  // namespace weir::splitter
