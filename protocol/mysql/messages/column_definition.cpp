#include "protocol/mysql/messages/column_definition.hpp"

#include "protocol/wire/byte_reader.hpp"

namespace weir::protocol::mysql {
namespace {

/// Size of the fixed fields behind the names; the packet holds it as a number in front of them.
constexpr std::uint64_t fixed_size = 12;

}  // namespace

result<column_definition> column_definition::decode(
    wire::bytes_view payload, capability_set capabilities
) {
    wire::byte_reader reader(payload);
    column_definition message;
    message.catalog = reader.lenenc_text();
    message.schema = reader.lenenc_text();
    message.table = reader.lenenc_text();
    message.org_table = reader.lenenc_text();
    message.name = reader.lenenc_text();
    message.org_name = reader.lenenc_text();
    if (capabilities.has(capability::extended_metadata))
        message.extended_metadata = reader.lenenc_bytes();
    if (reader.lenenc() != fixed_size) reader.fail(wire::errc::value_out_of_range);
    message.collation = reader.u16();
    message.length = reader.u32();
    message.type = reader.u8();
    message.flags = reader.u16();
    message.decimals = reader.u8();
    reader.skip(2);
    message.default_value = reader.rest();
    if (reader.failed()) return reader.error();
    return message;
}

void column_definition::encode(wire::byte_writer& writer, capability_set capabilities) const {
    for (const std::string_view text : {catalog, schema, table, org_table, name, org_name}) {
        writer.lenenc_text(text);
    }
    if (capabilities.has(capability::extended_metadata)) writer.lenenc_bytes(extended_metadata);
    writer.lenenc(fixed_size);
    writer.u16(collation);
    writer.u32(length);
    writer.u8(type);
    writer.u16(flags);
    writer.u8(decimals);
    writer.zeros(2);
    writer.bytes(default_value);
}

}  // namespace weir::protocol::mysql
