#pragma once

#include "protocol/wire/result.hpp"

#include <cstdint>

namespace weir::splitter {

/// Who caused a failure.
enum class failure_origin : std::uint8_t { client, backend, proxy };

/// May the statement that met the failure be run again, and where?
enum class retry_rule : std::uint8_t {
    never,
    fresh_connection,  ///< nothing was sent: the same server, a new connection
    other_server,      ///< a read of which no byte of the answer was passed on
};

/// An error with what follows from it.
struct failure {
    error_code code;
    failure_origin origin = failure_origin::proxy;
    retry_rule retry = retry_rule::never;
};

}  // namespace weir::splitter
