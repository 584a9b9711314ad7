#pragma once

#include "config/schema/rule_settings.hpp"

#include <atomic>
#include <chrono>
#include <optional>

namespace weir::splitter {

/// A bucket that holds as many statements as the rate names and fills evenly; one that finds it
/// empty waits for its turn. All workers share it, so that the rate is what is written whichever
/// workers the sessions are on: the one place where they write to the same memory for a statement,
/// and only for one that is throttled. Kept as the time at which the bucket will be full again,
/// which one atomic number holds. Threads: any.
class throttle {
public:
    using clock = std::chrono::steady_clock;

    /// `rate.statements` is at least 1.
    throttle(const config::statement_rate& rate, std::chrono::milliseconds longest_wait) noexcept;

    /// How long the statement has to wait, its turn being taken; nothing: longer than it may, and
    /// no turn is taken.
    [[nodiscard]] std::optional<clock::duration> admit(clock::time_point now) noexcept;

private:
    clock::duration each_;   ///< what one statement takes out of the bucket
    clock::duration whole_;  ///< what the bucket holds
    clock::duration longest_wait_;
    std::atomic<clock::rep> full_at_{clock::time_point::min().time_since_epoch().count()};
};

}  // namespace weir::splitter
