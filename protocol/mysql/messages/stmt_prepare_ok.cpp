#include "protocol/mysql/messages/stmt_prepare_ok.hpp"

#include "protocol/wire/byte_reader.hpp"

namespace weir::protocol::mysql {

result<stmt_prepare_ok> stmt_prepare_ok::decode(
    wire::bytes_view payload, capability_set capabilities
) {
    wire::byte_reader reader(payload);
    if (reader.u8() != 0x00) reader.fail(wire::errc::value_out_of_range);
    stmt_prepare_ok message;
    message.statement_id = reader.u32();
    message.columns = reader.u16();
    message.parameters = reader.u16();
    if (reader.remaining() != 0) {
        reader.skip(1);
        message.warnings = reader.u16();
    }
    const bool has_flag = capabilities.has(capability::optional_resultset_metadata);
    if (has_flag && reader.remaining() != 0) message.metadata_follows = reader.u8() != 0;
    if (reader.failed()) return reader.error();
    if (reader.remaining() != 0) return make_error_code(wire::errc::trailing_bytes);
    return message;
}

void stmt_prepare_ok::encode(wire::byte_writer& writer, capability_set capabilities) const {
    writer.u8(0x00);
    writer.u32(statement_id);
    writer.u16(columns);
    writer.u16(parameters);
    writer.u8(0);
    writer.u16(warnings);
    if (capabilities.has(capability::optional_resultset_metadata))
        writer.u8(metadata_follows ? 1 : 0);
}

}  // namespace weir::protocol::mysql
