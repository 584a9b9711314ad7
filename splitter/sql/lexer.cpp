#include "splitter/sql/lexer.hpp"

#include "splitter/sql/word.hpp"

#include <array>

// The rules below follow what the two servers' manuals say and, where these are silent, how the
// servers behave:
//  - a version comment that is executed only opens a region; the next "*/" closes it, and they do
//  not nest;
//  - a version comment that is skipped may contain one level of comments, a plain comment none;
//  - a backslash in a string hides one byte, not one character;
//  - a name that is directly followed by a dot and a name byte is no keyword, nor is the name after
//  it.

namespace weir::splitter {
namespace {

constexpr std::size_t npos = std::string_view::npos;

enum class byte_class : std::uint8_t {
    control,
    space,
    digit,
    letter,
    dollar,
    quote,
    mark,
    other,
    high
};

constexpr byte_class class_of(unsigned byte) noexcept {
    if (byte >= 0x80) return byte_class::high;
    if (byte == ' ' || (byte >= 9 && byte <= 13)) return byte_class::space;
    if (byte < ' ' || byte == 0x7F) return byte_class::control;
    const char c = static_cast<char>(byte);
    if (c >= '0' && c <= '9') return byte_class::digit;
    if ((ascii_lower(c) >= 'a' && ascii_lower(c) <= 'z') || c == '_') return byte_class::letter;
    if (c == '$') return byte_class::dollar;
    if (c == '\'' || c == '"' || c == '`') return byte_class::quote;
    constexpr std::string_view marks = "~!%^&*()-+=|;:,.<>/?{}@#";
    return marks.find(c) != npos ? byte_class::mark : byte_class::other;
}

constexpr std::array<byte_class, 256> byte_classes = [] {
    std::array<byte_class, 256> classes{};
    for (unsigned byte = 0; byte < classes.size(); ++byte)
        classes[byte] = class_of(byte);
    return classes;
}();

constexpr byte_class class_of(char c) noexcept {
    return byte_classes[static_cast<unsigned char>(c)];
}

constexpr bool is_digit(char c) noexcept {
    return class_of(c) == byte_class::digit;
}

constexpr bool is_hexadecimal(char c) noexcept {
    return is_digit(c) || (ascii_lower(c) >= 'a' && ascii_lower(c) <= 'f');
}

constexpr bool is_binary(char c) noexcept {
    return c == '0' || c == '1';
}

constexpr std::array<bool, 256> name_bytes = [] {
    std::array<bool, 256> wanted{};
    for (unsigned byte = 0; byte < wanted.size(); ++byte) {
        const byte_class what = class_of(byte);
        wanted[byte] = what == byte_class::letter || what == byte_class::digit ||
                       what == byte_class::dollar || what == byte_class::high;
    }
    return wanted;
}();

constexpr bool is_name_byte(char c) noexcept {
    return name_bytes[static_cast<unsigned char>(c)];
}

bool has_high_byte(std::string_view text) noexcept {
    for (const char c : text) {
        if (class_of(c) == byte_class::high) return true;
    }
    return false;
}

template <class Predicate>
std::size_t skip(std::string_view text, std::size_t from, Predicate&& wanted) noexcept {
    while (from < text.size() && wanted(text[from]))
        ++from;
    return from;
}

std::size_t skip_spaces(std::string_view text, std::size_t from) noexcept {
    return skip(text, from, [](char c) { return class_of(c) == byte_class::space; });
}

std::uint32_t decimal_value(std::string_view digits) noexcept {
    std::uint32_t value = 0;
    for (const char c : digits)
        value = value * 10 + static_cast<std::uint32_t>(c - '0');
    return value;
}

enum class version_answer : std::uint8_t { execute, skip, unclear };

/// Whether a server executes a version comment whose number is `digits` (five or six of them).
/// MySQL reads a sixth digit for certain since 8.4; before, the answer must not depend on it.
version_answer mysql_answer(std::string_view digits, std::uint32_t server_version) noexcept {
    const bool execute = decimal_value(digits) <= server_version;
    const bool execute_five = decimal_value(digits.substr(0, 5)) <= server_version;
    if (digits.size() == 6 && server_version < 80400 && (execute || execute_five)) {
        return version_answer::unclear;
    }
    return execute ? version_answer::execute : version_answer::skip;
}

}  // namespace

token lexer::make(token_kind kind, std::size_t end) noexcept {
    token made{.kind = kind, .text = text_.substr(position_, end - position_)};
    position_ = end;
    return made;
}

token lexer::rest_as(token_kind kind) noexcept {
    in_version_comment_ = false;
    return make(kind, text_.size());
}

token lexer::next() noexcept {
    token result = next_with_comments();
    while (result.kind == token_kind::comment)
        result = next_with_comments();
    return result;
}

token lexer::next_with_comments() noexcept {
    if (name_follows_) return name_after_dot();
    for (;;) {
        position_ = skip_spaces(text_, position_);
        if (position_ >= text_.size()) return end_of_text();
        const char c = text_[position_];
        switch (class_of(c)) {
            case byte_class::letter: return word(position_);
            case byte_class::digit: return number();
            case byte_class::high: return word(position_);
            case byte_class::quote: return quoted(c);
            case byte_class::mark: break;
            case byte_class::dollar:  // MySQL 9 may start a dollar-quoted text here
            case byte_class::control:
            case byte_class::space:
            case byte_class::other: return c == '\\' ? backslash() : rest_as(token_kind::unknown);
        }
        if (c == '/' && at_version_comment()) {
            const token result = version_comment();
            if (result.kind != token_kind::end) return result;
        } else if (c == '*' && in_version_comment_ && at(position_ + 1) == '/') {
            in_version_comment_ = false;
            position_ += 2;
        } else {
            return punctuation();
        }
    }
}

token lexer::name_after_dot() noexcept {
    name_follows_ = false;
    const std::size_t end = end_of_name(position_);
    if (end == npos) return rest_as(token_kind::unknown);
    separator_follows_ = at(end) == '.' && is_name_byte(at(end + 1));
    return make(token_kind::identifier, end);
}

literal_run lexer::skip_literals() noexcept {
    literal_run run;
    for (;;) {
        const std::size_t literal_end = end_of_literal(skip_spaces(text_, position_));
        if (literal_end == npos) return run;
        const std::size_t closing = skip_spaces(text_, literal_end);
        if (at(closing) == ',') {
            position_ = closing + 1;
            ++(run.row_ends == 0 ? run.first_values : run.last_values);
            continue;
        }
        if (at(closing) != ')') return run;
        const std::size_t comma = skip_spaces(text_, closing + 1);
        if (at(comma) != ',') return run;
        const std::size_t opening = skip_spaces(text_, comma + 1);
        if (at(opening) != '(') return run;
        position_ = opening + 1;
        if (run.row_ends == 0) ++run.first_values;
        ++run.row_ends;
        run.last_values = 0;
    }
}

/// Offset after a plain literal: digits with a sign or a point, '...', NULL. npos if there is none
/// or any doubt.
std::size_t lexer::end_of_literal(std::size_t from) const noexcept {
    char c = at(from);
    if (c == '\'') {
        const std::size_t end = end_of_string(from + 1, c);
        return end == 0 ? npos : end;
    }
    if (c == 'N' || c == 'n') {
        const bool null = same_word(text_.substr(from, 4), "null") && !is_name_byte(at(from + 4));
        return null && at(from + 4) != '.' ? from + 4 : npos;
    }
    if (c == '-') c = at(++from);
    if (!is_digit(c)) return npos;
    std::size_t end = skip(text_, from, is_digit);
    if (at(end) == '.') end = skip(text_, end + 1, is_digit);
    return is_name_byte(at(end)) || at(end) == '.' ? npos : end;
}

token lexer::end_of_text() noexcept {
    const bool open = in_version_comment_;
    in_version_comment_ = false;
    return make(open ? token_kind::unterminated : token_kind::end, text_.size());
}

token lexer::punctuation() noexcept {
    const char c = text_[position_];
    const char following = at(position_ + 1);
    switch (c) {
        case '#': return line_comment(position_ + 1);
        case '/':
            if (following == '*') return block_comment();
            break;
        case '-':
            if (following == '-') return line_comment(position_ + 2);
            break;
        case '@': return variable();
        case '?': return make(token_kind::parameter, position_ + 1);
        case ':':
            if (following == '=') return make(token_kind::assign, position_ + 2);
            break;
        case ';':
            if (in_version_comment_) return rest_as(token_kind::unknown);
            break;
        case '.':
            if (!separator_follows_ && is_digit(following)) return fraction(position_);
            separator_follows_ = false;
            name_follows_ = is_name_byte(following);
            break;
        default: break;  // a switch over characters, not over an enum
    }
    return make(token_kind::punctuation, position_ + 1);
}

/// "#" starts a comment always, "--" only before white space, a control character or the end.
token lexer::line_comment(std::size_t from) noexcept {
    if (text_[position_] == '-' && from < text_.size()) {
        const byte_class what = class_of(text_[from]);
        const bool clear = options_->charset == multibyte_kind::utf8;
        if (what == byte_class::high && !clear) return rest_as(token_kind::unknown);
        if (what != byte_class::space && what != byte_class::control) {
            return make(token_kind::punctuation, position_ + 1);
        }
    }
    const std::size_t line_end = text_.find('\n', from);
    const std::size_t end = line_end == npos ? text_.size() : line_end;
    if (text_.substr(from, end - from).find('\0') != npos) return rest_as(token_kind::unknown);
    return make(token_kind::comment, end);
}

token lexer::block_comment() noexcept {
    const std::size_t closing = text_.find("*/", position_ + 2);
    if (closing == npos) return rest_as(token_kind::unterminated);
    if (at(position_ + 2) == '+') return optimizer_hint(closing);
    return make(token_kind::comment, closing + 2);
}

/// A hint is read by a lexer of its own, for which "*/" within quotes ends nothing.
token lexer::optimizer_hint(std::size_t end) noexcept {
    char open = '\0';
    for (const char c : text_.substr(position_, end - position_)) {
        if (class_of(c) != byte_class::quote) continue;
        if (open == '\0') {
            open = c;
        } else if (open == c) {
            open = '\0';
        }
    }
    return open == '\0' ? make(token_kind::comment, end + 2) : rest_as(token_kind::unknown);
}

bool lexer::at_version_comment() const noexcept {
    if (at(position_ + 1) != '*') return false;
    if (at(position_ + 2) == '!') return true;
    return options_->flavor == protocol::mysql::server_flavor::mariadb &&
           at(position_ + 2) == 'M' && at(position_ + 3) == '!';
}

/// Steps into a comment that is executed, and then answers with an empty `end`; else the comment's
/// token.
token lexer::version_comment() noexcept {
    const bool mariadb_only = text_[position_ + 2] == 'M';
    const std::size_t start = position_ + (mariadb_only ? 4 : 3);
    if (at(start) == '!') return rest_as(token_kind::unknown);  // reversed in the newest MariaDB
    std::size_t digits = 0;
    while (digits < 6 && is_digit(at(start + digits)))
        ++digits;
    if (digits < 5) {
        in_version_comment_ = true;
        position_ = start;
        return {};
    }
    const std::string_view number = text_.substr(start, digits);
    const std::uint32_t server = options_->server_version;
    version_answer answer = version_answer::unclear;
    if (server != 0 && options_->flavor == protocol::mysql::server_flavor::mariadb) {
        const std::uint32_t version = decimal_value(number);
        const bool of_mysql = version >= 50700 && version <= 99999 && !mariadb_only;
        answer = version <= server && !of_mysql ? version_answer::execute : version_answer::skip;
    } else if (server != 0) {
        answer = mysql_answer(number, server);
    }
    switch (answer) {
        case version_answer::execute:
            in_version_comment_ = true;
            position_ = start + digits;
            return {};
        case version_answer::skip: {
            const std::size_t end = end_of_skipped_comment(start + digits);
            if (end == npos) return rest_as(token_kind::unterminated);
            return make(token_kind::comment, end);
        }
        case version_answer::unclear: break;
    }
    return rest_as(token_kind::unknown);
}

std::size_t lexer::end_of_skipped_comment(std::size_t from) const noexcept {
    for (;;) {
        const std::size_t closing = text_.find("*/", from);
        const std::size_t inner = text_.find("/*", from);
        if (closing == npos) return npos;
        if (inner == npos || inner > closing) return closing + 2;
        const std::size_t inner_end = text_.find("*/", inner + 2);
        if (inner_end == npos) return npos;
        from = inner_end + 2;
    }
}

token lexer::number() noexcept {
    if (text_[position_] == '0' && (at(position_ + 1) == 'x' || at(position_ + 1) == 'b')) {
        const bool hexadecimal = at(position_ + 1) == 'x';
        const std::size_t end =
            skip(text_, position_ + 2, hexadecimal ? is_hexadecimal : is_binary);
        if (end > position_ + 2 && !is_name_byte(at(end))) return make(token_kind::number, end);
        return word(position_);
    }
    const std::size_t digits_end = skip(text_, position_, is_digit);
    const char following = at(digits_end);
    if (following == '.') return fraction(digits_end);
    if (!is_name_byte(following)) return make(token_kind::number, digits_end);
    if (ascii_lower(following) == 'e') {
        const char sign = at(digits_end + 1);
        const std::size_t exponent = digits_end + (sign == '+' || sign == '-' ? 2U : 1U);
        if (is_digit(at(exponent)))
            return make(token_kind::number, skip(text_, exponent, is_digit));
    }
    return word(position_);
}

/// The part of a number from its point on.
token lexer::fraction(std::size_t from) noexcept {
    const std::size_t digits_end = skip(text_, from + 1, is_digit);
    if (ascii_lower(at(digits_end)) != 'e') return make(token_kind::number, digits_end);
    const char sign = at(digits_end + 1);
    const std::size_t exponent = digits_end + (sign == '+' || sign == '-' ? 2U : 1U);
    if (!is_digit(at(exponent))) return rest_as(token_kind::unknown);
    return make(token_kind::number, skip(text_, exponent, is_digit));
}

std::size_t lexer::end_of_name(std::size_t from) const noexcept {
    while (from < text_.size() && is_name_byte(text_[from])) {
        if (class_of(text_[from]) != byte_class::high) {
            ++from;
            continue;
        }
        // A high byte of a single-byte set may be white space there.
        if (options_->charset == multibyte_kind::single_byte) return npos;
        const std::size_t length = character_length(options_->charset, text_.substr(from));
        if (length == 0) return npos;
        from += length;
    }
    return from;
}

token lexer::word(std::size_t from) noexcept {
    const std::size_t end = end_of_name(from);
    if (end == npos) return rest_as(token_kind::unknown);
    if (at(end) == '.' && is_name_byte(at(end + 1))) {
        separator_follows_ = true;
        return make(token_kind::identifier, end);
    }
    token made = make(token_kind::identifier, end);
    if (const keyword_entry* entry = find_keyword(made.text); entry != nullptr) {
        made.kind = token_kind::keyword;
        made.word = entry->id;
        made.word_class = entry->what;
    }
    return made;
}

token lexer::quoted(char quote) noexcept {
    const bool names = quote == '`' || (quote == '"' && options_->ansi_quotes);
    const std::size_t end = names ? end_of_quoted_identifier(position_ + 1, quote)
                                  : end_of_string(position_ + 1, quote);
    if (end == npos) return rest_as(token_kind::unterminated);
    if (end == 0) return rest_as(token_kind::unknown);
    return make(names ? token_kind::quoted_identifier : token_kind::string, end);
}

/// Offset after the closing quote; npos if there is none; 0 if the text cannot be understood.
std::size_t lexer::end_of_string(std::size_t from, char quote) const noexcept {
    if (hides_punctuation(options_->charset)) return end_of_multibyte_string(from, quote);
    const std::size_t start = from;
    std::size_t closing = text_.find(quote, from);
    while (closing != npos) {
        if (!options_->no_backslash_escapes) {
            const std::size_t escape = text_.substr(from, closing - from).find('\\');
            if (escape != npos) {
                from += escape + 2;
                if (from > closing) closing = text_.find(quote, from);
                continue;
            }
        }
        if (at(closing + 1) != quote) break;
        from = closing + 2;
        closing = text_.find(quote, from);
    }
    if (closing == npos) return npos;
    const bool unclear = options_->charset == multibyte_kind::unknown &&
                         has_high_byte(text_.substr(start, closing - start));
    return unclear ? 0 : closing + 1;
}

std::size_t lexer::end_of_multibyte_string(std::size_t from, char quote) const noexcept {
    while (from < text_.size()) {
        const std::size_t length = character_length(options_->charset, text_.substr(from));
        const bool escapes = text_[from] == '\\' && !options_->no_backslash_escapes;
        const bool doubled = text_[from] == quote && at(from + 1) == quote;
        if (length > 1) {
            from += length;
        } else if (escapes || doubled) {
            from += 2;
        } else if (text_[from] == quote) {
            return from + 1;
        } else {
            ++from;
        }
    }
    return npos;
}

/// As end_of_string. A broken character is not understood: servers differ in how many bytes they
/// take for it.
std::size_t lexer::end_of_quoted_identifier(std::size_t from, char quote) const noexcept {
    while (from < text_.size()) {
        const char c = text_[from];
        if (c == quote) {
            if (at(from + 1) != quote) return from + 1;
            from += 2;
            continue;
        }
        const std::size_t length = character_length(options_->charset, text_.substr(from));
        if (c == '\0' || length == 0) return 0;
        from += length;
    }
    return npos;
}

token lexer::variable() noexcept {
    const char following = at(position_ + 1);
    if (following == '@') return system_variable();
    if (class_of(following) == byte_class::quote) {
        const bool names = following == '`' || (following == '"' && options_->ansi_quotes);
        const std::size_t end = names ? end_of_quoted_identifier(position_ + 2, following)
                                      : end_of_string(position_ + 2, following);
        if (end == npos) return rest_as(token_kind::unterminated);
        return end == 0 ? rest_as(token_kind::unknown) : make(token_kind::user_variable, end);
    }
    std::size_t end = position_ + 1;
    while (end < text_.size() && (is_name_byte(text_[end]) || text_[end] == '.'))
        ++end;
    if (options_->charset != multibyte_kind::utf8 &&
        has_high_byte(text_.substr(position_, end - position_))) {
        return rest_as(token_kind::unknown);
    }
    return make(token_kind::user_variable, end);
}

token lexer::system_variable() noexcept {
    std::size_t end = position_ + 1;
    do {
        ++end;  // the second @, or a dot
        const std::size_t start = end;
        if (at(end) == '`') {
            end = end_of_quoted_identifier(end + 1, '`');
        } else {
            end = end_of_name(end);
        }
        if (end == npos || end == 0 || end == start) return rest_as(token_kind::unknown);
    } while (at(end) == '.');
    return make(token_kind::system_variable, end);
}

token lexer::backslash() noexcept {
    const bool null_literal = options_->flavor == protocol::mysql::server_flavor::mariadb ||
                              options_->server_version < 80000;
    if (at(position_ + 1) != 'N' || !null_literal) return rest_as(token_kind::unknown);
    return make(token_kind::number, position_ + 2);
}

}  // namespace weir::splitter
