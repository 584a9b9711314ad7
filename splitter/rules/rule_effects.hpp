#pragma once

#include "config/schema/proxy_settings.hpp"
#include "splitter/rules/rule_set.hpp"
#include "splitter/sql/statement_traits.hpp"

namespace weir::splitter {

/// What the router is asked with.
struct routing_wish {
    routing_hint hint;
    config::routing_settings settings;
};

/// The statement's hint and the settings with what rules say put in. A hint of the statement itself
/// counts more than a rule, unless that says that reads have to see every write. It is a wish like
/// any hint: the router sends no write to a replica. Views are those of the hint and of the
/// decision's rules.
[[nodiscard]] routing_wish wish_of(
    const rule_decision& decision,
    const routing_hint& hint,
    const config::routing_settings& settings
);

/// Where the statement is sent a second time; null: nowhere. Only what is proven to only read is:
/// anything else would be done twice.
[[nodiscard]] const config::mirror_settings* mirror_of(
    const rule_decision& decision, const statement_traits& traits
) noexcept;

}  // namespace weir::splitter
