#pragma once

#include "protocol/mysql/gtid_set.hpp"

#include <string>

namespace weir::splitter {

/// What a server said of itself on a new connection: by it the server is known again, and the
/// transactions of this connection are found in its binary log.
struct server_origin {
    std::string server_uuid;
    protocol::mysql::gtid_set executed;  ///< by then: nothing of the connection's is in it
};

}  // namespace weir::splitter
