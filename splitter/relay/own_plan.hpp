#pragma once

#include "splitter/relay/command_plan.hpp"

#include <string_view>

namespace weir::splitter {

/// Plans what a client asks weir itself, as COM_QUERY or EXECUTE.
[[nodiscard]] command_plan plan_own(const own_statement& own, protocol::mysql::command of);

/// The same as COM_STMT_PREPARE: adds the statement to the session.
[[nodiscard]] command_plan plan_own_prepare(
    const own_statement& own, std::string_view text, session& session, const environment& world
);

}  // namespace weir::splitter
