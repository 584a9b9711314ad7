#include "splitter/sql/get_diagnostics.hpp"

#include "splitter/sql/lower_case.hpp"
#include "splitter/sql/token_word.hpp"
#include "splitter/sql/user_variable.hpp"

#include <array>
#include <utility>

// Source: MySQL manual "GET DIAGNOSTICS Statement"; MariaDB knowledge base "GET DIAGNOSTICS".

namespace weir::splitter {
namespace {

constexpr std::array<std::string_view, 2> items_of_unsigned_numbers{"number", "mysql_errno"};

filled_variable::kind kind_of(std::string_view item) {
    using kind = filled_variable::kind;
    if (same_word(item, "row_count")) return kind::number;
    return is_one_of(item, items_of_unsigned_numbers) ? kind::unsigned_number : kind::text;
}

}  // namespace

std::optional<diagnostics_question> parse_get_diagnostics(
    std::string_view text, const lexer_options& options
) {
    lexer reader{text, options};
    if (!is_bare_word(reader.next(), "get")) return std::nullopt;
    token current = reader.next();
    if (is_bare_word(current, "current")) current = reader.next();
    if (!is_bare_word(current, "diagnostics")) return std::nullopt;
    current = reader.next();
    diagnostics_question question;
    if (is_bare_word(current, "condition")) {
        question.condition = number_in<std::uint64_t>(reader.next());
        if (!question.condition) return std::nullopt;
        current = reader.next();
    }
    while (true) {
        diagnostics_question::item one{{user_variable_in(current)}, {}};
        if (one.variable.name.empty() || !reader.next().is('=')) return std::nullopt;
        const token item = reader.next();
        if (!is_bare(item)) return std::nullopt;
        one.name = lower_case(item.text);
        one.variable.what = kind_of(item.text);
        question.items.push_back(std::move(one));
        current = reader.next();
        if (current.kind == token_kind::end || current.is(';')) return question;
        if (!current.is(',')) return std::nullopt;
        current = reader.next();
    }
}

std::string literal_of(const std::optional<std::string>& value, filled_variable::kind what) {
    if (!value) return "NULL";
    if (what == filled_variable::kind::number) return *value;
    if (what == filled_variable::kind::unsigned_number) return "CAST(" + *value + " AS UNSIGNED)";
    // Texts are of the character set of the servers' own messages.
    if (value->empty()) return "_utf8mb3''";
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string literal = "_utf8mb3 0x";
    for (const char c : *value) {
        const auto byte = static_cast<unsigned char>(c);
        literal += digits[byte >> 4U];
        literal += digits[byte & 0x0FU];
    }
    return literal;
}

std::optional<std::vector<filled_variable>> variables_of_diagnostics(
    std::string_view text, const lexer_options& options
) {
    auto question = parse_get_diagnostics(text, options);
    if (!question) return std::nullopt;
    std::vector<filled_variable> filled;
    for (auto& one : question->items)
        filled.push_back(std::move(one.variable));
    return filled;
}

}  // namespace weir::splitter
