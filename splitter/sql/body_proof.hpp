#pragma once

#include "splitter/sql/lexer.hpp"
#include "splitter/sql/name_scope.hpp"

#include <span>
#include <string>
#include <string_view>

namespace weir::splitter {

/// True if a stored function with this body (what stands after its header: a RETURN or a block)
/// only reads, and only what every server has: no statement but those that declare, set and read
/// local variables, steer, raise conditions, query and return; no user variables, nothing of the
/// session; in every expression and query only what `read_proof` lets pass in `scope`.
///
/// Not a parser: the server has taken the body for well formed. What is not known is no proof.
[[nodiscard]] bool body_only_reads(
    std::string_view body,
    std::span<const std::string> parameters,
    const lexer_options& options,
    const name_scope& scope
);

}  // namespace weir::splitter
