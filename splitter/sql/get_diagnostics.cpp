#include "splitter/sql/get_diagnostics.hpp"

#include "splitter/sql/lower_case.hpp"
#include "splitter/sql/token_word.hpp"

#include <array>

// Source: MySQL manual "GET DIAGNOSTICS Statement"; MariaDB knowledge base "GET DIAGNOSTICS".

namespace weir::splitter {
namespace {

constexpr std::array<std::string_view, 2> items_of_unsigned_numbers{"number", "mysql_errno"};

filled_variable::kind kind_of(std::string_view item) {
    using kind = filled_variable::kind;
    if (same_word(item, "row_count")) return kind::number;
    return is_one_of(item, items_of_unsigned_numbers) ? kind::unsigned_number : kind::text;
}

/// @name, @`name`, @'name'; empty: none, or with a quote inside.
std::string name_of_variable(const token& t) {
    if (t.kind != token_kind::user_variable) return {};
    std::string_view name = t.text.substr(1);
    const bool is_quoted =
        name.size() >= 2 && (name[0] == '`' || name[0] == '"' || name[0] == '\'');
    if (is_quoted) name = name.substr(1, name.size() - 2);
    return name.find_first_of("`\"'\\") == std::string_view::npos ? lower_case(name)
                                                                  : std::string();
}

}  // namespace

std::optional<std::vector<filled_variable>> variables_of_diagnostics(
    std::string_view text, const lexer_options& options
) {
    lexer reader{text, options};
    if (!is_bare_word(reader.next(), "get")) return std::nullopt;
    token current = reader.next();
    if (is_bare_word(current, "current")) current = reader.next();
    if (!is_bare_word(current, "diagnostics")) return std::nullopt;
    current = reader.next();
    if (is_bare_word(current, "condition")) {
        if (reader.next().kind != token_kind::number) return std::nullopt;
        current = reader.next();
    }
    std::vector<filled_variable> filled;
    while (true) {
        filled_variable one{name_of_variable(current)};
        if (one.name.empty() || !reader.next().is('=')) return std::nullopt;
        const token item = reader.next();
        if (!is_bare(item)) return std::nullopt;
        one.what = kind_of(item.text);
        filled.push_back(std::move(one));
        current = reader.next();
        if (current.kind == token_kind::end || current.is(';')) return filled;
        if (!current.is(',')) return std::nullopt;
        current = reader.next();
    }
}

}  // namespace weir::splitter
