#include "protocol/mysql/messages/err.hpp"

#include "protocol/mysql/length_encoded.hpp"
#include "protocol/wire/byte_reader.hpp"

namespace weir::protocol::mysql {
namespace {

constexpr std::size_t sql_state_size = 5;

}  // namespace

result<err> err::decode(wire::bytes_view payload) {
    wire::byte_reader reader(payload);
    if (reader.u8() != err_byte) reader.fail(wire::errc::value_out_of_range);
    err message;
    message.code = reader.u16();
    message.message = wire::as_text(reader.rest());
    if (reader.failed()) return reader.error();
    if (message.message.starts_with('#') && message.message.size() > sql_state_size) {
        message.sql_state = message.message.substr(1, sql_state_size);
        message.message.remove_prefix(1 + sql_state_size);
    }
    return message;
}

void err::encode(wire::byte_writer& writer, capability_set capabilities) const {
    writer.u8(err_byte);
    writer.u16(code);
    if (capabilities.has(capability::protocol_41)) {
        writer.u8('#');
        writer.text(sql_state.size() == sql_state_size ? sql_state : std::string_view("HY000"));
    }
    writer.text(message);
}

}  // namespace weir::protocol::mysql
