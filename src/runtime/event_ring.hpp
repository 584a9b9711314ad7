#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace weir::runtime {

/// One thing that happened to a session: what the code means is its recorder's affair.
struct recent_event {
    std::chrono::steady_clock::time_point at;
    std::uint64_t session = 0;
    std::uint32_t code = 0;
    std::uint32_t detail = 0;
    friend bool operator==(const recent_event&, const recent_event&) = default;
};

/// The last `Capacity` (a power of two) events of one worker: written without allocation or lock,
/// read when somebody asks. Thread: its worker, for reading too (post to it).
template <std::size_t Capacity>
class event_ring {
    static_assert(
        Capacity > 0 && (Capacity & (Capacity - 1)) == 0, "a power of two: indices wrap by masking"
    );

public:
    void record(const recent_event& event) noexcept {
        events_[static_cast<std::size_t>(recorded_ & (Capacity - 1))] = event;
        ++recorded_;
    }

    /// Events since the start, those overwritten included.
    [[nodiscard]] std::uint64_t recorded() const noexcept { return recorded_; }

    /// What the ring holds, oldest first.
    [[nodiscard]] std::vector<recent_event> dump() const {
        const auto held = recorded_ < Capacity ? recorded_ : Capacity;
        std::vector<recent_event> events;
        events.reserve(static_cast<std::size_t>(held));
        for (auto i = recorded_ - held; i < recorded_; ++i) {
            events.push_back(events_[static_cast<std::size_t>(i & (Capacity - 1))]);
        }
        return events;
    }

private:
    std::array<recent_event, Capacity> events_{};
    std::uint64_t recorded_ = 0;
};

}  // namespace weir::runtime
