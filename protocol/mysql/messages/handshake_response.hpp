#pragma once

#include "protocol/mysql/capabilities.hpp"
#include "protocol/wire/byte_writer.hpp"
#include "protocol/wire/bytes_view.hpp"
#include "protocol/wire/result.hpp"

#include <cstdint>
#include <string_view>

namespace weir::protocol::mysql {

/// Protocol::HandshakeResponse41: the login. Client to server, after the greeting or after TLS is
/// up. All views are into the decoded packet. Hand-written: half of the fields depend on the
/// capabilities in the packet itself.
struct handshake_response {
    /// The client's own; the caller intersects them with what was offered. Without `long_password`
    /// the upper 32 bits are MariaDB's.
    capability_set capabilities;
    std::uint32_t max_packet = 0;  ///< bytes
    std::uint16_t collation =
        0;  ///< on the wire goes the low byte only; decode leaves the high byte zero
    std::string_view user;
    wire::bytes_view auth_response;
    std::string_view schema;       ///< with CONNECT_WITH_DB
    std::string_view auth_plugin;  ///< with PLUGIN_AUTH
    wire::bytes_view attributes;   ///< with CONNECT_ATTRS; for connect_attribute_reader
    std::uint8_t zstd_level = 0;   ///< with ZSTD_COMPRESSION

    /// Fields missing at the end are empty, as servers read them. Errors: truncated,
    /// `unsupported_protocol` for the login of protocol 320 (no PROTOCOL_41).
    [[nodiscard]] static result<handshake_response> decode(wire::bytes_view payload);
    void encode(wire::byte_writer& writer) const;

    friend bool operator==(const handshake_response&, const handshake_response&) = default;
};

}  // namespace weir::protocol::mysql
