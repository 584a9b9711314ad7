#pragma once

#include "splitter/sql/digest_hash.hpp"

#include <cstdint>
#include <string_view>

namespace weir::splitter {

/// Marks that together are an operator.
[[nodiscard]] constexpr bool is_joined_operator(char first, char second) noexcept {
    switch (second) {
        case '=': return first == '<' || first == '>' || first == '!';
        case '>': return first == '<' || first == '>' || first == '=' || first == '-';
        case '<':
        case '|':
        case '&': return first == second;
        default: return false;
    }
}

[[nodiscard]] constexpr bool starts_with_digit(std::string_view text) noexcept {
    return !text.empty() && text[0] >= '0' && text[0] <= '9';
}

/// Writes the words and marks of a digest's text with one way of spacing, whatever the statement's
/// was: `SELECT COUNT(*), a.b FROM t WHERE a.b >= ? AND c IN (...); COMMIT`. Read by a lexer again,
/// the text has the tokens that were written.
class digest_writer {
public:
    digest_writer() noexcept = default;

    explicit digest_writer(const digest_hash::kept_text& kept) noexcept : out_{kept} {}

    /// In upper case.
    void write_keyword(std::string_view text) noexcept;
    /// An unquoted name.
    void write_name(std::string_view text) noexcept;
    /// With its quotes.
    void write_quoted_name(std::string_view text) noexcept;
    /// One character: punctuation or a piece of an operator, not a semicolon.
    void write_mark(char mark) noexcept;
    /// Anything else, set apart by spaces.
    void write_other(std::string_view text) noexcept;
    /// A semicolon follows if another statement does.
    void end_statement() noexcept;

    [[nodiscard]] std::uint64_t finish() noexcept { return out_.finish(); }

private:
    enum class written : std::uint8_t {
        nothing,  ///< of this statement
        open,     ///< (
        keyword,
        name,
        quoted_name,
        dot_of_name,  ///< directly behind an unquoted word
        dot,          ///< any other
        other,
    };

    enum class spacing : std::uint8_t { apart, joined };

    void begin(spacing how) noexcept;

    [[nodiscard]] bool is_after_dot() const noexcept {
        return last_ == written::dot_of_name || last_ == written::dot;
    }

    [[nodiscard]] spacing spacing_before(char mark) const noexcept;
    [[nodiscard]] written kind_of(char mark) const noexcept;

    digest_hash out_;
    written last_ = written::nothing;
    char last_mark_ = '\0';  ///< '\0': no mark was written last
    bool semicolon_is_due_ = false;
};

// Here and not in a source file, since they are called for every token.

inline void digest_writer::begin(spacing how) noexcept {
    last_mark_ = '\0';
    if (semicolon_is_due_) {
        out_.append("; ");
        semicolon_is_due_ = false;
    } else if (how == spacing::apart && last_ != written::nothing && last_ != written::open) {
        out_.append(' ');
    }
}

inline void digest_writer::write_keyword(std::string_view text) noexcept {
    begin(spacing::apart);
    out_.append_upper(text);
    last_ = written::keyword;
}

/// `a`.5b would be read as a number after the quoted name; a.5b is a name of two parts.
inline void digest_writer::write_name(std::string_view text) noexcept {
    const bool joined =
        last_ == written::dot_of_name || (last_ == written::dot && !starts_with_digit(text));
    begin(joined ? spacing::joined : spacing::apart);
    out_.append(text);
    last_ = written::name;
}

inline void digest_writer::write_quoted_name(std::string_view text) noexcept {
    begin(is_after_dot() ? spacing::joined : spacing::apart);
    out_.append(text);
    last_ = written::quoted_name;
}

inline void digest_writer::write_mark(char mark) noexcept {
    begin(spacing_before(mark));
    out_.append(mark);
    last_ = kind_of(mark);
    last_mark_ = mark;
}

inline void digest_writer::write_other(std::string_view text) noexcept {
    begin(spacing::apart);
    out_.append(text);
    last_ = written::other;
}

inline void digest_writer::end_statement() noexcept {
    if (last_ != written::nothing) semicolon_is_due_ = true;
    last_ = written::nothing;
    last_mark_ = '\0';
}

inline digest_writer::spacing digest_writer::spacing_before(char mark) const noexcept {
    const bool after_name = last_ == written::name || last_ == written::quoted_name;
    const auto joined_if = [](bool joined) { return joined ? spacing::joined : spacing::apart; };
    switch (mark) {
        case ',':
        case ')': return spacing::joined;
        case '(': return joined_if(after_name);
        case '.': return joined_if(after_name || last_ == written::keyword || last_mark_ == '*');
        case '*': return joined_if(is_after_dot());
        default: return joined_if(is_joined_operator(last_mark_, mark));
    }
}

inline digest_writer::written digest_writer::kind_of(char mark) const noexcept {
    if (mark == '(') return written::open;
    if (mark != '.') return written::other;
    const bool after_word = last_ == written::name || last_ == written::keyword;
    return after_word ? written::dot_of_name : written::dot;
}

}  // namespace weir::splitter
