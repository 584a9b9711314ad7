#pragma once

#include "protocol/mysql/capabilities.hpp"
#include "protocol/mysql/server_errc.hpp"
#include "protocol/wire/byte_writer.hpp"
#include "protocol/wire/bytes_view.hpp"
#include "protocol/wire/result.hpp"

#include <cstdint>
#include <string_view>

namespace weir::protocol::mysql {

/// Protocol::ERR_Packet. Server to client; ends a response. Views into the decoded packet.
/// Hand-written: the SQLSTATE is there only once the client's capabilities are known.
struct err {
    std::uint16_t code = 0;
    std::string_view sql_state;  ///< five characters, or empty if the packet has none
    std::string_view message;

    /// An error of our own; `message` is borrowed.
    [[nodiscard]] static err make(server_errc code, std::string_view message) noexcept {
        return {static_cast<std::uint16_t>(code), mysql::sql_state(code), message};
    }

    /// The state is recognised by its '#' mark, so that one decoder serves before and after the
    /// login.
    [[nodiscard]] static result<err> decode(wire::bytes_view payload);

    /// Without PROTOCOL_41, as before the login packet, no state is written; an empty one becomes
    /// HY000.
    void encode(wire::byte_writer& writer, capability_set capabilities) const;

    friend bool operator==(const err&, const err&) = default;
};

/// MariaDB's progress report: an ERR with number 0xFFFF that ends nothing. Server to client, at any
/// time before the first packet of a response, with the capability `progress`. Source: MariaDB
/// knowledge base "Progress Report".
struct progress_report {
    static constexpr std::uint16_t code = 0xFFFF;

    std::uint8_t stage = 0;
    std::uint8_t stages = 0;
    std::uint32_t progress = 0;  ///< thousandths of a percent of the stage
    std::string_view info;

    static void fields(auto& io, auto& self) {
        io.literal(0xFF);
        io.literal(0xFF);
        io.literal(0xFF);
        io.literal(0x01);  // number of strings that follow, always one
        io.u8(self.stage);
        io.u8(self.stages);
        io.u24(self.progress);
        io.lenenc_text(self.info);
    }

    friend bool operator==(const progress_report&, const progress_report&) = default;
};

}  // namespace weir::protocol::mysql
