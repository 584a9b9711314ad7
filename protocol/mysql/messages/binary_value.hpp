#pragma once

#include "protocol/wire/byte_reader.hpp"
#include "protocol/wire/bytes_view.hpp"

#include <cstdint>

namespace weir::protocol::mysql {

/// How values travel in the binary protocol. Source: MySQL "Binary Protocol Value",
/// enum_field_types.
enum class field_type : std::uint8_t {
    decimal = 0,
    tiny = 1,
    short_integer = 2,
    long_integer = 3,
    float_number = 4,
    double_number = 5,
    null = 6,
    timestamp = 7,
    long_long = 8,
    int24 = 9,
    date = 10,
    time = 11,
    datetime = 12,
    year = 13,
    varchar = 15,
    bit = 16,
    vector = 242,
    json = 245,
    new_decimal = 246,
    enumeration = 247,
    set = 248,
    tiny_blob = 249,
    medium_blob = 250,
    long_blob = 251,
    blob = 252,
    var_string = 253,
    string = 254,
    geometry = 255,
};

/// One value that is not NULL: its content without a length prefix. Failures are the reader's; a
/// type without a known form is value_out_of_range.
[[nodiscard]] wire::bytes_view read_binary_value(wire::byte_reader& reader, field_type type);

/// True for the types whose content is text or bytes behind a length.
[[nodiscard]] bool is_string_type(field_type type) noexcept;

}  // namespace weir::protocol::mysql
