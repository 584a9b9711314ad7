#include "protocol/mysql/messages/change_user.hpp"

#include "protocol/mysql/command.hpp"
#include "protocol/wire/byte_reader.hpp"

#include <algorithm>

namespace weir::protocol::mysql {

result<change_user> change_user::decode(wire::bytes_view payload, capability_set capabilities) {
    wire::byte_reader reader(payload);
    if (reader.u8() != static_cast<std::uint8_t>(command::change_user)) {
        reader.fail(wire::errc::value_out_of_range);
    }
    change_user message;
    message.user = reader.null_terminated();
    if (capabilities.has(capability::secure_connection)) {
        const std::uint8_t size = reader.u8();
        message.auth_response = reader.bytes(size);
    } else {
        message.auth_response = wire::bytes_of(reader.null_terminated());
    }
    message.schema = reader.null_terminated();
    if (reader.remaining() >= 2) {
        message.collation = reader.u16();
        if (capabilities.has(capability::plugin_auth) && reader.remaining() != 0) {
            message.auth_plugin = reader.null_terminated();
        }
        if (capabilities.has(capability::connect_attrs) && reader.remaining() != 0) {
            message.attributes = reader.lenenc_bytes();
        }
    }
    if (reader.failed()) return reader.error();
    return message;
}

void change_user::encode(wire::byte_writer& writer, capability_set capabilities) const {
    writer.u8(static_cast<std::uint8_t>(command::change_user));
    writer.null_terminated(user);
    if (capabilities.has(capability::secure_connection)) {
        const auto sent = auth_response.first(std::min<std::size_t>(auth_response.size(), 0xFF));
        writer.u8(static_cast<std::uint8_t>(sent.size()));
        writer.bytes(sent);
    } else {
        writer.bytes(auth_response);
        writer.u8(0);
    }
    writer.null_terminated(schema);
    writer.u16(collation);
    if (capabilities.has(capability::plugin_auth)) writer.null_terminated(auth_plugin);
    if (capabilities.has(capability::connect_attrs)) writer.lenenc_bytes(attributes);
}

}  // namespace weir::protocol::mysql
