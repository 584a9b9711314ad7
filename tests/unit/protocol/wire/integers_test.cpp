#include "protocol/wire/integers.hpp"

#include "tests/support/bytes.hpp"

#include <gtest/gtest.h>

namespace weir::protocol::wire {
namespace {

template <class Integer>
[[nodiscard]] test::byte_vector layout(Integer value) {
    return {value.bytes().begin(), value.bytes().end()};
}

TEST(wire_integer, lays_out_least_significant_byte_first) {
    EXPECT_EQ(layout(little_u16(0x0102)), test::bytes({2, 1}));
    EXPECT_EQ(layout(little_u24(0x010203)), test::bytes({3, 2, 1}));
    EXPECT_EQ(layout(little_u32(0x01020304)), test::bytes({4, 3, 2, 1}));
    EXPECT_EQ(layout(little_u48(0x010203040506)), test::bytes({6, 5, 4, 3, 2, 1}));
    EXPECT_EQ(layout(little_u64(0x0102030405060708)), test::bytes({8, 7, 6, 5, 4, 3, 2, 1}));
}

TEST(wire_integer, lays_out_most_significant_byte_first) {
    EXPECT_EQ(layout(big_u16(0x0102)), test::bytes({1, 2}));
    EXPECT_EQ(layout(big_u32(0x01020304)), test::bytes({1, 2, 3, 4}));
}

TEST(wire_integer, converts_back_at_its_limits) {
    EXPECT_EQ(std::uint16_t{little_u16(0xFFFF)}, 0xFFFF);
    EXPECT_EQ(std::uint32_t{little_u24(0xFFFFFF)}, 0xFFFFFFU);
    EXPECT_EQ(std::uint64_t{little_u64(0xFFFFFFFFFFFFFFFF)}, 0xFFFFFFFFFFFFFFFF);
    EXPECT_EQ(std::uint32_t{big_u32(0xFFFFFFFE)}, 0xFFFFFFFEU);
}

}  // namespace
}  // namespace weir::protocol::wire
