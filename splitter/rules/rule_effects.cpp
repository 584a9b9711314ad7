#include "splitter/rules/rule_effects.hpp"

namespace weir::splitter {
namespace {

/// The rule's target takes the place of none; what else the hint says stays.
void set_target(routing_hint& hint, const config::rule_target& target) {
    using kind = config::rule_target::kind;
    switch (target.what) {
        case kind::unsaid: return;
        case kind::primary: hint.what = routing_hint::target::primary; return;
        case kind::replica: hint.what = routing_hint::target::replica; return;
        case kind::server:
            hint.what = routing_hint::target::server;
            hint.server_name = target.server;
            return;
    }
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
        set_target(wish.hint, decision.target->then.target);
    if (decision.max_lag != nullptr) wish.settings.max_lag = *decision.max_lag->then.max_lag;
    if (decision.consistency == nullptr) return wish;
    wish.settings.consistency = *decision.consistency->then.consistency;
    // A rule that wants every write seen wants it of all.
    if (wish.settings.consistency == config::consistency::global) wish.hint.consistency.reset();
    return wish;
}

const config::mirror_settings* mirror_of(
    const rule_decision& decision, const statement_traits& traits
) noexcept {
    if (decision.mirror == nullptr || !traits.only_reads) return nullptr;
    return &decision.mirror->then.mirror;
}

}  // namespace weir::splitter
