#pragma once

#include "config/schema/proxy_settings.hpp"
#include "splitter/routing/route.hpp"
#include "splitter/session/causality.hpp"
#include "splitter/session/session_state.hpp"
#include "splitter/session/transaction_state.hpp"
#include "splitter/sql/statement_traits.hpp"

namespace weir::splitter {

/// What the router looks at besides the statement.
struct routing_facts {
    const session_state& state;
    const transaction_state& transaction;
    const causality& written;
    const config::routing_settings& settings;
    bool asks_positions = false;  ///< environment::asks_positions
};

/// Where a statement of a session that holds no connection goes. When in doubt: primary. A pure
/// function.
[[nodiscard]] route decide(
    const statement_traits& statement, const routing_hint& hint, const routing_facts& facts
);

}  // namespace weir::splitter
