#pragma once

#include "protocol/mysql/command.hpp"
#include "protocol/wire/bytes_view.hpp"
#include "splitter/relay/command_plan.hpp"

// The planning of COM_STMT_*. `payload` is the client's packet without headers.

namespace weir::splitter {

/// STMT_PREPARE. Adds a statement to the session.
[[nodiscard]] command_plan plan_prepare(
    protocol::wire::bytes_view payload, session& session, const environment& world
);

/// STMT_EXECUTE and STMT_BULK_EXECUTE.
[[nodiscard]] command_plan plan_execute(
    protocol::mysql::command what,
    protocol::wire::bytes_view payload,
    session& session,
    const environment& world
);

[[nodiscard]] command_plan plan_long_data(
    protocol::wire::bytes_view payload, session& session, const environment& world
);

/// STMT_RESET.
[[nodiscard]] command_plan plan_statement_reset(
    protocol::wire::bytes_view payload, session& session
);

[[nodiscard]] command_plan plan_fetch(
    protocol::wire::bytes_view payload, session& session, const environment& world
);

/// What a FETCH is told whose cursor was lost with its connection.
[[nodiscard]] local_error lost_cursor();

[[nodiscard]] command_plan plan_close(protocol::wire::bytes_view payload, session& session);

}  // namespace weir::splitter
