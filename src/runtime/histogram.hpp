#pragma once

#include <array>
#include <atomic>
#include <bit>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <limits>

namespace weir::runtime {

/// Log-linear buckets over microseconds: each power of two is cut into four equal parts, so that a
/// bucket is at most a quarter of its value wide. Values 0..7 have a bucket each; the last bucket
/// takes all from 2^32 us (72 minutes) up.
struct histogram_buckets {
    static constexpr std::size_t parts_per_octave = 4;
    static constexpr std::size_t octave_last = 32;  ///< 2^32 us and more share one bucket
    static constexpr std::size_t count = (octave_last - 1) * parts_per_octave + 1;

    /// The bucket that `microseconds` falls into.
    [[nodiscard]] static constexpr std::size_t index_of(std::uint64_t microseconds) noexcept {
        if (microseconds < parts_per_octave) return static_cast<std::size_t>(microseconds);
        const auto octave = static_cast<std::size_t>(std::bit_width(microseconds)) - 1;
        if (octave >= octave_last) return count - 1;
        const auto part =
            static_cast<std::size_t>(microseconds >> (octave - 2)) & (parts_per_octave - 1);
        return (octave - 1) * parts_per_octave + part;
    }

    /// The highest value, in microseconds, that falls into the bucket.
    [[nodiscard]] static constexpr std::uint64_t upper_bound(std::size_t index) noexcept {
        if (index < parts_per_octave) return index;
        if (index >= count - 1) return std::numeric_limits<std::uint64_t>::max();
        const auto octave = index / parts_per_octave + 1;
        const auto part = index % parts_per_octave;
        const auto width = std::uint64_t{1} << (octave - 2);
        return (parts_per_octave + part + 1) * width - 1;
    }
};

/// What a histogram held at one instant; a plain value that can be summed over workers.
struct histogram_snapshot {
    std::array<std::uint64_t, histogram_buckets::count> counts{};
    std::uint64_t sum_us = 0;

    [[nodiscard]] std::uint64_t total() const noexcept {
        std::uint64_t sum = 0;
        for (const auto count : counts)
            sum += count;
        return sum;
    }

    void merge(const histogram_snapshot& other) noexcept {
        for (std::size_t i = 0; i < counts.size(); ++i)
            counts[i] += other.counts[i];
        sum_us += other.sum_us;
    }

    /// The number of values of at most `microseconds`, to the precision of the buckets: a bucket
    /// counts if all of it lies below.
    [[nodiscard]] std::uint64_t count_up_to(std::uint64_t microseconds) const noexcept {
        std::uint64_t sum = 0;
        for (std::size_t i = 0;
             i < counts.size() && histogram_buckets::upper_bound(i) <= microseconds;
             ++i) {
            sum += counts[i];
        }
        return sum;
    }

    /// The least upper bound of a bucket, in microseconds, that `permille` of the values (1..1000)
    /// do not exceed; 0 if empty.
    [[nodiscard]] std::uint64_t percentile(std::uint32_t permille) const noexcept {
        const auto all = total();
        if (all == 0) return 0;
        const auto rank = (all * permille + 999) / 1000;
        std::uint64_t seen = 0;
        for (std::size_t i = 0; i < counts.size(); ++i) {
            seen += counts[i];
            if (seen >= rank) return histogram_buckets::upper_bound(i);
        }
        return histogram_buckets::upper_bound(counts.size() - 1);
    }

    friend bool operator==(const histogram_snapshot&, const histogram_snapshot&) = default;
};

/// A distribution of durations that one thread writes and any thread reads (see counter.hpp).
class histogram {
public:
    /// The owner's thread only. Negative durations, which a clock should not give, count as 0.
    void record(std::chrono::nanoseconds duration) noexcept {
        const auto whole = std::chrono::duration_cast<std::chrono::microseconds>(duration).count();
        const auto microseconds = whole < 0 ? 0U : static_cast<std::uint64_t>(whole);
        add(counts_[histogram_buckets::index_of(microseconds)], 1);
        add(sum_us_, microseconds);
    }

    /// Adds what another one held. The owner's thread only.
    void add(const histogram_snapshot& other) noexcept {
        for (std::size_t i = 0; i < counts_.size(); ++i)
            add(counts_[i], other.counts[i]);
        add(sum_us_, other.sum_us);
    }

    [[nodiscard]] histogram_snapshot snapshot() const noexcept {
        histogram_snapshot copy;
        for (std::size_t i = 0; i < counts_.size(); ++i) {
            copy.counts[i] = counts_[i].load(std::memory_order_relaxed);
        }
        copy.sum_us = sum_us_.load(std::memory_order_relaxed);
        return copy;
    }

private:
    static void add(std::atomic<std::uint64_t>& cell, std::uint64_t amount) noexcept {
        cell.store(cell.load(std::memory_order_relaxed) + amount, std::memory_order_relaxed);
    }

    std::array<std::atomic<std::uint64_t>, histogram_buckets::count> counts_{};
    std::atomic<std::uint64_t> sum_us_{0};
};

}  // namespace weir::runtime
