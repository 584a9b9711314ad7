#pragma once

#include "protocol/wire/ensure.hpp"

#include <cstddef>
#include <functional>
#include <utility>

namespace weir::runtime {

/// Counts operations in flight whose handlers refer to the gate's owner, which must not die before
/// the last of them. The gate asserts that at its destruction, and tells when the count falls to
/// zero. Thread: its owner's worker.
class operation_gate {
public:
    /// One operation in flight: move it into the handler, whose destruction ends the operation, run
    /// or not.
    class pass {
    public:
        pass(pass&& other) noexcept : gate_(std::exchange(other.gate_, nullptr)) {}

        pass& operator=(pass&& other) noexcept {
            pass taken(std::move(other));
            std::swap(gate_, taken.gate_);
            return *this;
        }

        pass(const pass&) = delete;
        pass& operator=(const pass&) = delete;

        ~pass() {
            if (gate_ != nullptr) gate_->leave();
        }

    private:
        friend class operation_gate;

        explicit pass(operation_gate& gate) noexcept : gate_(&gate) {}

        operation_gate* gate_;
    };

    operation_gate() = default;
    operation_gate(const operation_gate&) = delete;
    operation_gate& operator=(const operation_gate&) = delete;

    ~operation_gate() { WEIR_ENSURE(in_flight_ == 0); }

    [[nodiscard]] pass enter() noexcept {
        ++in_flight_;
        return pass(*this);
    }

    [[nodiscard]] std::size_t in_flight() const noexcept { return in_flight_; }

    /// Calls `action` once, when nothing is in flight: at once if so now. It may destroy the gate.
    /// A later call replaces an action that has not run yet.
    void when_idle(std::function<void()> action) {
        if (in_flight_ == 0) {
            action();
            return;
        }
        on_idle_ = std::move(action);
    }

private:
    void leave() noexcept {
        WEIR_ENSURE(in_flight_ > 0);
        --in_flight_;
        if (in_flight_ > 0 || !on_idle_) return;
        const auto action = std::exchange(on_idle_, nullptr);
        action();  // `this` may be gone afterwards
    }

    std::size_t in_flight_ = 0;
    std::function<void()> on_idle_;
};

}  // namespace weir::runtime
