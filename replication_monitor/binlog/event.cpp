#include "replication_monitor/binlog/event.hpp"

#include "protocol/mysql/uuid.hpp"
#include "protocol/wire/byte_reader.hpp"
#include "protocol/wire/errc.hpp"

#include <algorithm>

namespace weir::replication_monitor::binlog {

using protocol::wire::byte_reader;
using protocol::wire::bytes_view;
using protocol::wire::errc;

namespace {

constexpr std::size_t checksum_size = 4;

}  // namespace

result<event> decode_event(bytes_view bytes, checksum ends_in) {
    byte_reader reader(bytes);
    event decoded;
    auto& header = decoded.header;
    header.timestamp = reader.u32();
    header.type = static_cast<event_type>(reader.u8());
    header.server_id = reader.u32();
    header.length = reader.u32();
    header.next_event = reader.u32();
    header.flags = reader.u16();
    if (reader.failed()) return reader.error();
    // A format description says itself how it ends.
    const bool has_end =
        ends_in == checksum::crc32 && header.type != event_type::format_description;
    const std::size_t behind = has_end ? checksum_size : 0;
    if (header.length < event_header::size + behind || bytes.size() > header.length)
        return make_error_code(errc::value_out_of_range);
    const std::size_t body = header.length - event_header::size - behind;
    decoded.body = reader.bytes(std::min(body, reader.remaining()));
    return decoded;
}

result<format_description> format_description::decode(bytes_view body) {
    constexpr std::size_t version_text_size = 50;
    constexpr std::uint8_t crc32 = 1;
    byte_reader reader(body);
    format_description decoded;
    decoded.version = reader.u16();
    reader.skip(version_text_size);
    decoded.created = reader.u32();
    (void)reader.u8();  // the length of a header
    // Lengths of events follow, of as many kinds as the server knows; then the algorithm, and a
    // checksum whatever that says.
    if (reader.remaining() < 1 + checksum_size) return make_error_code(errc::truncated);
    reader.skip(reader.remaining() - checksum_size - 1);
    const std::uint8_t algorithm = reader.u8();
    if (reader.failed()) return reader.error();
    if (algorithm > crc32) return make_error_code(errc::value_out_of_range);
    decoded.ends_in = algorithm == crc32 ? checksum::crc32 : checksum::none;
    return decoded;
}

result<gtid_event> gtid_event::decode(bytes_view body) {
    byte_reader reader(body);
    gtid_event decoded;
    (void)reader.u8();  // flags
    const bytes_view source = reader.bytes(decoded.source.size());
    decoded.number = reader.u64();
    if (reader.failed()) return reader.error();
    std::copy(source.begin(), source.end(), decoded.source.begin());
    return decoded;
}

std::string gtid_event::text() const {
    return protocol::mysql::uuid_text(std::span<const std::byte>(source)) + ":" +
           std::to_string(number);
}

result<query_event> query_event::decode(bytes_view body) {
    byte_reader reader(body);
    query_event decoded;
    decoded.thread_id = reader.u32();
    if (reader.failed()) return reader.error();
    return decoded;
}

result<rotate_event> rotate_event::decode(bytes_view body) {
    byte_reader reader(body);
    rotate_event decoded;
    decoded.position = reader.u64();
    decoded.file = protocol::wire::as_text(reader.rest());
    if (reader.failed()) return reader.error();
    return decoded;
}

result<protocol::mysql::gtid_set> decode_previous_gtids(bytes_view body) {
    return protocol::mysql::gtid_set::decode(body);
}

}  // namespace weir::replication_monitor::binlog
