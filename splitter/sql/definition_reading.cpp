#include "splitter/sql/definition_reading.hpp"

#include "splitter/sql/word.hpp"

#include <algorithm>

namespace weir::splitter {

bool has_sql_mode(std::string_view sql_mode, std::string_view mode) noexcept {
    while (!sql_mode.empty()) {
        const std::size_t length = std::min(sql_mode.find(','), sql_mode.size());
        if (same_word(sql_mode.substr(0, length), mode)) return true;
        sql_mode.remove_prefix(std::min(length + 1, sql_mode.size()));
    }
    return false;
}

lexer_options options_of_definition(
    const definition_source& from, std::string_view sql_mode
) noexcept {
    lexer_options options;
    options.ansi_quotes = has_sql_mode(sql_mode, "ANSI_QUOTES");
    options.no_backslash_escapes = has_sql_mode(sql_mode, "NO_BACKSLASH_ESCAPES");
    options.ignore_space = has_sql_mode(sql_mode, "IGNORE_SPACE");
    options.flavor = from.flavor;
    options.server_version = from.version_number;
    return options;
}

}  // namespace weir::splitter
