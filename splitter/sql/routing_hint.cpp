#include "splitter/sql/routing_hint.hpp"

#include "splitter/sql/word.hpp"

#include <optional>

namespace weir::splitter {
namespace {

constexpr std::string_view prefix = "weir:";
constexpr std::string_view server_key = "server=";
constexpr std::string_view consistency_key = "consistency=";
constexpr std::string_view gtid_key = "gtid=";
constexpr std::string_view blanks = " \t\r\n\f\v";

std::string_view trimmed(std::string_view text) noexcept {
    const std::size_t first = text.find_first_not_of(blanks);
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

bool is_server_name(std::string_view name) noexcept {
    constexpr std::string_view allowed =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-";
    return !name.empty() && name.find_first_not_of(allowed) == std::string_view::npos;
}

/// What stands behind `key`, if the part begins with that; nothing: it does not.
std::optional<std::string_view> value_of(std::string_view part, std::string_view key) noexcept {
    if (!same_word(part.substr(0, key.size()), key)) return std::nullopt;
    return trimmed(part.substr(key.size()));
}

bool add_consistency(std::string_view word, routing_hint& hint) noexcept {
    using config::consistency;
    if (same_word(word, "eventual")) hint.consistency = consistency::eventual;
    if (same_word(word, "session")) hint.consistency = consistency::session;
    if (same_word(word, "global")) hint.consistency = consistency::global;
    return hint.consistency.has_value();
}

/// One of the parts between commas; false: it is none that is known.
bool add_part(std::string_view part, routing_hint& hint) noexcept {
    if (same_word(part, "primary")) {
        hint.what = routing_hint::target::primary;
        return true;
    }
    if (same_word(part, "replica")) {
        hint.what = routing_hint::target::replica;
        return true;
    }
    if (const auto name = value_of(part, server_key)) {
        hint.what = routing_hint::target::server;
        hint.server_name = *name;
        return is_server_name(*name);
    }
    const auto word = value_of(part, consistency_key);
    return word && add_consistency(*word, hint);
}

routing_hint hint_of_comment(std::string_view comment) noexcept {
    if (comment.size() < 4 || comment[0] != '/') return {};
    const std::string_view body = trimmed(comment.substr(2, comment.size() - 4));
    if (!same_word(body.substr(0, prefix.size()), prefix)) return {};
    return parse_hint_value(body.substr(prefix.size()));
}

}  // namespace

routing_hint find_hint(std::string_view text, const lexer_options& options) noexcept {
    // Nearly every statement ends here, without being lexed.
    if (text.find(':') == std::string_view::npos || text.find("/*") == std::string_view::npos) {
        return {};
    }
    routing_hint found;
    lexer reader{text, options};
    for (;;) {
        const token next = reader.next_with_comments();
        if (next.kind == token_kind::end) return found;
        if (next.kind != token_kind::comment) continue;
        const routing_hint hint = hint_of_comment(next.text);
        if (found.what == routing_hint::target::none) {
            found.what = hint.what;
            found.server_name = hint.server_name;
        }
        if (!found.consistency) found.consistency = hint.consistency;
        if (found.gtid.empty()) found.gtid = hint.gtid;
    }
}

routing_hint parse_hint_value(std::string_view value) noexcept {
    routing_hint hint;
    while (true) {
        value = trimmed(value);
        // Sets have commas of their own: this part is the last one.
        if (const auto gtid = value_of(value, gtid_key)) {
            hint.gtid = *gtid;
            return hint;
        }
        const std::size_t comma = value.find(',');
        if (!add_part(trimmed(value.substr(0, comma)), hint)) return {};
        if (comma == std::string_view::npos) return hint;
        value.remove_prefix(comma + 1);
    }
}

std::optional<config::consistency> parse_consistency(std::string_view value) noexcept {
    value = trimmed(value);
    if (same_word(value, "eventual")) return config::consistency::eventual;
    if (same_word(value, "session")) return config::consistency::session;
    if (same_word(value, "global")) return config::consistency::global;
    return {};
}

}  // namespace weir::splitter
