#pragma once

#include "protocol/mysql/command.hpp"

#include <cstdint>

namespace weir::protocol::mysql {

/// COM_STMT_FETCH. Client to server: rows of an open cursor.
struct stmt_fetch {
    std::uint32_t statement_id = 0;
    std::uint32_t rows = 0;

    static void fields(auto& io, auto& self) {
        io.literal(static_cast<std::uint8_t>(command::stmt_fetch));
        io.u32(self.statement_id);
        io.u32(self.rows);
    }

    friend bool operator==(const stmt_fetch&, const stmt_fetch&) = default;
};

}  // namespace weir::protocol::mysql
