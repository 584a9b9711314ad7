#pragma once

#include "splitter/relay/local_result.hpp"
#include "splitter/session/last_statement.hpp"
#include "splitter/sql/show_conditions.hpp"

#include <cstdint>

namespace weir::splitter {

/// @@error_count of the session's last statement.
[[nodiscard]] std::int64_t count_errors(const last_statement& last);

/// The rows of a SHOW WARNINGS and its like, as a server gives them.
[[nodiscard]] local_result answer_to(
    const show_conditions& show, const last_statement& last, protocol::mysql::server_flavor flavor
);

}  // namespace weir::splitter
