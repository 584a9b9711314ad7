#pragma once

#include "splitter/sql/digest.hpp"
#include "splitter/sql/lexer.hpp"
#include "splitter/sql/name_scope.hpp"
#include "splitter/sql/statement_traits.hpp"

#include <string_view>

namespace weir::splitter {

/// What the text of a COM_QUERY or COM_STMT_PREPARE does. One pass over the text, no allocation,
/// never fails: text that is not understood is a write.
///
/// The text decides, and for stored functions and views the scope: what is not proven there counts
/// as a write. Not known here, and the caller's to add: whether the current schema is one of the
/// server's own (`is_system_schema`), and temporary tables that shadow others.
[[nodiscard]] statement_traits classify(
    std::string_view text, const lexer_options& options, const name_scope& scope = {}
) noexcept;

/// The same, and shows the text's tokens to `digest` in the same pass; finishing it is left to the
/// caller.
[[nodiscard]] statement_traits classify(
    std::string_view text,
    const lexer_options& options,
    const name_scope& scope,
    statement_digest& digest
) noexcept;

}  // namespace weir::splitter
