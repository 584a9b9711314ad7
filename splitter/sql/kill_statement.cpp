#include "splitter/sql/kill_statement.hpp"

#include "splitter/sql/word.hpp"

#include <charconv>

namespace weir::splitter {
namespace {

bool is_word(const token& t, std::string_view word) noexcept {
    return (t.kind == token_kind::keyword || t.kind == token_kind::identifier) &&
           same_word(t.text, word);
}

std::optional<std::uint32_t> number_in(const token& t) noexcept {
    if (t.kind != token_kind::number) return std::nullopt;
    std::uint32_t number = 0;
    const char* const end = t.text.data() + t.text.size();
    const auto [stop, code] = std::from_chars(t.text.data(), end, number);
    return code == std::errc{} && stop == end ? std::optional(number) : std::nullopt;
}

/// True if nothing but a semicolon and comments is left.
bool is_over(lexer& reader) noexcept {
    token next = reader.next();
    if (next.is(';')) next = reader.next();
    return next.kind == token_kind::end;
}

}  // namespace

std::optional<kill_statement> parse_kill(
    std::string_view text, const lexer_options& options, std::optional<std::uint32_t> parameter
) noexcept {
    lexer reader{text, options};
    if (!is_word(reader.next(), "kill")) return std::nullopt;
    kill_statement kill;
    token next = reader.next();
    if (is_word(next, "hard") || is_word(next, "soft")) {
        kill.how =
            is_word(next, "hard") ? kill_statement::force::hard : kill_statement::force::soft;
        next = reader.next();
    }
    if (is_word(next, "connection") || is_word(next, "query")) {
        if (is_word(next, "query")) kill.what = kill_statement::scope::query;
        next = reader.next();
    }
    const auto id = next.kind == token_kind::parameter ? parameter : number_in(next);
    if (!id || !is_over(reader)) return std::nullopt;
    kill.id = *id;
    return kill;
}

std::string kill_text(const kill_statement& kill, std::uint32_t thread_id) {
    std::string text = "KILL ";
    if (kill.how == kill_statement::force::hard) text += "HARD ";
    if (kill.how == kill_statement::force::soft) text += "SOFT ";
    text += kill.what == kill_statement::scope::query ? "QUERY " : "CONNECTION ";
    return text + std::to_string(thread_id);
}

}  // namespace weir::splitter
