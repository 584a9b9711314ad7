#pragma once

#include "protocol/mysql/capabilities.hpp"
#include "splitter/rules/client_network.hpp"
#include "splitter/session/causality.hpp"
#include "splitter/session/pin.hpp"
#include "splitter/session/prepared_statements.hpp"
#include "splitter/session/session_state.hpp"
#include "splitter/session/transaction_state.hpp"

#include <string>

namespace weir::splitter {

/// Everything that is remembered of one client's conversation between its commands. Owned by its
/// session_core.
struct session {
    protocol::mysql::capability_set capabilities;  ///< as negotiated with the client
    std::string user;                              ///< as logged in; for rules
    client_address client;                         ///< the same
    session_state state;
    transaction_state transaction;
    pin pinned;
    prepared_statements statements;
    causality written;
    /// Where the last statement ran if that was a replica: its warnings and row counts are there.
    /// Null: the primary's connection has them, or none.
    const backend_state* diagnostics_at = nullptr;
    bool one_shot_transaction =
        false;  ///< SET TRANSACTION waits on the held connection for its transaction
};

}  // namespace weir::splitter
