#pragma once

#include "protocol/mysql/gtid_set.hpp"
#include "protocol/mysql/uuid.hpp"
#include "protocol/wire/byte_writer.hpp"
#include "protocol/wire/send_buffer.hpp"
#include "replication_monitor/binlog/event.hpp"

#include "tests/support/bytes.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace weir::test {

/// Composes events as a server sends them to who reads its binary log.
class binlog_writer {
public:
    using event_type = replication_monitor::binlog::event_type;
    using event_header = replication_monitor::binlog::event_header;
    using checksum = replication_monitor::binlog::checksum;

    explicit binlog_writer(checksum ends_in = checksum::crc32) : ends_in_(ends_in) {}

    std::uint32_t server_id = 1;
    std::uint32_t timestamp = 1'000;
    std::string uuid = "84871413-ea04-11f1-af71-02fc00000001";

    /// What a reader is told of the file that it gets.
    [[nodiscard]] byte_vector file() const {
        return make(event_type::rotate, body({}, 4, "binlog.000002"), event_header::artificial);
    }

    /// What a server writes at the end of a file.
    [[nodiscard]] byte_vector rotate() const {
        return make(event_type::rotate, body({}, 4, "binlog.000003"), 0);
    }

    [[nodiscard]] byte_vector format(std::uint32_t created = 0) const {
        protocol::wire::send_buffer out;
        protocol::wire::byte_writer writer(out);
        writer.u16(4);
        writer.text("9.7.0");
        writer.zeros(45);
        writer.u32(created);
        writer.u8(19);
        writer.zeros(42);
        writer.u8(ends_in_ == checksum::crc32 ? 1 : 0);
        writer.u32(0xABABABAB);
        return make(event_type::format_description, copy_of(out.view()), 0, false);
    }

    [[nodiscard]] byte_vector previous(std::string_view gtids) const {
        protocol::wire::send_buffer out;
        protocol::wire::byte_writer writer(out);
        const auto set =
            protocol::mysql::gtid_set::parse(gtids, protocol::mysql::server_flavor::mysql);
        (void)set->encode(writer);
        return make(event_type::previous_gtids, copy_of(out.view()));
    }

    [[nodiscard]] byte_vector gtid(std::uint64_t number) const {
        protocol::wire::send_buffer out;
        protocol::wire::byte_writer writer(out);
        writer.u8(0);
        const auto source = protocol::mysql::uuid_bytes(uuid);
        writer.bytes(std::span<const std::byte>(*source));
        writer.u64(number);
        writer.zeros(12);
        return make(event_type::gtid, copy_of(out.view()));
    }

    [[nodiscard]] byte_vector query(std::uint32_t thread_id, std::string_view text) const {
        protocol::wire::send_buffer out;
        protocol::wire::byte_writer writer(out);
        writer.u32(thread_id);
        writer.zeros(9);
        writer.u8(0);
        writer.text(text);
        return make(event_type::query, copy_of(out.view()));
    }

    [[nodiscard]] byte_vector other(event_type type, std::size_t size = 8) const {
        return make(type, byte_vector(size));
    }

private:
    [[nodiscard]] static byte_vector body(
        byte_vector front, std::uint64_t number, std::string_view text
    ) {
        protocol::wire::send_buffer out;
        protocol::wire::byte_writer writer(out);
        writer.bytes(view(front));
        writer.u64(number);
        writer.text(text);
        return copy_of(out.view());
    }

    [[nodiscard]] byte_vector make(
        event_type type, const byte_vector& body, std::uint16_t flags = 0, bool has_end = true
    ) const {
        const bool ends = has_end && ends_in_ == checksum::crc32;
        protocol::wire::send_buffer out;
        protocol::wire::byte_writer writer(out);
        writer.u32(timestamp);
        writer.u8(static_cast<std::uint8_t>(type));
        writer.u32(server_id);
        writer.u32(static_cast<std::uint32_t>(event_header::size + body.size() + (ends ? 4 : 0)));
        writer.u32(0);
        writer.u16(flags);
        writer.bytes(view(body));
        if (ends) writer.u32(0xCDCDCDCD);
        return copy_of(out.view());
    }

    checksum ends_in_;
};

}  // namespace weir::test
