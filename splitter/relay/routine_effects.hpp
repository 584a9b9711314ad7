#pragma once

#include "splitter/relay/command_plan.hpp"
#include "splitter/relay/environment.hpp"
#include "splitter/session/session.hpp"

namespace weir::splitter {

/// Adds to the plan of a routed statement what the routines that it calls make on their connection,
/// as far as their bodies are known. What is not known, `leaves_more_than_it_says` finds.
void add_effects_of_routines(command_plan& plan, const session& session, const environment& world);

/// The server has reported that the statement changed the session's state, and neither its text nor
/// what is known of routines says how: a routine or a trigger did.
[[nodiscard]] bool leaves_more_than_it_says(const command_plan& plan, const lexer_options& options);

}  // namespace weir::splitter
