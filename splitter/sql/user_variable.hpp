#pragma once

#include "splitter/sql/lower_case.hpp"
#include "splitter/sql/token.hpp"

#include <string>
#include <string_view>

namespace weir::splitter {

/// A user variable as SQL has it, whatever its name: @`name`.
[[nodiscard]] inline std::string user_variable(std::string_view name) {
    std::string sql = "@`";
    for (const char c : name) {
        if (c == '`') sql += c;
        sql += c;
    }
    return sql + '`';
}

/// @name, @`name`, @'name'; empty: none, or with a quote inside.
[[nodiscard]] inline std::string user_variable_in(const token& t) {
    if (t.kind != token_kind::user_variable) return {};
    std::string_view name = t.text.substr(1);
    const bool is_quoted =
        name.size() >= 2 && (name[0] == '`' || name[0] == '"' || name[0] == '\'');
    if (is_quoted) name = name.substr(1, name.size() - 2);
    return name.find_first_of("`\"'\\") == std::string_view::npos ? lower_case(name)
                                                                  : std::string();
}

}  // namespace weir::splitter
