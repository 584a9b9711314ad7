#pragma once

#include <cstdint>

namespace weir::config {

/// What a read must be able to see.
enum class consistency : std::uint8_t {
    eventual,  ///< whatever the server has
    session,   ///< the session's own writes
    global,    ///< every write that any client had confirmed before the read was sent
};

}  // namespace weir::config
