#pragma once

#include "splitter/relay/command_plan.hpp"

namespace weir::splitter {

/// The connection with all diagnostics of the statement before; null: there is none.
[[nodiscard]] const backend_state* who_has_diagnostics(const last_statement& last);

/// Its user variables are what the held connection has, and nobody else knows.
[[nodiscard]] bool keeps_user_variables(const session& session);

/// What the plan's statement asks for is answered by weir, once the connection that can still list
/// the conditions has told them.
void ask_for_conditions(command_plan& plan, const last_statement& last);

/// A GET DIAGNOSTICS goes to the connection with the diagnostics, if there is one. On a replica it
/// pins nothing: the variables that it fills are asked for before the session's next command, and
/// are the session's from then on. Where no connection has all, weir answers what it knows.
void route_diagnostics(command_plan& plan, const session& session, const lexer_options& options);

}  // namespace weir::splitter
