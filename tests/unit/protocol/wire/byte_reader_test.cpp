#include "protocol/wire/byte_reader.hpp"

#include "tests/support/bytes.hpp"

#include <gtest/gtest.h>

namespace weir::protocol::wire {
namespace {

TEST(byte_reader, reads_every_width) {
    const auto data = test::from_hex("01 0200 030000 04000000 0500000000000000");
    byte_reader reader(test::view(data));
    EXPECT_EQ(reader.u8(), 1);
    EXPECT_EQ(reader.u16(), 2);
    EXPECT_EQ(reader.u24(), 3U);
    EXPECT_EQ(reader.u32(), 4U);
    EXPECT_EQ(reader.u64(), 5U);
    EXPECT_EQ(reader.remaining(), 0U);
    EXPECT_FALSE(reader.failed());
}

TEST(byte_reader, reads_length_encoded_integers) {
    const struct {
        const char* name;
        const char* hex;
        std::uint64_t value;
        error_code error;
    } rows[] = {
        {"one byte", "fa", 0xFA, {}},
        {"two bytes", "fc fbff", 0xFFFB, {}},
        {"three bytes", "fd 010203", 0x030201, {}},
        {"eight bytes", "fe 0102030405060708", 0x0807060504030201, {}},
        {"NULL is no number", "fb", 0, make_error_code(errc::value_out_of_range)},
        {"an error is no number", "ff", 0, make_error_code(errc::value_out_of_range)},
        {"cut off", "fc 01", 0, make_error_code(errc::truncated)},
        {"empty", "", 0, make_error_code(errc::truncated)},
    };

    for (const auto& row : rows) {
        SCOPED_TRACE(row.name);
        const auto data = test::from_hex(row.hex);
        byte_reader reader(test::view(data));
        EXPECT_EQ(reader.lenenc(), row.value);
        EXPECT_EQ(reader.error(), row.error);
    }
}

TEST(byte_reader, refuses_a_length_beyond_the_end) {
    const auto data = test::from_hex("fe ffffffffffffffff 00");
    byte_reader reader(test::view(data));
    EXPECT_TRUE(reader.lenenc_bytes().empty());
    EXPECT_EQ(reader.error(), make_error_code(errc::truncated));
}

TEST(byte_reader, does_nothing_after_the_first_failure) {
    const auto data = test::from_hex("01 02 03");
    byte_reader reader(test::view(data));
    EXPECT_EQ(reader.u32(), 0U);
    EXPECT_EQ(reader.u8(), 0);
    EXPECT_TRUE(reader.rest().empty());
    EXPECT_TRUE(reader.null_terminated().empty());
    EXPECT_EQ(reader.remaining(), 0U);
    reader.fail(errc::trailing_bytes);
    EXPECT_EQ(reader.error(), make_error_code(errc::truncated));
}

TEST(byte_reader, ends_text_at_its_zero) {
    const auto data = test::bytes(std::string_view("ab\0cd", 5));
    byte_reader reader(test::view(data));
    EXPECT_EQ(reader.null_terminated(), "ab");
    EXPECT_TRUE(reader.null_terminated().empty());
    EXPECT_EQ(reader.error(), make_error_code(errc::truncated));
}

}  // namespace
}  // namespace weir::protocol::wire
