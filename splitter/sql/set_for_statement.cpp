#include "splitter/sql/set_for_statement.hpp"

#include "splitter/sql/lower_case.hpp"
#include "splitter/sql/set_statement.hpp"
#include "splitter/sql/word.hpp"

#include <array>
#include <cstddef>

namespace weir::splitter {

namespace {

/// What SET NAMES and SET CHARACTER SET set.
constexpr std::array<std::string_view, 4> variables_of_names{
    "character_set_client",
    "character_set_connection",
    "character_set_results",
    "collation_connection"};

}  // namespace

std::optional<set_for_statement> parse_set_for_statement(
    std::string_view text, const lexer_options& options
) {
    lexer reader(text, options);
    const bool is_set = reader.next().is(keyword::set);
    if (!is_set || !same_word(reader.next().text, "statement")) return std::nullopt;
    set_for_statement found;
    std::ptrdiff_t depth = 0;
    bool begins = true;
    for (token current = reader.next(); current.kind != token_kind::end; current = reader.next()) {
        if (depth == 0 && current.is(keyword::for_word)) {
            const auto end = static_cast<std::size_t>(current.text.end() - text.begin());
            found.statement = text.substr(end);
            return found;
        }
        if (begins) found.names.push_back(lower_case(unquoted(current.text, options)));
        if (current.is('(')) ++depth;
        if (current.is(')')) --depth;
        begins = depth == 0 && current.is(',');
    }
    return std::nullopt;
}

std::vector<std::string> variables_set_by(std::string_view text, const lexer_options& options) {
    std::vector<std::string> names;
    if (auto for_statement = parse_set_for_statement(text, options)) {
        names = variables_set_by(for_statement->statement, options);
        names.insert(names.end(), for_statement->names.begin(), for_statement->names.end());
        return names;
    }
    const set_statement set = parse_set(text, options);
    for (const auto& one : set.assignments()) {
        if (one.target == set_target::names || one.target == set_target::character_set) {
            names.insert(names.end(), variables_of_names.begin(), variables_of_names.end());
        } else if (one.target != set_target::user_variable) {
            names.push_back(lower_case(one.name));
        }
    }
    return names;
}

}  // namespace weir::splitter
