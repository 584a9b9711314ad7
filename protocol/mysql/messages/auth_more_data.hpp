#pragma once

#include "protocol/wire/bytes_view.hpp"

namespace weir::protocol::mysql {

/// Protocol::AuthMoreData. Server to client: the method goes on; the client's answer is a packet of
/// bare data.
struct auth_more_data {
    wire::bytes_view data;  ///< view into the decoded packet

    static void fields(auto& io, auto& self) {
        io.literal(0x01);
        io.rest(self.data);
    }

    friend bool operator==(const auth_more_data&, const auth_more_data&) = default;
};

}  // namespace weir::protocol::mysql
