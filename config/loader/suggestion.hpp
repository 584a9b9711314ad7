#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace weir::config {

/// The fewest insertions, deletions, replacements and swaps of neighbours that turn one word into
/// the other, no character being touched twice (the "optimal string alignment" distance).
[[nodiscard]] std::size_t edit_distance(std::string_view left, std::string_view right);

/// The candidate that a mistyped `word` most likely stands for, the first of equals; empty if none
/// is near enough: one edit per three characters, at least one. Letter case, `-` and `_` make no
/// difference.
[[nodiscard]] std::string closest_word(
    std::string_view word, std::span<const std::string> candidates
);

}  // namespace weir::config
