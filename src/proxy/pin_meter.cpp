#include "src/proxy/pin_meter.hpp"

namespace weir::proxy {

void pin_meter::update(const splitter::pins& pins, time_point now, pin_metrics& metrics) {
    if (held_.none() && !pins.is_set()) return;
    count(now, metrics);
    cause_set next;
    for (const auto& one : pins.all())
        next.set(static_cast<std::size_t>(one.cause));
    for (std::size_t cause = 0; cause < next.size(); ++cause) {
        if (next[cause] == held_[cause]) continue;
        metrics.causes[cause].sessions.add(next[cause] ? 1 : -1);
    }
    held_ = next;
    since_ = now;
}

void pin_meter::count(time_point now, pin_metrics& metrics) const {
    const auto passed = std::chrono::duration_cast<std::chrono::microseconds>(now - since_);
    if (passed.count() <= 0) return;
    for (std::size_t cause = 0; cause < held_.size(); ++cause) {
        if (held_[cause])
            metrics.causes[cause].microseconds.add(static_cast<std::uint64_t>(passed.count()));
    }
}

}  // namespace weir::proxy
