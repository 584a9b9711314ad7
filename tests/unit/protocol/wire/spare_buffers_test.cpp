#include "protocol/wire/spare_buffers.hpp"

#include "tests/support/bytes.hpp"

#include <gtest/gtest.h>

namespace weir::protocol::wire {
namespace {

constexpr spare_buffers::limits limits{.count = 2, .block_size = 1024};

receive_buffer buffer_of(std::size_t size) {
    receive_buffer buffer;
    (void)buffer.prepare(size);
    return buffer;
}

TEST(spare_buffers, lends_the_block_that_came_back_last) {
    spare_buffers spares(limits);
    auto first = buffer_of(100);
    auto second = buffer_of(200);
    spares.take_back(first);
    spares.take_back(second);
    receive_buffer reader;
    spares.lend(reader);
    EXPECT_EQ(reader.capacity(), 200U);
    EXPECT_EQ(spares.size(), 1U);
}

TEST(spare_buffers, leaves_nothing_with_the_giver) {
    spare_buffers spares(limits);
    auto buffer = buffer_of(100);
    spares.take_back(buffer);
    EXPECT_EQ(buffer.capacity(), 0U);
    EXPECT_TRUE(buffer.empty());
}

TEST(spare_buffers, lends_nothing_to_one_that_has_a_block) {
    spare_buffers spares(limits);
    auto given = buffer_of(100);
    spares.take_back(given);
    auto buffer = buffer_of(300);
    spares.lend(buffer);
    EXPECT_EQ(buffer.capacity(), 300U);
    EXPECT_EQ(spares.size(), 1U);
}

TEST(spare_buffers, leaves_a_reader_to_allocate_when_none_is_spare) {
    spare_buffers spares(limits);
    receive_buffer reader;
    spares.lend(reader);
    EXPECT_EQ(reader.capacity(), 0U);
}

TEST(spare_buffers, frees_blocks_that_are_too_large) {
    spare_buffers spares(limits);
    auto large = buffer_of(limits.block_size + 1);
    spares.take_back(large);
    EXPECT_EQ(large.capacity(), 0U);
    EXPECT_EQ(spares.size(), 0U);
}

TEST(spare_buffers, frees_blocks_that_are_too_many) {
    spare_buffers spares(limits);
    for (std::size_t taken = 0; taken < limits.count + 1; ++taken) {
        auto buffer = buffer_of(100);
        spares.take_back(buffer);
        EXPECT_EQ(buffer.capacity(), 0U);
    }
    EXPECT_EQ(spares.size(), limits.count);
}

TEST(spare_buffers, ignores_one_without_a_block) {
    spare_buffers spares(limits);
    receive_buffer buffer;
    spares.take_back(buffer);
    EXPECT_EQ(spares.size(), 0U);
}

}  // namespace
}  // namespace weir::protocol::wire
