#pragma once

#include "src/runtime/counter.hpp"
#include "src/runtime/histogram.hpp"

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace weir::proxy {

/// Who answered a statement.
enum class answered_by : std::uint8_t {
    replica,
    primary,
    pinned,  ///< the connection that the session could not leave
    proxy,   ///< none of the servers
};
inline constexpr std::array answered_by_names{"replica", "primary", "pinned", "proxy"};

/// What is known of a statement once it has been answered.
struct digest_facts {
    answered_by who = answered_by::primary;
    bool failed = false;  ///< the answer ended with an error
    std::uint64_t rows = 0;
    std::uint64_t bytes = 0;  ///< to the client
    std::chrono::nanoseconds took{};
    std::string_view pin_cause{};  ///< why the session is pinned, static text; empty: it is not
};

/// What statements of one form add up to; a plain value that can be summed over workers.
struct digest_numbers {
    std::array<std::uint64_t, answered_by_names.size()> answered{};
    std::uint64_t errors = 0;
    std::uint64_t rows = 0;
    std::uint64_t bytes = 0;
    runtime::histogram_snapshot latency;

    [[nodiscard]] std::uint64_t count() const noexcept {
        std::uint64_t sum = 0;
        for (const std::uint64_t part : answered)
            sum += part;
        return sum;
    }

    void merge(const digest_numbers& other) noexcept {
        for (std::size_t i = 0; i < answered.size(); ++i)
            answered[i] += other.answered[i];
        errors += other.errors;
        rows += other.rows;
        bytes += other.bytes;
        latency.merge(other.latency);
    }

    friend bool operator==(const digest_numbers&, const digest_numbers&) = default;
};

/// The same while one thread writes it and any thread reads it (see counter.hpp).
class digest_counters {
public:
    void record(const digest_facts& facts) noexcept {
        answered_[static_cast<std::size_t>(facts.who)].add();
        if (facts.failed) errors_.add();
        rows_.add(facts.rows);
        bytes_.add(facts.bytes);
        latency_.record(facts.took);
    }

    void add(const digest_numbers& numbers) noexcept {
        for (std::size_t i = 0; i < answered_.size(); ++i)
            answered_[i].add(numbers.answered[i]);
        errors_.add(numbers.errors);
        rows_.add(numbers.rows);
        bytes_.add(numbers.bytes);
        latency_.add(numbers.latency);
    }

    [[nodiscard]] digest_numbers numbers() const noexcept {
        digest_numbers copy;
        for (std::size_t i = 0; i < answered_.size(); ++i)
            copy.answered[i] = answered_[i].value();
        copy.errors = errors_.value();
        copy.rows = rows_.value();
        copy.bytes = bytes_.value();
        copy.latency = latency_.snapshot();
        return copy;
    }

private:
    std::array<runtime::counter, answered_by_names.size()> answered_;
    runtime::counter errors_;
    runtime::counter rows_;
    runtime::counter bytes_;
    runtime::histogram latency_;
};

}  // namespace weir::proxy
