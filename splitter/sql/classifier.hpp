#pragma once

#include "splitter/sql/digest.hpp"
#include "splitter/sql/lexer.hpp"
#include "splitter/sql/statement_traits.hpp"

#include <string_view>

namespace weir::splitter {

/// What the text of a COM_QUERY or COM_STMT_PREPARE does. One pass over the text, no allocation,
/// never fails: text that is not understood is a write.
///
/// The text alone decides. Not known here, and the caller's to add: the current schema
/// (`is_system_schema`), temporary tables that shadow others, and what views and stored functions
/// do (functions that are not built in count as writes; views are taken for tables).
[[nodiscard]] statement_traits classify(
    std::string_view text, const lexer_options& options
) noexcept;

/// The same, and shows the text's tokens to `digest` in the same pass; finishing it is left to the
/// caller.
[[nodiscard]] statement_traits classify(
    std::string_view text, const lexer_options& options, statement_digest& digest
) noexcept;

}  // namespace weir::splitter
