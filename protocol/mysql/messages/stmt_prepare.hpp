#pragma once

#include "protocol/mysql/command.hpp"

#include <cstdint>
#include <string_view>

namespace weir::protocol::mysql {

/// COM_STMT_PREPARE. Client to server.
struct stmt_prepare {
    std::string_view text;  ///< view into the decoded packet

    static void fields(auto& io, auto& self) {
        io.literal(static_cast<std::uint8_t>(command::stmt_prepare));
        io.rest_text(self.text);
    }

    friend bool operator==(const stmt_prepare&, const stmt_prepare&) = default;
};

}  // namespace weir::protocol::mysql
