#pragma once

#include <algorithm>
#include <array>
#include <cstdint>

namespace weir::splitter {

/// Errors of a statement after which its transaction is surely still open, with all that was done
/// before. Others may have rolled it back (a deadlock), which no status tells.
[[nodiscard]] inline bool leaves_transaction(std::uint16_t error) noexcept {
    static constexpr std::array<std::uint16_t, 20> numbers{
        1048,  // column cannot be null
        1054,  // unknown column
        1062,  // duplicate entry
        1064,  // syntax
        1136,  // column count does not match
        1146,  // no such table
        1222,  // different number of columns
        1242,  // subquery returns more than one row
        1264,  // out of range
        1292,  // truncated value
        1364,  // field has no default
        1365,  // division by 0
        1366,  // incorrect value
        1406,  // data too long
        1451,  // parent row is referenced
        1452,  // no parent row
        1690,  // value out of range
        1792,  // read-only transaction
        3819,  // a check constraint (MySQL)
        4025,  // a constraint (MariaDB)
    };
    static_assert(std::ranges::is_sorted(numbers));
    return std::ranges::binary_search(numbers, error);
}

}  // namespace weir::splitter
