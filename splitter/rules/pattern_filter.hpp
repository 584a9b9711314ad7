#pragma once

#include "splitter/rules/pattern.hpp"
#include "splitter/rules/rule_bits.hpp"

#include <cstddef>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

namespace weir::splitter {

/// Rules out most of many patterns in one pass over the text: each pattern has words that a text
/// has to hold for it to match, and all words of all patterns are looked for at once. (All patterns
/// at once would be faster still for most texts, and take milliseconds for those that are half like
/// many patterns, which clients could send on purpose.) Immutable. Threads: any.
class pattern_filter {
public:
    /// A pattern, nothing being wrong with it, and the number of its rule.
    struct entry {
        std::size_t rule;
        const pattern* expression;
    };

    /// For `count` rules; their patterns need not outlive it.
    pattern_filter(std::size_t count, std::span<const entry> entries);
    pattern_filter(const pattern_filter&) = delete;
    pattern_filter& operator=(const pattern_filter&) = delete;
    pattern_filter(pattern_filter&&) noexcept;
    pattern_filter& operator=(pattern_filter&&) noexcept;
    ~pattern_filter();

    /// It pays where so many patterns are to be tried on a text.
    [[nodiscard]] static bool is_worth_it(std::size_t patterns) noexcept { return patterns >= 3; }

    /// Rules that have a pattern.
    [[nodiscard]] const rule_bits& rules() const noexcept { return rules_; }

    /// Those of them whose pattern may match.
    [[nodiscard]] rule_bits find(std::string_view text) const;

private:
    struct words;

    rule_bits rules_;
    std::vector<std::size_t> owners_;     ///< number of a pattern -> number of its rule
    std::unique_ptr<const words> words_;  ///< null: not worth it, all may match
};

}  // namespace weir::splitter
