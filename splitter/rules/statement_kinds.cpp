#include "splitter/rules/statement_kinds.hpp"

#include "splitter/sql/word.hpp"

#include <array>

namespace weir::splitter {
namespace {

using kind = config::statement_kind;

constexpr std::array<std::string_view, statement_kinds::count> names{
    "read", "write", "ddl", "call", "begin", "end", "set", "use", "several"};

constexpr std::array<std::string_view, 5> ddl_verbs{
    "create", "alter", "drop", "rename", "truncate"};

void add_verb(statement_kinds& kinds, const token& verb) noexcept {
    if (verb.kind != token_kind::keyword && verb.kind != token_kind::identifier) return;
    if (is_one_of(verb.text, ddl_verbs)) kinds.add(kind::ddl);
    if (same_word(verb.text, "call")) kinds.add(kind::call);
}

}  // namespace

statement_kinds kinds_of(const statement_traits& traits) noexcept {
    const bool reads = traits.only_reads || traits.only_reads_diagnostics;
    switch (traits.what) {
        case statement_traits::kind::empty: return {};
        case statement_traits::kind::read:
        case statement_traits::kind::write: return {reads ? kind::read : kind::write};
        case statement_traits::kind::begin: return {kind::begin};
        case statement_traits::kind::end: return {kind::end};
        case statement_traits::kind::set:
        case statement_traits::kind::set_transaction: return {kind::set};
        case statement_traits::kind::use: return {kind::use};
        case statement_traits::kind::several:
            return {kind::several, reads ? kind::read : kind::write};
    }
    return {kind::write};
}

statement_kinds kinds_of_words(
    std::string_view text, const statement_traits& traits, const lexer_options& options
) noexcept {
    statement_kinds kinds;
    const bool is_several = traits.what == statement_traits::kind::several;
    if (traits.what != statement_traits::kind::write && !is_several) return kinds;
    lexer reader{text, options};
    token next = reader.next();
    while (next.is(';'))
        next = reader.next();
    add_verb(kinds, next);
    while (is_several && next.kind != token_kind::end) {
        const bool ends = next.is(';');
        next = reader.next();
        if (ends) add_verb(kinds, next);
    }
    return kinds;
}

std::string to_string(statement_kinds kinds) {
    std::string text;
    for (std::size_t index = 0; index < names.size(); ++index) {
        if (!kinds.has(static_cast<kind>(index))) continue;
        if (!text.empty()) text += ", ";
        text += names[index];
    }
    return text.empty() ? "none" : text;
}

}  // namespace weir::splitter
