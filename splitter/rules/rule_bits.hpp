#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace weir::splitter {

/// A set of rules by their numbers, a bit for each, in words of 64.
using rule_bits = std::vector<std::uint64_t>;

inline constexpr std::size_t rules_per_word = 64;

[[nodiscard]] inline std::size_t words_for(std::size_t rules) noexcept {
    return (rules + rules_per_word - 1) / rules_per_word;
}

inline void set_bit(rule_bits& bits, std::size_t rule) {
    bits[rule / rules_per_word] |= std::uint64_t{1} << (rule % rules_per_word);
}

[[nodiscard]] inline bool has_bit(const rule_bits& bits, std::size_t rule) {
    return ((bits[rule / rules_per_word] >> (rule % rules_per_word)) & 1U) != 0;
}

}  // namespace weir::splitter
