#pragma once

#include "protocol/wire/bytes_view.hpp"

#include <string_view>

namespace weir::protocol::mysql {

/// Protocol::AuthSwitchRequest. Server to client after the login packet, at most once.
struct auth_switch_request {
    std::string_view plugin_name;  ///< view into the decoded packet
    wire::bytes_view plugin_data;  ///< view; for most methods 20 bytes of scramble and a zero

    static void fields(auto& io, auto& self) {
        io.literal(0xFE);
        io.null_terminated(self.plugin_name);
        io.rest(self.plugin_data);
    }

    friend bool operator==(const auth_switch_request&, const auth_switch_request&) = default;
};

}  // namespace weir::protocol::mysql
