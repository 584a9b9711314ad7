#pragma once

#include "protocol/mysql/command.hpp"

#include <cstdint>

namespace weir::protocol::mysql {

/// COM_STMT_RESET. Client to server: forget long data and close the cursor. Answered by OK or ERR.
struct stmt_reset {
    std::uint32_t statement_id = 0;

    static void fields(auto& io, auto& self) {
        io.literal(static_cast<std::uint8_t>(command::stmt_reset));
        io.u32(self.statement_id);
    }

    friend bool operator==(const stmt_reset&, const stmt_reset&) = default;
};

}  // namespace weir::protocol::mysql
