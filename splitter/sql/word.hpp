#pragma once

#include "protocol/mysql/ascii_lower.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace weir::splitter {

using protocol::mysql::ascii_lower;

/// True if both are the same word; ASCII letters compare without regard to case.
[[nodiscard]] constexpr bool same_word(std::string_view a, std::string_view b) noexcept {
    if (a.size() != b.size()) return false;
    for (std::size_t i = 0; i < a.size(); ++i) {
        if (a[i] != b[i] && ascii_lower(a[i]) != ascii_lower(b[i])) return false;
    }
    return true;
}

/// True if any word of `words`, a list in braces, is the same word as `word`.
template <class Words>
[[nodiscard]] constexpr bool is_one_of(std::string_view word, const Words& words) noexcept {
    for (const std::string_view candidate : words) {
        if (same_word(word, candidate)) return true;
    }
    return false;
}

/// Names beyond ASCII come in the client's character set.
[[nodiscard]] constexpr bool is_ascii(std::string_view text) noexcept {
    return std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

/// Hash of a word that does not depend on the case of its ASCII letters. It looks at the length and
/// at four bytes, so that its cost does not grow with the word; that tells the words of SQL apart
/// well enough.
[[nodiscard]] constexpr std::uint32_t word_hash(std::string_view word) noexcept {
    if (word.empty()) return 0;
    const auto folded = [word](std::size_t i) {
        return static_cast<std::uint32_t>(static_cast<unsigned char>(word[i]) | 0x20U);
    };
    const std::size_t last = word.size() - 1;
    std::uint32_t hash = static_cast<std::uint32_t>(word.size());
    hash = hash * 31 + folded(0);
    hash = hash * 131 + folded(last / 2);
    hash = hash * 137 + folded(last);
    hash = hash * 139 + folded(last > 0 ? 1 : 0);
    return hash ^ (hash >> 11U);
}

}  // namespace weir::splitter
