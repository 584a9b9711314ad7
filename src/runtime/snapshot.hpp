#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <utility>

namespace weir::runtime {

/// Publishes immutable values whole: settings, topologies, certificates. One per kind of value;
/// outlives its readers.
///
/// This is an atomic shared pointer behind an interface: a bare `std::atomic<std::shared_ptr>`
/// costs a spin bit and two reference-count writes for each look, on a line that all cores share.
/// Here a look is one load of a generation number that hardly ever changes; the mutex is taken only
/// after a publication. Threads: any.
template <class T>
class snapshot_publisher {
public:
    snapshot_publisher() = default;

    explicit snapshot_publisher(std::shared_ptr<const T> first) { publish(std::move(first)); }

    /// Readers see `next` at their next `current()`. Rare: takes the mutex.
    void publish(std::shared_ptr<const T> next) {
        const std::scoped_lock lock(mutex_);
        // Swapped, so that the previous value is destroyed by the argument's destructor, after the
        // unlock.
        value_.swap(next);
        generation_.fetch_add(1, std::memory_order_release);
    }

    /// The latest value, or null if nothing was published yet.
    [[nodiscard]] std::shared_ptr<const T> load() const {
        const std::scoped_lock lock(mutex_);
        return value_;
    }

    /// 0 before the first publication; then one more for each.
    [[nodiscard]] std::uint64_t generation() const noexcept {
        return generation_.load(std::memory_order_acquire);
    }

private:
    mutable std::mutex mutex_;
    std::shared_ptr<const T> value_;
    std::atomic<std::uint64_t> generation_{0};
};

/// One thread's view of what a publisher publishes. Not shared between threads.
template <class T>
class snapshot_reader {
public:
    explicit snapshot_reader(const snapshot_publisher<T>& publisher) : publisher_(&publisher) {}

    /// The latest value; something must have been published. Valid until the next call of any
    /// member.
    [[nodiscard]] const T& current() {
        refresh();
        return *held_;
    }

    /// The same, kept alive by the caller: for use across a suspension. Null if nothing was
    /// published yet.
    [[nodiscard]] std::shared_ptr<const T> hold() {
        refresh();
        return held_;
    }

    /// The generation that the last look saw: compare to learn that the value changed.
    [[nodiscard]] std::uint64_t seen_generation() const noexcept { return seen_; }

private:
    void refresh() {
        const auto generation = publisher_->generation();
        if (generation == seen_) return;
        // A publication between the two lines gives us a newer value under an older number: we only
        // look once more.
        held_ = publisher_->load();
        seen_ = generation;
    }

    const snapshot_publisher<T>* publisher_;
    std::shared_ptr<const T> held_;
    std::uint64_t seen_ = 0;
};

}  // namespace weir::runtime
