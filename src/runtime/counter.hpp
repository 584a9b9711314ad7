#pragma once

#include <atomic>
#include <cstdint>

namespace weir::runtime {

/// A number that one thread writes and any thread reads. Written by a load and a store, never by a
/// read-modify-write: on the query path an atomic increment would cost more than all the rest of
/// the counting.
class counter {
public:
    /// The owner's thread only.
    void add(std::uint64_t amount = 1) noexcept {
        value_.store(value_.load(std::memory_order_relaxed) + amount, std::memory_order_relaxed);
    }

    [[nodiscard]] std::uint64_t value() const noexcept {
        return value_.load(std::memory_order_relaxed);
    }

private:
    std::atomic<std::uint64_t> value_{0};
};

/// A level that goes up and down; same rules as counter.
class gauge {
public:
    void add(std::int64_t amount = 1) noexcept {
        value_.store(value_.load(std::memory_order_relaxed) + amount, std::memory_order_relaxed);
    }

    void set(std::int64_t level) noexcept { value_.store(level, std::memory_order_relaxed); }

    [[nodiscard]] std::int64_t value() const noexcept {
        return value_.load(std::memory_order_relaxed);
    }

private:
    std::atomic<std::int64_t> value_{0};
};

}  // namespace weir::runtime
