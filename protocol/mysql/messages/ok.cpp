#include "protocol/mysql/messages/ok.hpp"

#include "protocol/mysql/length_encoded.hpp"
#include "protocol/wire/byte_reader.hpp"

namespace weir::protocol::mysql {

result<ok> ok::decode(wire::bytes_view payload, capability_set capabilities) {
    wire::byte_reader reader(payload);
    ok message;
    message.header = reader.u8();
    if (message.header != 0x00 && message.header != eof_byte)
        reader.fail(wire::errc::value_out_of_range);
    message.affected_rows = reader.lenenc();
    message.last_insert_id = reader.lenenc();
    message.status = status_set(reader.u16());
    message.warnings = reader.u16();
    if (!capabilities.has(capability::session_track)) {
        // Servers write a length here too, whatever their manuals say.
        if (reader.remaining() != 0) message.info = reader.lenenc_text();
    } else if (reader.remaining() != 0) {
        message.info = reader.lenenc_text();
        if (message.status.has(status_flag::session_state_changed) && reader.remaining() != 0) {
            message.session_state = reader.lenenc_bytes();
        }
    }
    if (reader.failed()) return reader.error();
    return message;
}

void ok::encode(wire::byte_writer& writer, capability_set capabilities) const {
    const bool tracks = capabilities.has(capability::session_track);
    const bool has_state = tracks && status.has(status_flag::session_state_changed);
    writer.u8(header);
    writer.lenenc(affected_rows);
    writer.lenenc(last_insert_id);
    writer.u16((tracks ? status : status.without(status_flag::session_state_changed)).value());
    writer.u16(warnings);
    if (!tracks) {
        if (!info.empty()) writer.lenenc_text(info);
    } else if (has_state || !info.empty()) {
        writer.lenenc_text(info);
        if (has_state) writer.lenenc_bytes(session_state);
    }
}

}  // namespace weir::protocol::mysql
