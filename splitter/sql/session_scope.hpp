#pragma once

#include "splitter/sql/lexer.hpp"

#include <string>
#include <string_view>

namespace weir::splitter {

/// The text with `SET @@x = ...` written as `SET @@session.x = ...`, which means the same; empty if
/// there is nothing to write anew. MariaDB's session tracker reports the second form and keeps
/// silent about the first (tried on 10.11; MySQL reports both). Variables of transactions are left
/// alone: without a scope they are set for the next transaction only. Reads statement after
/// statement up to the first that may have others inside it.
[[nodiscard]] std::string with_session_scope(std::string_view text, const lexer_options& options);

}  // namespace weir::splitter
