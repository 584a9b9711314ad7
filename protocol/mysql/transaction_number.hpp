#pragma once

#include <cstdint>
#include <limits>

namespace weir::protocol::mysql {

/// MySQL numbers its transactions up to the largest signed number less one.
inline constexpr std::uint64_t transaction_number_max =
    std::numeric_limits<std::int64_t>::max() - 1;

}  // namespace weir::protocol::mysql
