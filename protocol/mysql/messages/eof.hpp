#pragma once

#include "protocol/mysql/status_flags.hpp"

#include <cstdint>

namespace weir::protocol::mysql {

/// Protocol::EOF_Packet. Server to client, after definitions and rows where EOF is not deprecated.
struct eof {
    std::uint16_t warnings = 0;
    status_set status;

    static void fields(auto& io, auto& self) {
        io.literal(0xFE);
        io.u16(self.warnings);
        io.flags16(self.status);
    }

    friend bool operator==(const eof&, const eof&) = default;
};

}  // namespace weir::protocol::mysql
