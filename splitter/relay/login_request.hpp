#pragma once

#include "protocol/mysql/capabilities.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace weir::splitter {

/// What a client has asked for when it logged in: owned copies, kept for the life of the session
/// because further connections to servers are made in the client's name.
struct login_request {
    std::string user;
    std::string schema;
    protocol::mysql::capability_set capabilities;  ///< the client's and ours
    std::uint16_t collation = 0;
    std::uint32_t max_packet = 0;       ///< bytes
    std::uint8_t zstd_level = 0;        ///< 0: not asked for
    std::vector<std::byte> attributes;  ///< connect attributes as the client sent them
};

}  // namespace weir::splitter
