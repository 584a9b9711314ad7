#pragma once

#include "protocol/mysql/capabilities.hpp"
#include "protocol/mysql/status_flags.hpp"
#include "protocol/wire/byte_writer.hpp"
#include "protocol/wire/bytes_view.hpp"
#include "protocol/wire/result.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace weir::protocol::mysql {

/// The random bytes that a password is proven against.
using scramble_bytes = std::array<std::byte, 20>;

/// Protocol::HandshakeV10. Server to client, the first packet of a connection (a server may send
/// err instead). Hand-written: the capabilities lie in three places and the scramble in two, which
/// no single list of fields says.
struct greeting {
    std::uint8_t protocol_version = 10;
    std::string_view server_version;  ///< view into the decoded packet
    std::uint32_t thread_id = 0;
    scramble_bytes scramble{};

    /// Without `long_password` in it the upper 32 bits are MariaDB's and on the wire; with it they
    /// must be zero.
    capability_set capabilities;
    std::uint8_t collation = 0;  ///< the low byte of the server's default collation id
    status_set status;
    std::string_view auth_plugin;  ///< view into the decoded packet; empty without PLUGIN_AUTH

    /// Errors: truncated, `unsupported_protocol` (not version 10, or a scramble shorter than 20
    /// bytes).
    [[nodiscard]] static result<greeting> decode(wire::bytes_view payload);
    void encode(wire::byte_writer& writer) const;

    friend bool operator==(const greeting&, const greeting&) = default;
};

}  // namespace weir::protocol::mysql
