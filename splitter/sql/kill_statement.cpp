#include "splitter/sql/kill_statement.hpp"

#include "splitter/sql/token_word.hpp"

namespace weir::splitter {
namespace {

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
    if (!is_bare_word(reader.next(), "kill")) return std::nullopt;
    kill_statement kill;
    token next = reader.next();
    if (is_bare_word(next, "hard") || is_bare_word(next, "soft")) {
        kill.how =
            is_bare_word(next, "hard") ? kill_statement::force::hard : kill_statement::force::soft;
        next = reader.next();
    }
    if (is_bare_word(next, "connection") || is_bare_word(next, "query")) {
        if (is_bare_word(next, "query")) kill.what = kill_statement::scope::query;
        next = reader.next();
    }
    const auto id = next.kind == token_kind::parameter ? parameter : number_in<std::uint32_t>(next);
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
