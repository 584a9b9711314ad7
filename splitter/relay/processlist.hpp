#pragma once

#include "protocol/mysql/gtid_set.hpp"
#include "splitter/relay/local_result.hpp"
#include "splitter/relay/small_result.hpp"
#include "splitter/session/listed_session.hpp"

#include <span>
#include <string_view>
#include <vector>

namespace weir::splitter {

/// The columns of SHOW PROCESSLIST, without rows.
[[nodiscard]] local_result processlist_columns(protocol::mysql::server_flavor flavor);

/// Who asks, and how.
struct processlist_request {
    std::string_view user;
    protocol::mysql::server_flavor flavor = protocol::mysql::server_flavor::mysql;
    bool full = false;  ///< texts are not cut
};

/// A server's answer to SHOW PROCESSLIST with weir's sessions in it: a connection that a session
/// uses, or would use next, has the id and the host of that session, so that the id can be killed;
/// sessions without one there have rows of their own; all other connections stay as they are. Other
/// users' sessions are added only if the server has shown that the asking one may see such.
[[nodiscard]] local_result with_sessions(
    std::span<const small_result::row> listed,
    std::span<const listed_session> sessions,
    const processlist_request& request
);

}  // namespace weir::splitter
