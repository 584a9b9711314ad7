#include "protocol/wire/receive_buffer.hpp"

#include "tests/support/bytes.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <utility>

namespace weir::protocol::wire {
namespace {

void fill(receive_buffer& buffer, std::string_view text) {
    const auto bytes = bytes_of(text);
    const auto free = buffer.prepare(bytes.size());
    std::copy(bytes.begin(), bytes.end(), free.begin());
    buffer.commit(bytes.size());
}

TEST(receive_buffer, holds_no_memory_before_its_first_use) {
    const receive_buffer buffer;
    EXPECT_EQ(buffer.capacity(), 0U);
    EXPECT_TRUE(buffer.empty());
    EXPECT_TRUE(buffer.pending().empty());
}

TEST(receive_buffer, keeps_pending_bytes_while_it_grows) {
    receive_buffer buffer;
    fill(buffer, "abc");
    EXPECT_GE(buffer.prepare(1000).size(), 1000U);
    EXPECT_EQ(as_text(buffer.pending()), "abc");
}

TEST(receive_buffer, moves_pending_bytes_to_the_front_before_it_grows) {
    receive_buffer buffer;
    (void)buffer.prepare(8);
    fill(buffer, "abcdef");
    buffer.consume(4);
    EXPECT_EQ(buffer.prepare(6).size(), 6U);
    EXPECT_EQ(buffer.capacity(), 8U);
    EXPECT_EQ(as_text(buffer.pending()), "ef");
}

TEST(receive_buffer, offers_the_whole_block_again_once_all_is_consumed) {
    receive_buffer buffer;
    (void)buffer.prepare(8);
    fill(buffer, "abcdefgh");
    buffer.consume(8);
    EXPECT_EQ(buffer.prepare(1).size(), 8U);
}

TEST(receive_buffer, frees_its_block_on_release) {
    receive_buffer buffer;
    fill(buffer, "a");
    buffer.consume(1);
    buffer.release();
    EXPECT_EQ(buffer.capacity(), 0U);
}

TEST(receive_buffer, moves_with_its_bytes) {
    receive_buffer source;
    fill(source, "abc");
    receive_buffer target(std::move(source));
    EXPECT_EQ(as_text(target.pending()), "abc");
    receive_buffer assigned;
    assigned = std::move(target);
    EXPECT_EQ(as_text(assigned.pending()), "abc");
    EXPECT_EQ(
        target.capacity(), 0U
    );  // NOLINT(bugprone-use-after-move): the claim is about just that
}

TEST(receive_buffer, lets_pending_bytes_be_changed_in_place) {
    receive_buffer buffer;
    fill(buffer, "abc");
    buffer.pending_mutable()[0] = std::byte{'x'};
    EXPECT_EQ(as_text(buffer.pending()), "xbc");
}

}  // namespace
}  // namespace weir::protocol::wire
