#pragma once

#include "protocol/mysql/command.hpp"
#include "protocol/wire/bytes_view.hpp"

#include <cstdint>

namespace weir::protocol::mysql {

/// Any command as its first byte and the rest: quit, ping, statistics, debug, reset_connection,
/// field_list, and those that have no file of their own.
struct simple_command {
    command what = command::ping;
    wire::bytes_view arguments;  ///< view into the decoded packet

    static void fields(auto& io, auto& self) {
        auto byte = static_cast<std::uint8_t>(self.what);
        io.u8(byte);
        if constexpr (requires { self.what = command{}; }) self.what = static_cast<command>(byte);
        io.rest(self.arguments);
    }

    friend bool operator==(const simple_command&, const simple_command&) = default;
};

}  // namespace weir::protocol::mysql
