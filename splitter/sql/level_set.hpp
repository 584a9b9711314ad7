#pragma once

#include <cstddef>
#include <cstdint>

namespace weir::splitter {

/// A fact about each level of parentheses, one bit per level. Levels beyond the last have it not.
class level_set {
public:
    static constexpr std::size_t levels = 64;

    [[nodiscard]] bool has(std::size_t level) const noexcept {
        return level < levels && ((bits_ >> level) & 1U) != 0;
    }

    void put(std::size_t level, bool value) noexcept {
        if (level >= levels) return;
        const std::uint64_t bit = std::uint64_t{1} << level;
        bits_ = value ? bits_ | bit : bits_ & ~bit;
    }

private:
    std::uint64_t bits_ = 0;
};

}  // namespace weir::splitter
