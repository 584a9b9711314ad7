#pragma once

#include "protocol/mysql/command.hpp"
#include "protocol/wire/bytes_view.hpp"

#include <cstdint>

namespace weir::protocol::mysql {

/// COM_STMT_SEND_LONG_DATA. Client to server: a piece of one parameter's value; there is no answer.
struct stmt_send_long_data {
    std::uint32_t statement_id = 0;
    std::uint16_t parameter = 0;
    wire::bytes_view data;  ///< view into the decoded packet

    static void fields(auto& io, auto& self) {
        io.literal(static_cast<std::uint8_t>(command::stmt_send_long_data));
        io.u32(self.statement_id);
        io.u16(self.parameter);
        io.rest(self.data);
    }

    friend bool operator==(const stmt_send_long_data&, const stmt_send_long_data&) = default;
};

}  // namespace weir::protocol::mysql
