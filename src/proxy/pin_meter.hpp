#pragma once

#include "splitter/session/pin.hpp"
#include "src/runtime/counter.hpp"

#include <array>
#include <bitset>
#include <chrono>

namespace weir::proxy {

/// How long sessions were pinned, by cause. Written by one worker, read by any thread.
struct pin_metrics {
    struct by_cause {
        runtime::counter microseconds;
        runtime::gauge sessions;  ///< pinned now
    };

    std::array<by_cause, splitter::pin_causes> causes;
};

/// Measures one session's pins. Thread: its worker's.
class pin_meter {
public:
    using time_point = std::chrono::steady_clock::time_point;

    /// To be called after each statement and now and then: the time since the last call goes to the
    /// causes that held the session then.
    void update(const splitter::pins& pins, time_point now, pin_metrics& metrics);

    /// Something held the session at the last call.
    [[nodiscard]] bool is_running() const noexcept { return held_.any(); }

private:
    using cause_set = std::bitset<splitter::pin_causes>;

    void count(time_point now, pin_metrics& metrics) const;

    cause_set held_;
    time_point since_{};
};

}  // namespace weir::proxy
