#pragma once

#include "protocol/mysql/command.hpp"

#include <cstdint>

namespace weir::protocol::mysql {

/// COM_STMT_CLOSE. Client to server; there is no answer.
struct stmt_close {
    std::uint32_t statement_id = 0;

    static void fields(auto& io, auto& self) {
        io.literal(static_cast<std::uint8_t>(command::stmt_close));
        io.u32(self.statement_id);
    }

    friend bool operator==(const stmt_close&, const stmt_close&) = default;
};

}  // namespace weir::protocol::mysql
