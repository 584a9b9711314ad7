#include "protocol/mysql/messages/handshake_response.hpp"

#include "protocol/mysql/errc.hpp"
#include "protocol/mysql/messages/login_head.hpp"
#include "protocol/wire/byte_reader.hpp"

#include <algorithm>

namespace weir::protocol::mysql {
namespace {

/// The last fields of a login may be missing, and the last text may lack its zero: some clients
/// send it so, and servers accept it.
[[nodiscard]] std::string_view lenient_text(wire::byte_reader& reader, wire::bytes_view payload) {
    const wire::bytes_view left = payload.last(reader.remaining());
    if (wire::as_text(left).find('\0') == std::string_view::npos)
        return wire::as_text(reader.rest());
    return reader.null_terminated();
}

[[nodiscard]] wire::bytes_view read_auth_response(
    wire::byte_reader& reader, capability_set capabilities
) {
    if (capabilities.has(capability::plugin_auth_lenenc_data)) return reader.lenenc_bytes();
    if (capabilities.has(capability::secure_connection)) {
        const std::uint8_t size = reader.u8();
        return reader.bytes(size);
    }
    return wire::bytes_of(reader.null_terminated());
}

}  // namespace

result<handshake_response> handshake_response::decode(wire::bytes_view payload) {
    wire::byte_reader reader(payload);
    // Protocol 320 has the same first two bytes, so the flag is read before the rest is asked for.
    const capability_set first_flags(wire::byte_reader(payload).u16());
    if (payload.size() >= 2 && !first_flags.has(capability::protocol_41)) {
        return make_error_code(errc::unsupported_protocol);
    }
    const login_head head = login_head::read(reader);
    handshake_response message;
    message.capabilities = head.capabilities;
    message.max_packet = head.max_packet;
    message.collation = head.collation;
    message.user = reader.null_terminated();
    message.auth_response = read_auth_response(reader, head.capabilities);
    if (head.capabilities.has(capability::connect_with_db))
        message.schema = lenient_text(reader, payload);
    if (head.capabilities.has(capability::plugin_auth))
        message.auth_plugin = lenient_text(reader, payload);
    if (head.capabilities.has(capability::connect_attrs) && reader.remaining() != 0) {
        message.attributes = reader.lenenc_bytes();
    }
    if (head.capabilities.has(capability::zstd_compression) && reader.remaining() != 0) {
        message.zstd_level = reader.u8();
    }
    if (reader.failed()) return reader.error();
    return message;
}

void handshake_response::encode(wire::byte_writer& writer) const {
    // The field has one byte; the servers learn the rest of a larger id from SET NAMES.
    const auto collation_low_byte = static_cast<std::uint8_t>(collation & 0xFFU);
    login_head{capabilities, max_packet, collation_low_byte}.write(writer);
    writer.null_terminated(user);
    if (capabilities.has(capability::plugin_auth_lenenc_data)) {
        writer.lenenc_bytes(auth_response);
    } else if (capabilities.has(capability::secure_connection)) {
        const auto sent = auth_response.first(std::min<std::size_t>(auth_response.size(), 0xFF));
        writer.u8(static_cast<std::uint8_t>(sent.size()));
        writer.bytes(sent);
    } else {
        writer.bytes(auth_response);
        writer.u8(0);
    }
    if (capabilities.has(capability::connect_with_db)) writer.null_terminated(schema);
    if (capabilities.has(capability::plugin_auth)) writer.null_terminated(auth_plugin);
    if (capabilities.has(capability::connect_attrs)) writer.lenenc_bytes(attributes);
    if (capabilities.has(capability::zstd_compression)) writer.u8(zstd_level);
}

}  // namespace weir::protocol::mysql
