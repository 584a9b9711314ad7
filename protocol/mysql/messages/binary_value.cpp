#include "protocol/mysql/messages/binary_value.hpp"

namespace weir::protocol::mysql {

wire::bytes_view read_binary_value(wire::byte_reader& reader, field_type type) {
    switch (type) {
        case field_type::null: return {};
        case field_type::tiny: return reader.bytes(1);
        case field_type::short_integer:
        case field_type::year: return reader.bytes(2);
        case field_type::long_integer:
        case field_type::int24:
        case field_type::float_number: return reader.bytes(4);
        case field_type::long_long:
        case field_type::double_number: return reader.bytes(8);
        case field_type::date:
        case field_type::datetime:
        case field_type::timestamp:
        case field_type::time: {
            const std::uint8_t size = reader.u8();
            return reader.bytes(size);
        }
        case field_type::decimal:
        case field_type::varchar:
        case field_type::bit:
        case field_type::vector:
        case field_type::json:
        case field_type::new_decimal:
        case field_type::enumeration:
        case field_type::set:
        case field_type::tiny_blob:
        case field_type::medium_blob:
        case field_type::long_blob:
        case field_type::blob:
        case field_type::var_string:
        case field_type::string:
        case field_type::geometry: return reader.lenenc_bytes();
    }
    reader.fail(wire::errc::value_out_of_range);
    return {};
}

bool is_string_type(field_type type) noexcept {
    switch (type) {
        case field_type::decimal:
        case field_type::varchar:
        case field_type::bit:
        case field_type::vector:
        case field_type::json:
        case field_type::new_decimal:
        case field_type::enumeration:
        case field_type::set:
        case field_type::tiny_blob:
        case field_type::medium_blob:
        case field_type::long_blob:
        case field_type::blob:
        case field_type::var_string:
        case field_type::string:
        case field_type::geometry: return true;
        case field_type::tiny:
        case field_type::short_integer:
        case field_type::long_integer:
        case field_type::float_number:
        case field_type::double_number:
        case field_type::null:
        case field_type::timestamp:
        case field_type::long_long:
        case field_type::int24:
        case field_type::date:
        case field_type::time:
        case field_type::datetime:
        case field_type::year: return false;
    }
    return false;
}

}  // namespace weir::protocol::mysql
