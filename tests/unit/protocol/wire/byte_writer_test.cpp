#include "protocol/wire/byte_writer.hpp"

#include "tests/support/bytes.hpp"

#include <gtest/gtest.h>

namespace weir::protocol::wire {
namespace {

TEST(byte_writer, writes_length_encoded_integers_in_their_shortest_form) {
    const struct {
        std::uint64_t value;
        const char* hex;
    } rows[] = {
        {0, "00"},
        {0xFA, "fa"},
        {0xFB, "fc fb00"},
        {0xFFFF, "fc ffff"},
        {0x10000, "fd 000001"},
        {0xFFFFFF, "fd ffffff"},
        {0x1000000, "fe 0000000100000000"},
    };

    for (const auto& row : rows) {
        SCOPED_TRACE(row.value);
        send_buffer buffer;
        byte_writer(buffer).lenenc(row.value);
        EXPECT_EQ(buffer.view(), test::view(test::from_hex(row.hex)));
    }
}

TEST(byte_writer, leaves_out_all_that_goes_above_its_limit) {
    send_buffer buffer;
    byte_writer writer(buffer, 3);
    writer.u16(1);
    writer.text("ab");
    writer.u8(1);
    EXPECT_EQ(buffer.size(), 2U);
    EXPECT_EQ(writer.error(), make_error_code(errc::buffer_limit));
}

TEST(byte_writer, writes_texts_in_all_their_forms) {
    send_buffer buffer;
    byte_writer writer(buffer);
    writer.null_terminated("a");
    writer.lenenc_text("bc");
    writer.zeros(2);
    writer.u24(0x030201);
    EXPECT_EQ(buffer.view(), test::view(test::from_hex("61 00 02 62 63 00 00 01 02 03")));
}

}  // namespace
}  // namespace weir::protocol::wire
