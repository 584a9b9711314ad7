#include "protocol/wire/send_buffer.hpp"

#include "tests/support/bytes.hpp"

#include <gtest/gtest.h>

namespace weir::protocol::wire {
namespace {

TEST(send_buffer, appends_and_extends) {
    send_buffer buffer;
    buffer.append(bytes_of("ab"));
    const auto added = buffer.extend(2);
    added[1] = std::byte{'d'};
    EXPECT_EQ(buffer.view(), test::view(test::bytes({'a', 'b', 0, 'd'})));
    buffer.truncate(1);
    EXPECT_EQ(as_text(buffer.view()), "a");
}

TEST(send_buffer, keeps_a_small_block_and_frees_a_large_one_when_cleared) {
    send_buffer buffer;
    (void)buffer.extend(100);
    buffer.clear();
    EXPECT_GE(buffer.capacity(), 100U);
    (void)buffer.extend(1U << 20U);
    buffer.clear();
    EXPECT_EQ(buffer.capacity(), 0U);
}

TEST(send_buffer, holds_no_memory_after_release) {
    send_buffer buffer;
    buffer.append(bytes_of("ab"));
    buffer.release();
    EXPECT_TRUE(buffer.empty());
    EXPECT_EQ(buffer.capacity(), 0U);
}

}  // namespace
}  // namespace weir::protocol::wire
