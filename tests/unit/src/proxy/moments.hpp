#pragma once

#include <chrono>
#include <cstdint>

namespace weir::proxy {

/// So many seconds after the clock began: when something happens in a test.
inline std::chrono::steady_clock::time_point at(std::int64_t second) {
    return std::chrono::steady_clock::time_point(std::chrono::seconds(second));
}

}  // namespace weir::proxy
