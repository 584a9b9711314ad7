#include "splitter/rules/throttle.hpp"

#include <algorithm>

namespace weir::splitter {

throttle::throttle(
    const config::statement_rate& rate, std::chrono::milliseconds longest_wait
) noexcept
    : each_(clock::duration(rate.per) / rate.statements),
      whole_(each_ * rate.statements),
      longest_wait_(longest_wait) {}

std::optional<throttle::clock::duration> throttle::admit(clock::time_point now) noexcept {
    const auto present = now.time_since_epoch();
    auto full_at = full_at_.load(std::memory_order_relaxed);
    for (;;) {
        const auto next = std::max(clock::duration(full_at), present) + each_;
        const auto wait = std::max(next - whole_ - present, clock::duration::zero());
        if (wait > longest_wait_) return std::nullopt;
        if (full_at_.compare_exchange_weak(full_at, next.count(), std::memory_order_relaxed))
            return wait;
    }
}

}  // namespace weir::splitter
