#pragma once

#include "splitter/relay/environment.hpp"
#include "splitter/rules/rule_set.hpp"
#include "splitter/session/session.hpp"
#include "splitter/sql/statement_traits.hpp"

#include <memory>
#include <string_view>

namespace weir::splitter {

/// What rules say about the statement under way. Holds them, so that they outlive a reload.
struct ruled_statement {
    std::shared_ptr<const rule_set> rules;
    rule_decision decision;
};

/// Null: no rule applies. `text` is the client's, and `traits` are those of that text.
[[nodiscard]] std::unique_ptr<const ruled_statement> ask_rules(
    std::string_view text,
    const statement_traits& traits,
    const session& session,
    const environment& world
);

}  // namespace weir::splitter
