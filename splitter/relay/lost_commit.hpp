#pragma once

#include "protocol/mysql/gtid_set.hpp"
#include "splitter/relay/failure.hpp"

#include <chrono>
#include <cstdint>
#include <string>

namespace weir::splitter {

/// A commit that was sent, and whose answer is lost with its connection: what tells it from others
/// in the server's binary log.
struct lost_commit {
    std::uint32_t thread_id = 0;         ///< the server's id of the connection
    std::string server_uuid;             ///< of the server that it was made to
    protocol::mysql::gtid_set executed;  ///< there, when the connection was new
    std::string earlier;                 ///< the connection's last known transaction; empty: none
    bool may_have_others = false;        ///< later ones, that were not named
    std::chrono::steady_clock::time_point came{};  ///< the commit, from the client
    failure why;                                   ///< the connection's end
};

/// What became of it.
struct resolved_commit {
    enum class kind : std::uint8_t { committed, rolled_back, unknown };
    kind what = kind::unknown;
    std::string gtid{};  ///< committed: its transaction; empty: its number could not be read
};

}  // namespace weir::splitter
