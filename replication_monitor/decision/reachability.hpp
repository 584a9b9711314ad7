#pragma once

#include <cstdint>

namespace weir::replication_monitor {

/// How many probes in a row change our mind. 0 means 1.
struct damping {
    std::uint32_t failures_to_down = 2;
    std::uint32_t successes_to_up = 2;
    friend bool operator==(const damping&, const damping&) = default;
};

/// Is a server reachable? Damped against flapping: one lost probe does not take a server out, and
/// one lucky probe does not bring a failing one back. A server that never answered before is up
/// with its first good probe. Plain value.
class reachability {
public:
    void on_success(const damping& rules) noexcept {
        failures_ = 0;
        ++successes_;
        if (!was_up_ || successes_ >= rules.successes_to_up) up_ = was_up_ = true;
    }

    void on_failure(const damping& rules) noexcept {
        successes_ = 0;
        ++failures_;
        if (failures_ >= rules.failures_to_down) up_ = false;
    }

    [[nodiscard]] bool is_up() const noexcept { return up_; }

private:
    std::uint64_t failures_ = 0;   ///< in a row
    std::uint64_t successes_ = 0;  ///< in a row
    bool up_ = false;
    bool was_up_ = false;
};

}  // namespace weir::replication_monitor
