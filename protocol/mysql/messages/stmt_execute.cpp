#include "protocol/mysql/messages/stmt_execute.hpp"

#include "protocol/wire/byte_reader.hpp"

namespace weir::protocol::mysql {

result<stmt_execute> stmt_execute::decode(
    wire::bytes_view payload, capability_set capabilities, std::uint16_t prepared_parameters
) {
    wire::byte_reader reader(payload);
    if (reader.u8() != static_cast<std::uint8_t>(command::stmt_execute)) {
        reader.fail(wire::errc::value_out_of_range);
    }
    stmt_execute message;
    message.statement_id = reader.u32();
    message.flags = reader.u8();
    message.iteration_count = reader.u32();
    message.parameter_count = prepared_parameters;
    const bool has_attributes = capabilities.has(capability::query_attributes);
    const bool says_count = (message.flags & parameter_count_available) != 0;
    if (has_attributes && (prepared_parameters != 0 || says_count)) {
        message.counts_parameters = true;
        message.parameter_count = reader.lenenc();
        // Each parameter takes at least a bit of the bitmap: bounds the count before it is used.
        if (message.parameter_count / 8 > reader.remaining()) reader.fail(wire::errc::truncated);
    }
    if (message.parameter_count != 0) {
        message.null_bitmap =
            reader.bytes(static_cast<std::size_t>((message.parameter_count + 7) / 8));
        message.new_params_bound_offset = payload.size() - reader.remaining();
        message.new_params_bound = reader.u8() != 0;
        if (message.new_params_bound) {
            const wire::bytes_view from_types = payload.last(reader.remaining());
            for (std::uint64_t i = 0; i < message.parameter_count && !reader.failed(); ++i) {
                (void)reader.u16();
                if (has_attributes) (void)reader.lenenc_bytes();
            }
            message.types = from_types.first(from_types.size() - reader.remaining());
        }
    }
    message.values = reader.rest();
    if (reader.failed()) return reader.error();
    return message;
}

void stmt_execute::encode(wire::byte_writer& writer) const {
    writer.u8(static_cast<std::uint8_t>(command::stmt_execute));
    writer.u32(statement_id);
    writer.u8(flags);
    writer.u32(iteration_count);
    if (counts_parameters) writer.lenenc(parameter_count);
    if (parameter_count != 0) {
        writer.bytes(null_bitmap);
        writer.u8(new_params_bound ? 1 : 0);
        writer.bytes(types);
    }
    writer.bytes(values);
}

}  // namespace weir::protocol::mysql
