#pragma once

#include "protocol/mysql/command.hpp"
#include "protocol/mysql/gtid_set.hpp"
#include "protocol/wire/byte_writer.hpp"
#include "protocol/wire/send_buffer.hpp"

#include <cstdint>

namespace weir::protocol::mysql {

/// COM_BINLOG_DUMP_GTID. Client to server: send all events but those of the transactions in
/// `known`, up to the end of the binary log as it is then, and an EOF packet. Source: MySQL
/// "COM_BINLOG_DUMP_GTID"; the server reads the set whenever it finds one, the flag says nothing.
struct binlog_dump_gtid {
    const gtid_set& known;

    /// Ends at the end of the log, in place of waiting for more there.
    static constexpr std::uint16_t non_block = 0x01;
    static constexpr std::uint16_t through_gtid = 0x04;
    /// Of the first event in a file: its first bytes say what kind of file it is.
    static constexpr std::uint64_t first_position = 4;

    /// False: the set has no binary form.
    [[nodiscard]] bool encode(wire::byte_writer& writer) const {
        wire::send_buffer set;
        wire::byte_writer set_writer(set);
        if (!known.encode(set_writer)) return false;
        writer.u8(static_cast<std::uint8_t>(command::binlog_dump_gtid));
        writer.u16(non_block | through_gtid);
        writer.u32(0);  // a replica's number; none is known by 0
        writer.u32(0);  // length of a file's name: the set says where to begin
        writer.u64(first_position);
        writer.u32(static_cast<std::uint32_t>(set.size()));
        writer.bytes(set.view());
        return true;
    }
};

}  // namespace weir::protocol::mysql
