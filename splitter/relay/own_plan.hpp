#pragma once

#include "splitter/relay/command_plan.hpp"

#include <optional>
#include <string_view>

namespace weir::splitter {

/// Plans what a client asks weir itself, as COM_QUERY or EXECUTE.
[[nodiscard]] command_plan plan_own(const own_statement& own, protocol::mysql::command of);

/// Reads of the session are to find these transactions from now on; or the refusal of a text that
/// is no set of them.
[[nodiscard]] std::optional<command_plan> take_gtid(
    std::string_view text, session& session, const environment& world
);

/// SHOW PROCESSLIST: a server answers, and what it says is made ours.
[[nodiscard]] inline bool is_processlist(const command_plan& plan) {
    return plan.what == command_plan::kind::own &&
           plan.own.what == own_statement::kind::show_processlist;
}

/// The same as COM_STMT_PREPARE: adds the statement to the session.
[[nodiscard]] command_plan plan_own_prepare(
    const own_statement& own, std::string_view text, session& session, const environment& world
);

/// COM_PROCESS_INFO: SHOW PROCESSLIST as a command.
[[nodiscard]] command_plan plan_process_info();

/// SHOW PROCESSLIST goes where it is routed, and is answered by what comes from there. Anything
/// else stays as it is planned.
void answer_processlist(command_plan& plan, const lexer_options& options);

/// What rules reject is answered with their message. `plan` is of a statement that one rejects.
[[nodiscard]] command_plan reject(command_plan& plan);

}  // namespace weir::splitter
