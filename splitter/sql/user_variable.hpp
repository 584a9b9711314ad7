#pragma once

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

}  // namespace weir::splitter
