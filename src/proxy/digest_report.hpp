#pragma once

#include "src/proxy/digest_table.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace weir::proxy {

/// Which statements come first: those with most of it.
enum class digest_order : std::uint8_t { time, count, errors, rows, bytes };
inline constexpr std::array digest_order_names{"time", "count", "errors", "rows", "bytes"};

/// What all workers have counted, summed by digest, schema and user.
struct digest_report {
    std::vector<digest_row> rows;  ///< the first ones in the order that was asked for
    std::size_t row_count = 0;     ///< of all, listed or not
    digest_numbers others;         ///< what was counted without an entry; see digest_table
    std::uint64_t evictions = 0;
};

/// At most `rows_max` rows. Any thread.
[[nodiscard]] digest_report report_digests(
    std::span<const digest_table* const> workers, digest_order order, std::size_t rows_max
);

}  // namespace weir::proxy
