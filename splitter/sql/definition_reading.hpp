#pragma once

#include "splitter/sql/definition_source.hpp"
#include "splitter/sql/lexer.hpp"

#include <string_view>

namespace weir::splitter {

/// The list `sql_mode` has that mode.
[[nodiscard]] bool has_sql_mode(std::string_view sql_mode, std::string_view mode) noexcept;

/// How the text of a definition is read that was made under `sql_mode`.
[[nodiscard]] lexer_options options_of_definition(
    const definition_source& from, std::string_view sql_mode
) noexcept;

}  // namespace weir::splitter
