#include "protocol/mysql/compression/compressed_frame.hpp"

#include "protocol/mysql/errc.hpp"

#include "tests/support/bytes.hpp"

#include <gtest/gtest.h>

#include <random>

namespace weir::protocol::mysql {
namespace {

using test::operator+;

[[nodiscard]] test::byte_vector random_bytes(std::size_t size) {
    std::mt19937 engine(1);  // NOLINT(cert-msc51-cpp): the same bytes in each run
    test::byte_vector result(size);
    for (std::byte& value : result) {
        value = static_cast<std::byte>(engine() & 0xFFU);
    }
    return result;
}

[[nodiscard]] test::byte_vector compressed(compression_method method, wire::bytes_view inner) {
    compression_encoder encoder(method, 3);
    wire::send_buffer out;
    EXPECT_FALSE(encoder.encode(inner, out));
    return test::copy_of(out.view());
}

constexpr compression_method methods[] = {compression_method::zlib, compression_method::zstd};

TEST(compressed_frame, comes_back_wherever_the_bytes_are_split) {
    const struct {
        const char* name;
        test::byte_vector inner;
        bool is_packed;
    } rows[] = {
        {"one byte stays as it is", test::bytes("a"), false},
        {"49 bytes stay as they are", test::byte_vector(49), false},
        {"50 bytes are packed", test::byte_vector(50), true},
        {"random bytes stay as they are", random_bytes(100), false},
        {"a long text is packed", test::byte_vector(5000, std::byte{'x'}), true},
    };

    for (const compression_method method : methods) {
        for (const auto& row : rows) {
            const auto data = compressed(method, test::view(row.inner));
            EXPECT_EQ(
                compressed_header::load(test::view(data)).uncompressed_length != 0, row.is_packed
            );
            for (std::size_t split = 0; split <= data.size(); ++split) {
                SCOPED_TRACE(std::string(row.name) + " split at " + std::to_string(split));
                compression_decoder decoder(method);
                wire::send_buffer inner;
                const auto first = decoder.decode(test::view(data).first(split), inner);
                ASSERT_TRUE(first);
                if (split < data.size()) {
                    EXPECT_EQ(*first, 0U);
                    EXPECT_GT(decoder.bytes_wanted(), split);
                    ASSERT_TRUE(decoder.decode(test::view(data), inner));
                }
                EXPECT_EQ(inner.view(), test::view(row.inner));
                EXPECT_EQ(decoder.next_sequence(), 1);
            }
        }
    }
}

TEST(compressed_frame, numbers_frames_on_and_takes_them_as_they_are) {
    compression_encoder encoder(compression_method::zlib, 6);
    encoder.set_sequence(255);
    wire::send_buffer out;
    ASSERT_FALSE(encoder.encode(wire::bytes_of("a"), out));
    ASSERT_FALSE(encoder.encode(wire::bytes_of("b"), out));
    EXPECT_EQ(encoder.sequence(), 1);
    compression_decoder decoder(compression_method::zlib);
    wire::send_buffer inner;
    ASSERT_TRUE(decoder.decode(out.view(), inner));
    EXPECT_EQ(wire::as_text(inner.view()), "ab");
    EXPECT_EQ(decoder.next_sequence(), 1);
}

TEST(compressed_frame, takes_commands_that_were_sent_ahead_and_begin_anew) {
    wire::send_buffer out;
    for (const auto* const command : {"close", "query"}) {
        compression_encoder encoder(compression_method::zlib, 6);
        ASSERT_FALSE(encoder.encode(wire::bytes_of(command), out));
    }
    compression_decoder decoder(compression_method::zlib);
    wire::send_buffer inner;
    ASSERT_TRUE(decoder.decode(out.view(), inner));
    EXPECT_EQ(wire::as_text(inner.view()), "closequery");
    EXPECT_EQ(decoder.next_sequence(), 1);
}

TEST(compressed_frame, cuts_more_than_a_frame_holds_into_several) {
    const test::byte_vector inner(compressed_header::frame_max + 10);
    const auto data = compressed(compression_method::zlib, test::view(inner));
    compression_decoder decoder(compression_method::zlib);
    wire::send_buffer out;
    const auto consumed = decoder.decode(test::view(data), out, inner.size());
    ASSERT_TRUE(consumed);
    EXPECT_EQ(*consumed, data.size());
    EXPECT_EQ(out.view(), test::view(inner));
}

TEST(compressed_frame, stops_once_it_has_enough) {
    const auto frame = compressed(compression_method::zlib, wire::bytes_of("abc"));
    auto second = frame;
    second[3] = std::byte{1};
    compression_decoder decoder(compression_method::zlib);
    wire::send_buffer out;
    const auto consumed = decoder.decode(test::view(frame + second), out, 3);
    ASSERT_TRUE(consumed);
    EXPECT_EQ(*consumed, frame.size());
}

TEST(compressed_frame, does_not_believe_a_bomb) {
    for (const compression_method method : methods) {
        auto data = compressed(method, test::view(test::byte_vector(5000)));
        compression_decoder small(method, 4999);
        wire::send_buffer out;
        EXPECT_EQ(
            small.decode(test::view(data), out).error(), make_error_code(errc::packet_too_large)
        );

        auto header = compressed_header::load(test::view(data));
        for (const std::uint32_t lie : {1U, 4999U, 5001U}) {
            SCOPED_TRACE(lie);
            header.uncompressed_length = lie;
            header.store(data);
            compression_decoder decoder(method);
            EXPECT_EQ(
                decoder.decode(test::view(data), out).error(),
                make_error_code(errc::compression_failed)
            );
        }
    }
}

}  // namespace
}  // namespace weir::protocol::mysql
