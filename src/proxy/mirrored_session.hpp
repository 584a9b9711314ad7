#pragma once

#include "src/proxy/read_mirror.hpp"

#include <boost/asio/awaitable.hpp>

#include <cstddef>
#include <optional>
#include <vector>

namespace weir::proxy {

/// So much of an answer is kept to be compared; of a longer one nothing is.
inline constexpr std::size_t compared_answer_max = 1U << 20U;

/// Runs one read on this connection in a session of its own that has the state of the client's: a
/// session_core whose client is in here. The answer as the client would get it, if it is to be
/// compared, else its beginning; nothing: the connection is broken or in an unknown state.
[[nodiscard]] boost::asio::awaitable<std::optional<std::vector<std::byte>>> run_mirrored(
    proxy_worker& worker, const mirrored_read& read, backend_connection& on
);

}  // namespace weir::proxy
