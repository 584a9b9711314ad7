#pragma once

#include "splitter/sql/lexer.hpp"
#include "splitter/sql/statement_traits.hpp"

#include <optional>
#include <string_view>

namespace weir::splitter {

/// The hints in comments of the text: /* weir:primary */, /* weir:replica */, /* weir:server=db2 */
/// say where it goes, /* weir:consistency=global */ (or session, eventual) says what it sees, /*
/// weir:gtid=0-1-7 */ which transactions at least; a comment may hold several with commas between,
/// the last of them the set. Of either kind the first comment counts. Comments
/// anywhere before, in or after a statement count; strings, names, line comments and executed
/// comments do not. A comment that starts with "weir:" but is no hint is passed over.
[[nodiscard]] routing_hint find_hint(std::string_view text, const lexer_options& options) noexcept;

/// The value of the query attribute `weir`: "primary", "replica", "server=db2",
/// "replica,consistency=eventual". Of two that contradict each other the later one counts. A value
/// with anything else in it is no hint.
[[nodiscard]] routing_hint parse_hint_value(std::string_view value) noexcept;

/// The value of the query attribute `weir_consistency`: "eventual", "session" or "global".
[[nodiscard]] std::optional<config::consistency> parse_consistency(std::string_view value) noexcept;

}  // namespace weir::splitter
