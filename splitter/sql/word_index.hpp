#pragma once

#include "splitter/sql/word.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace weir::splitter {

/// Finds the entry of a fixed array whose `text` is a given word, in one or two comparisons and
/// without allocation. Open addressing over at most half-full slots; built at compile time. A word
/// that occurs twice keeps its first entry (the tables' tests forbid it).
template <std::size_t Slots>
class word_index {
    static_assert((Slots & (Slots - 1)) == 0, "slots are addressed by masking");

public:
    static constexpr std::uint16_t npos = 0xFFFF;

    template <class Entries>
    explicit constexpr word_index(const Entries& entries) noexcept {
        slots_.fill(npos);
        for (std::size_t i = 0; i < entries.size(); ++i) {
            std::size_t slot = word_hash(entries[i].text) & (Slots - 1);
            while (slots_[slot] != npos)
                slot = (slot + 1) & (Slots - 1);
            slots_[slot] = static_cast<std::uint16_t>(i);
        }
    }

    /// Position of `word` in `entries` (the array that this index was built from), or npos.
    template <class Entries>
    [[nodiscard]] constexpr std::uint16_t find(std::string_view word, const Entries& entries)
        const noexcept {
        std::size_t slot = word_hash(word) & (Slots - 1);
        while (slots_[slot] != npos) {
            if (same_word(entries[slots_[slot]].text, word)) return slots_[slot];
            slot = (slot + 1) & (Slots - 1);
        }
        return npos;
    }

private:
    std::array<std::uint16_t, Slots> slots_{};
};

}  // namespace weir::splitter
