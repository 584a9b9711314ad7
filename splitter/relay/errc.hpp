#pragma once

#include "protocol/wire/result.hpp"

#include <cstdint>
#include <type_traits>

namespace weir::splitter {

/// What can go wrong between a session and its servers that no lower layer has a code for.
enum class errc : std::uint8_t {
    preparation_refused = 1,     ///< a server would not take the session's state
    local_infile_refused,        ///< a server asked for a file that the client did not offer
    unexpected_bytes,            ///< a server spoke when it was not asked
    authentication_failed,       ///< a server refused the client's account
    method_not_relayable,        ///< an account's method cannot be used without its password
    tls_required,                ///< a plain connection where TLS is required
    server_unreachable,          ///< the monitor has lost a server from which an answer is awaited
    replay_differs,              ///< a transaction that was run again did not come out the same
    connection_ended_by_server,  ///< a server said so in place of an answer
};

[[nodiscard]] const boost::system::error_category& splitter_category() noexcept;

[[nodiscard]] inline error_code make_error_code(errc code) noexcept {
    return {static_cast<int>(code), splitter_category()};
}

}  // namespace weir::splitter

template <>
struct boost::system::is_error_code_enum<weir::splitter::errc> : std::true_type {};
