#pragma once

#include "splitter/session/listed_session.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace weir::proxy {

/// What the workers have told so far of their sessions, for one SHOW PROCESSLIST.
struct session_listing {
    std::uint32_t turn = 0;                         ///< which of the session's questions it is
    std::size_t missing = 0;                        ///< workers that have not answered yet
    std::chrono::steady_clock::time_point until{};  ///< one may have ended, and never will
    std::vector<splitter::listed_session> sessions;
};

}  // namespace weir::proxy
