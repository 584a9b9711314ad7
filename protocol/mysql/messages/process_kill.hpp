#pragma once

#include "protocol/mysql/command.hpp"

#include <cstdint>

namespace weir::protocol::mysql {

/// COM_PROCESS_KILL. Client to server: end another connection.
struct process_kill {
    std::uint32_t connection_id = 0;

    static void fields(auto& io, auto& self) {
        io.literal(static_cast<std::uint8_t>(command::process_kill));
        io.u32(self.connection_id);
    }

    friend bool operator==(const process_kill&, const process_kill&) = default;
};

}  // namespace weir::protocol::mysql
