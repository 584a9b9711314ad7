#include "protocol/wire/codec.hpp"

#include "tests/support/bytes.hpp"
#include "tests/support/packets.hpp"

#include <gtest/gtest.h>

namespace weir::protocol::wire {
namespace {

struct sample {
    std::uint32_t number = 0;
    std::string_view name;
    bytes_view data;

    static void fields(auto& io, auto& self) {
        io.literal(0x42);
        io.u32(self.number);
        io.null_terminated(self.name);
        io.lenenc_bytes(self.data);
    }
};

TEST(codec, reads_back_what_it_wrote) {
    const auto payload = test::payload_of(sample{7, "name", bytes_of("data")});
    EXPECT_EQ(test::view(payload), test::view(test::from_hex("42 07000000 6e616d6500 0464617461")));
    const auto message = decode<sample>(test::view(payload));
    ASSERT_TRUE(message);
    EXPECT_EQ(message->number, 7U);
    EXPECT_EQ(message->name, "name");
    EXPECT_EQ(as_text(message->data), "data");
}

TEST(codec, refuses_a_payload_cut_off_anywhere) {
    const auto payload = test::payload_of(sample{7, "name", bytes_of("data")});
    for (std::size_t size = 0; size < payload.size(); ++size) {
        SCOPED_TRACE(size);
        EXPECT_EQ(
            decode<sample>(test::view(payload).first(size)).error(),
            make_error_code(errc::truncated)
        );
    }
}

TEST(codec, refuses_bytes_behind_the_last_field_and_another_literal) {
    auto payload = test::payload_of(sample{});
    payload.push_back(std::byte{0});
    EXPECT_EQ(decode<sample>(test::view(payload)).error(), make_error_code(errc::trailing_bytes));
    payload.pop_back();
    payload[0] = std::byte{0x43};
    EXPECT_EQ(
        decode<sample>(test::view(payload)).error(), make_error_code(errc::value_out_of_range)
    );
}

}  // namespace
}  // namespace weir::protocol::wire
