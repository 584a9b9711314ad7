#pragma once

#include "splitter/session/backend_state.hpp"
#include "splitter/session/session.hpp"

namespace weir::splitter {

/// What a pinned session has there, nobody else knows.
[[nodiscard]] bool has_unknown_variables(const session& session);

/// The connection has variables that the statement may name and that its client had not set when
/// it prepared it, where that matters.
[[nodiscard]] bool has_later_variables(
    const shared_statement& statement, const backend_state& backend
);

}  // namespace weir::splitter
