#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace weir::splitter {

/// `c` in lower case if it is an ASCII letter, else `c` itself.
[[nodiscard]] constexpr char ascii_lower(char c) noexcept {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

/// True if both are the same word; ASCII letters compare without regard to case.
[[nodiscard]] constexpr bool same_word(std::string_view a, std::string_view b) noexcept {
    if (a.size() != b.size()) return false;
    for (std::size_t i = 0; i < a.size(); ++i) {
        if (ascii_lower(a[i]) != ascii_lower(b[i])) return false;
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

/// Hash of a word that does not depend on the case of its ASCII letters (FNV-1a over lowered
/// bytes).
[[nodiscard]] constexpr std::uint32_t word_hash(std::string_view word) noexcept {
    std::uint32_t hash = 2166136261U;
    for (const char c : word) {
        hash = (hash ^ static_cast<unsigned char>(ascii_lower(c))) * 16777619U;
    }
    return hash ^ (hash >> 15U);
}

}  // namespace weir::splitter
