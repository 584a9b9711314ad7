#pragma once

#include "splitter/rules/rule_set.hpp"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace weir::splitter {

/// What became of statements by the rules of one set, as one worker counts it. Written by that
/// worker's thread, read by any.
class rule_hits {
public:
    explicit rule_hits(std::shared_ptr<const rule_set> rules);

    /// A statement is to run to which these rules apply, or is rejected by one of them. They are of
    /// the set.
    void on_applied(const rule_decision& decision) noexcept;

    /// A statement has run longer than this rule allows.
    void on_timed_out(const config::rule_settings& rule) noexcept;

    struct count {
        std::uint64_t applied = 0;
        std::uint64_t timed_out = 0;
    };

    /// Of the rule with this index.
    [[nodiscard]] count of(std::size_t index) const noexcept;

    [[nodiscard]] const rule_set& rules() const noexcept { return *rules_; }

private:
    struct counters {
        std::atomic<std::uint64_t> applied{0};
        std::atomic<std::uint64_t> timed_out{0};
    };

    /// Null: the rule is of another set.
    [[nodiscard]] counters* find(const config::rule_settings& rule) noexcept;

    std::shared_ptr<const rule_set> rules_;
    std::vector<counters> counters_;
};

}  // namespace weir::splitter
