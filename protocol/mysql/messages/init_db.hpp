#pragma once

#include "protocol/mysql/command.hpp"

#include <cstdint>
#include <string_view>

namespace weir::protocol::mysql {

/// COM_INIT_DB. Client to server: the default schema.
struct init_db {
    std::string_view schema;  ///< view into the decoded packet

    static void fields(auto& io, auto& self) {
        io.literal(static_cast<std::uint8_t>(command::init_db));
        io.rest_text(self.schema);
    }

    friend bool operator==(const init_db&, const init_db&) = default;
};

}  // namespace weir::protocol::mysql
