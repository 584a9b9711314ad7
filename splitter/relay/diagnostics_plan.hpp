#pragma once

#include "splitter/relay/command_plan.hpp"

namespace weir::splitter {

/// A GET DIAGNOSTICS behind a read that ran on a replica goes to that connection, if it is still
/// there, and pins nothing: the variables that it fills are asked for before the session's next
/// command, and are the session's from then on.
void route_diagnostics(command_plan& plan, const session& session, const lexer_options& options);

}  // namespace weir::splitter
