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

/// STMT_SEND_LONG_DATA, STMT_RESET and STMT_FETCH: about a statement where it is at home.
[[nodiscard]] command_plan plan_at_home(
    protocol::mysql::command what,
    protocol::wire::bytes_view payload,
    session& session,
    const environment& world
);

[[nodiscard]] command_plan plan_close(protocol::wire::bytes_view payload, session& session);

}  // namespace weir::splitter
