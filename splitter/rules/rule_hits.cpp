#include "splitter/rules/rule_hits.hpp"

#include <functional>
#include <utility>

namespace weir::splitter {
namespace {

/// By the only thread that writes: no read-modify-write is needed.
void add_one(std::atomic<std::uint64_t>& count) noexcept {
    count.store(count.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
}

}  // namespace

rule_hits::rule_hits(std::shared_ptr<const rule_set> rules)
    : rules_(std::move(rules)), counters_(rules_->rules().size()) {}

rule_hits::counters* rule_hits::find(const config::rule_settings& rule) noexcept {
    const auto& all = rules_->rules();
    const std::less<> before;
    const config::rule_settings* const at = &rule;
    if (before(at, all.data()) || !before(at, all.data() + all.size())) return nullptr;
    return &counters_[static_cast<std::size_t>(at - all.data())];
}

void rule_hits::on_applied(const rule_decision& decision) noexcept {
    for (const config::rule_settings* const rule : decision.applied) {
        if (auto* const counted = find(*rule)) add_one(counted->applied);
    }
}

void rule_hits::on_timed_out(const config::rule_settings& rule) noexcept {
    if (auto* const counted = find(rule)) add_one(counted->timed_out);
}

rule_hits::count rule_hits::of(std::size_t index) const noexcept {
    const counters& counted = counters_[index];
    return {
        counted.applied.load(std::memory_order_relaxed),
        counted.timed_out.load(std::memory_order_relaxed)};
}

}  // namespace weir::splitter
