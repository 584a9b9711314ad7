#include "protocol/mysql/packet_writer.hpp"

#include "tests/support/packets.hpp"

#include <gtest/gtest.h>

namespace weir::protocol::mysql {
namespace {

TEST(packet_writer, splits_as_append_packet_does) {
    for (std::size_t size = 0; size <= 13; ++size) {
        SCOPED_TRACE(size);
        const std::string payload = std::string("abcdefghijklm").substr(0, size);
        wire::send_buffer buffer;
        buffer.append(wire::bytes_of("before"));
        packet_writer packet(buffer, 254, 4);
        auto writer = packet.begin();
        writer.text(payload);
        packet.end();

        wire::send_buffer expected;
        expected.append(wire::bytes_of("before"));
        std::uint8_t sequence = 254;
        append_packet(expected, sequence, wire::bytes_of(payload), 4);
        EXPECT_EQ(buffer.view(), expected.view());
        EXPECT_EQ(packet.next_sequence(), sequence);
    }
}

TEST(packet_writer, writes_header_and_payload) {
    EXPECT_EQ(
        test::view(test::frames_of({test::bytes("abc")}, 9)),
        test::view(test::from_hex("030000 09 616263"))
    );
}

TEST(packet_writer, ends_a_payload_of_full_frames_with_an_empty_one) {
    EXPECT_EQ(
        test::view(test::frames_of({test::bytes("abcd")}, 0, 4)),
        test::view(test::from_hex("040000 00 61626364 000000 01"))
    );
}

}  // namespace
}  // namespace weir::protocol::mysql
