#include "protocol/mysql/packet_reader.hpp"

#include "protocol/mysql/errc.hpp"

#include "tests/support/packets.hpp"

#include <gtest/gtest.h>

namespace weir::protocol::mysql {
namespace {

using test::operator+;

constexpr std::size_t small_frame = 4;

TEST(packet_reader, sees_one_frame_in_place) {
    packet_reader reader(100);
    const auto data = test::frames_of({test::bytes("abc")}, 0) + test::bytes("more");
    const auto found = reader.next(test::view(data));
    ASSERT_TRUE(found && *found);
    EXPECT_EQ((*found)->payload.data(), data.data() + packet_header::size);
    EXPECT_EQ(wire::as_text((*found)->payload), "abc");
    EXPECT_EQ((*found)->wire.size(), 7U);
    EXPECT_EQ((*found)->frames, 1U);
    EXPECT_EQ(reader.expected_sequence(), 1);
}

TEST(packet_reader, finds_the_same_packet_wherever_the_bytes_are_split) {
    const struct {
        const char* name;
        std::string_view payload;
        std::size_t frames;
    } rows[] = {
        {"empty", "", 1},
        {"one frame", "abc", 1},
        {"exactly one frame has an empty one behind it", "abcd", 2},
        {"two frames", "abcdef", 2},
        {"two full frames", "abcdefgh", 3},
    };

    for (const auto& row : rows) {
        const auto data = test::frames_of({test::bytes(row.payload)}, 5, small_frame);
        for (std::size_t split = 0; split <= data.size(); ++split) {
            SCOPED_TRACE(std::string(row.name) + " split at " + std::to_string(split));
            packet_reader reader(100, small_frame);
            reader.expect_sequence(5);
            auto found = reader.next(test::view(data).first(split));
            ASSERT_TRUE(found);
            if (split < data.size()) {
                EXPECT_FALSE(*found);
                EXPECT_GT(reader.bytes_wanted(), split);
                EXPECT_LE(reader.bytes_wanted(), data.size());
                found = reader.next(test::view(data));
                ASSERT_TRUE(found);
            }
            ASSERT_TRUE(*found);
            EXPECT_EQ(wire::as_text((*found)->payload), row.payload);
            EXPECT_EQ((*found)->wire, test::view(data));
            EXPECT_EQ((*found)->frames, row.frames);
            EXPECT_EQ((*found)->first_sequence, 5);
            EXPECT_EQ((*found)->last_sequence, 4 + row.frames);
        }
    }
}

TEST(packet_reader, rejects_a_skipped_sequence_number) {
    packet_reader reader(100);
    const auto data = test::frames_of({test::bytes("abc")}, 1);
    EXPECT_EQ(reader.next(test::view(data)).error(), make_error_code(errc::sequence_mismatch));
}

TEST(packet_reader, rejects_a_wrong_number_in_a_later_frame) {
    packet_reader reader(100, small_frame);
    auto data = test::frames_of({test::bytes("abcdef")}, 0, small_frame);
    data[2 * packet_header::size + small_frame - 1] = std::byte{7};
    EXPECT_EQ(reader.next(test::view(data)).error(), make_error_code(errc::sequence_mismatch));
}

TEST(packet_reader, rejects_a_packet_above_the_limit_from_its_header_alone) {
    packet_reader reader(5, small_frame);
    const auto data = test::frames_of({test::bytes("abcdef")}, 0, small_frame);
    const std::size_t second_header_end = 2 * packet_header::size + small_frame;
    const auto found = reader.next(test::view(data).first(second_header_end));
    EXPECT_EQ(found.error(), make_error_code(errc::packet_too_large));
    EXPECT_EQ(reader.newest_sequence(), 1);
}

TEST(packet_reader, accepts_a_packet_of_exactly_the_limit) {
    packet_reader reader(6, small_frame);
    const auto data = test::frames_of({test::bytes("abcdef")}, 0, small_frame);
    const auto found = reader.next(test::view(data));
    ASSERT_TRUE(found);
    EXPECT_TRUE(*found);
}

}  // namespace
}  // namespace weir::protocol::mysql
