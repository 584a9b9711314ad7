#pragma once

#include "splitter/sql/lexer.hpp"
#include "splitter/sql/statement_traits.hpp"

#include <string_view>

namespace weir::splitter {

/// The first hint in a comment of the text: /* weir:primary */, /* weir:replica */, /*
/// weir:server=db2 */, /* weir:consistency=global */, several of them with commas between. Comments
/// anywhere before, in or after a statement count; strings, names, line comments and executed
/// comments do not. A comment that starts with "weir:" but is no hint is passed over.
[[nodiscard]] routing_hint find_hint(std::string_view text, const lexer_options& options) noexcept;

/// The value of the query attribute `weir`: "primary", "replica", "server=db2",
/// "replica,consistency=eventual". Of two that contradict each other the later one counts. A value
/// with anything else in it is no hint.
[[nodiscard]] routing_hint parse_hint_value(std::string_view value) noexcept;

}  // namespace weir::splitter
