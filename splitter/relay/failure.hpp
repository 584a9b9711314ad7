#pragma once

#include "protocol/wire/result.hpp"

#include <cstdint>

namespace weir::splitter {

/// Who caused a failure.
enum class failure_origin : std::uint8_t { client, backend, proxy };

/// An error, and who caused it.
struct failure {
    error_code code;
    failure_origin origin = failure_origin::proxy;
};

}  // namespace weir::splitter
