#pragma once

#include "splitter/relay/local_result.hpp"
#include "splitter/session/session.hpp"

namespace weir::splitter {

/// The columns of SHOW WEIR PINS, without rows.
[[nodiscard]] local_result pin_columns();

/// Why the session stays on its connection, a row each; no rows: it is free.
[[nodiscard]] local_result pins_of(const session& session);

}  // namespace weir::splitter
