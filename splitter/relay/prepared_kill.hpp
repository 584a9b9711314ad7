#pragma once

#include "protocol/wire/bytes_view.hpp"
#include "splitter/session/session.hpp"
#include "splitter/sql/kill_statement.hpp"

#include <optional>

namespace weir::splitter {

/// The KILL that an execution of a prepared statement is, its number being in the text or the
/// parameter. Nothing: it is something else, or the parameter is no number of a connection.
/// `payload`: the client's COM_STMT_EXECUTE without headers.
[[nodiscard]] std::optional<kill_statement> prepared_kill(
    const prepared_statement& statement, protocol::wire::bytes_view payload, const session& session
);

}  // namespace weir::splitter
