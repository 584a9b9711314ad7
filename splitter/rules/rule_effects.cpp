#include "splitter/rules/rule_effects.hpp"

namespace weir::splitter {
namespace {

routing_hint hint_of(const config::rule_target& target) {
    switch (target.what) {
        case config::rule_target::kind::unsaid: return {};
        case config::rule_target::kind::primary: return {routing_hint::target::primary, {}};
        case config::rule_target::kind::replica: return {routing_hint::target::replica, {}};
        case config::rule_target::kind::server:
            return {routing_hint::target::server, target.server};
    }
    return {};
}

}  // namespace

routing_wish wish_of(
    const rule_decision& decision,
    const routing_hint& hint,
    const config::routing_settings& settings
) {
    routing_wish wish{settings.hints ? hint : routing_hint{}, settings};
    wish.settings.hints = true;  // those that count are in the wish
    if (decision.target != nullptr && wish.hint.what == routing_hint::target::none)
        wish.hint = hint_of(decision.target->then.target);
    if (decision.max_lag != nullptr) wish.settings.max_lag = *decision.max_lag->then.max_lag;
    if (decision.consistency == nullptr) return wish;
    const config::consistency wanted = *decision.consistency->then.consistency;
    wish.settings.read_your_writes = wanted != config::consistency::eventual;
    // Only the primary surely has what others have written.
    if (wanted == config::consistency::global) wish.hint = {routing_hint::target::primary, {}};
    return wish;
}

const config::mirror_settings* mirror_of(
    const rule_decision& decision, const statement_traits& traits
) noexcept {
    if (decision.mirror == nullptr || !traits.only_reads) return nullptr;
    return &decision.mirror->then.mirror;
}

}  // namespace weir::splitter
