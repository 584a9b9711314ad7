#pragma once

#include "splitter/relay/command_plan.hpp"
#include "splitter/relay/environment.hpp"
#include "splitter/session/session.hpp"
#include "splitter/sql/lexer.hpp"

namespace weir::splitter {

/// A client that sets what its session is told of keeps its connection from then on: the connection
/// goes back to tell what servers tell everyone, and then takes what the client sets. So it tells
/// the same as a server that the client had for itself, flags included.
void hand_over_tracking(
    command_plan& plan,
    const session& session,
    const lexer_options& options,
    const environment& world
);

}  // namespace weir::splitter
