#include "splitter/session/active_role.hpp"

#include "splitter/sql/token_word.hpp"

#include <algorithm>
#include <array>

namespace weir::splitter {
namespace {

using protocol::mysql::server_flavor;

constexpr std::string_view no_role = "NONE";

/// Words that name no role where they stand alone and without quotes.
constexpr std::array<std::string_view, 2> words_of_a_moment{"all", "default"};

bool is_plain(std::string_view name) {
    return !name.empty() && std::ranges::all_of(name, [](char c) {
        return c > ' ' && c < '\x7F' && c != '\'' && c != '"' && c != '`' && c != '\\';
    });
}

/// The name in a token; empty: it is none that can be told by its text.
std::string_view name_in(const token& t) {
    std::string_view name = t.text;
    if (t.kind == token_kind::string && name.size() >= 2) {
        name = name.substr(1, name.size() - 2);
    } else if (may_be_name(t)) {
        name = without_quotes(t);
    } else {
        return {};
    }
    return is_plain(name) ? name : std::string_view{};
}

/// A role of MySQL is an account, of any host where none is named.
void append_name(std::string& list, std::string_view name, server_flavor flavor) {
    if (!list.empty()) list += ',';
    list += '`';
    list += name;
    list += flavor == server_flavor::mysql ? "`@`%`" : "`";
}

bool is_name_for_none(const token& t, std::string_view name, server_flavor flavor) {
    return same_word(name, no_role) && (is_bare(t) || flavor == server_flavor::mariadb);
}

}  // namespace

std::optional<std::string> role_set_by(std::string_view text, const lexer_options& options) {
    lexer reader{text, options};
    if (!is_bare_word(reader.next(), "set") || !is_bare_word(reader.next(), "role"))
        return std::nullopt;
    std::string list;
    while (true) {
        const token one = reader.next();
        const std::string_view name = name_in(one);
        if (name.empty() || is_bare_word_of(one, words_of_a_moment)) return std::nullopt;
        const token following = reader.next();
        const bool is_last = following.kind == token_kind::end || following.is(';');
        if (!is_last && !following.is(',')) return std::nullopt;
        if (is_name_for_none(one, name, options.flavor)) {
            const bool is_alone = is_last && list.empty();
            return is_alone ? std::optional(std::string(no_role)) : std::nullopt;
        }
        append_name(list, name, options.flavor);
        if (is_last) return list;
    }
}

std::optional<std::string> role_told(const std::optional<std::string>& name, server_flavor flavor) {
    if (!name) return std::string(no_role);
    if (flavor == server_flavor::mysql) {
        // A list in backquotes already.
        const bool is_ascii =
            std::ranges::all_of(*name, [](char c) { return c >= ' ' && c < 0x7F; });
        return is_ascii && !name->empty() ? name : std::nullopt;
    }
    if (!is_plain(*name)) return std::nullopt;
    std::string list;
    append_name(list, *name, flavor);
    return list;
}

bool has_another_role(const session_state& wanted, const backend_state& actual) {
    return wanted.role() != actual.role && !wanted.has_unknown_role();
}

std::string role_change(const session_state& wanted, const backend_state& actual) {
    if (!has_another_role(wanted, actual)) return {};
    const auto& role = wanted.role() ? wanted.role() : actual.login_role;
    // What is not known to be another role need not be set.
    if (!role || role == (actual.role ? actual.role : actual.login_role)) return {};
    return "SET ROLE " + *role;
}

}  // namespace weir::splitter
