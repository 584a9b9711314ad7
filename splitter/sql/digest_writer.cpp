#include "splitter/sql/digest_writer.hpp"

namespace weir::splitter {
namespace {

/// Marks that together are an operator.
constexpr bool is_operator(char first, char second) noexcept {
    switch (second) {
        case '=': return first == '<' || first == '>' || first == '!';
        case '>': return first == '<' || first == '>' || first == '=' || first == '-';
        case '<':
        case '|':
        case '&': return first == second;
        default: return false;
    }
}

constexpr bool starts_with_digit(std::string_view text) noexcept {
    return !text.empty() && text[0] >= '0' && text[0] <= '9';
}

}  // namespace

void digest_writer::begin(spacing how) noexcept {
    last_mark_ = '\0';
    if (semicolon_is_due_) {
        out_.append("; ");
        semicolon_is_due_ = false;
    } else if (how == spacing::apart && last_ != written::nothing && last_ != written::open) {
        out_.append(' ');
    }
}

void digest_writer::write_keyword(std::string_view text) noexcept {
    begin(spacing::apart);
    out_.append_upper(text);
    last_ = written::keyword;
}

/// `a`.5b would be read as a number after the quoted name; a.5b is a name of two parts.
void digest_writer::write_name(std::string_view text) noexcept {
    const bool joined =
        last_ == written::dot_of_name || (last_ == written::dot && !starts_with_digit(text));
    begin(joined ? spacing::joined : spacing::apart);
    out_.append(text);
    last_ = written::name;
}

void digest_writer::write_quoted_name(std::string_view text) noexcept {
    begin(is_after_dot() ? spacing::joined : spacing::apart);
    out_.append(text);
    last_ = written::quoted_name;
}

void digest_writer::write_mark(char mark) noexcept {
    begin(spacing_before(mark));
    out_.append(mark);
    last_ = kind_of(mark);
    last_mark_ = mark;
}

void digest_writer::write_other(std::string_view text) noexcept {
    begin(spacing::apart);
    out_.append(text);
    last_ = written::other;
}

void digest_writer::end_statement() noexcept {
    if (last_ != written::nothing) semicolon_is_due_ = true;
    last_ = written::nothing;
    last_mark_ = '\0';
}

digest_writer::spacing digest_writer::spacing_before(char mark) const noexcept {
    const bool after_name = last_ == written::name || last_ == written::quoted_name;
    const auto joined_if = [](bool joined) { return joined ? spacing::joined : spacing::apart; };
    switch (mark) {
        case ',':
        case ')': return spacing::joined;
        case '(': return joined_if(after_name);
        case '.': return joined_if(after_name || last_ == written::keyword || last_mark_ == '*');
        case '*': return joined_if(is_after_dot());
        default: return joined_if(is_operator(last_mark_, mark));
    }
}

digest_writer::written digest_writer::kind_of(char mark) const noexcept {
    if (mark == '(') return written::open;
    if (mark != '.') return written::other;
    const bool after_word = last_ == written::name || last_ == written::keyword;
    return after_word ? written::dot_of_name : written::dot;
}

}  // namespace weir::splitter
