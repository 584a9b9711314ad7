#pragma once

#include "splitter/relay/environment.hpp"
#include "splitter/rules/rule_set.hpp"
#include "splitter/session/session.hpp"
#include "splitter/sql/statement_traits.hpp"

#include <cstdint>
#include <memory>
#include <string_view>

namespace weir::splitter {

/// What rules say about the statement under way. Holds them, so that they outlive a reload.
struct ruled_statement {
    std::shared_ptr<const rule_set> rules;
    rule_decision decision;
};

/// A statement as the client sent it.
struct asked_statement {
    std::string_view text;
    const statement_traits& traits;
    std::uint64_t digest = 0;  ///< 0: not known yet
};

/// Null: no rule applies.
[[nodiscard]] std::unique_ptr<const ruled_statement> ask_rules(
    const asked_statement& asked, const session& session, const environment& world
);

/// What rules say of a prepared statement, by the text that the client prepared.
[[nodiscard]] std::unique_ptr<const ruled_statement> ask_rules_again(
    const prepared_statement& statement, const session& session, const environment& world
);

}  // namespace weir::splitter
