#pragma once

#include "protocol/mysql/capabilities.hpp"
#include "protocol/mysql/status_flags.hpp"
#include "protocol/wire/byte_writer.hpp"
#include "protocol/wire/bytes_view.hpp"
#include "protocol/wire/result.hpp"

#include <cstdint>
#include <string_view>

namespace weir::protocol::mysql {

/// Protocol::OK_Packet. Server to client; under header 0xFE it ends rows where EOF is deprecated.
/// Views into the decoded packet. Hand-written: with SESSION_TRACK the end has another form.
struct ok {
    std::uint8_t header = 0x00;  ///< 0x00 or 0xFE
    std::uint64_t affected_rows = 0;
    std::uint64_t last_insert_id = 0;
    status_set status;
    std::uint16_t warnings = 0;
    std::string_view info;  ///< human readable
    wire::bytes_view
        session_state;  ///< for session_track_reader; needs `session_state_changed` in `status`

    /// `capabilities`: negotiated on the connection. Errors: truncated, value_out_of_range.
    [[nodiscard]] static result<ok> decode(wire::bytes_view payload, capability_set capabilities);

    /// Without SESSION_TRACK the session state is left out and so is its status flag.
    void encode(wire::byte_writer& writer, capability_set capabilities) const;

    friend bool operator==(const ok&, const ok&) = default;
};

}  // namespace weir::protocol::mysql
