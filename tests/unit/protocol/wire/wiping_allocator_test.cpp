#include "protocol/wire/wiping_allocator.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <vector>

namespace weir::protocol::wire {
namespace {

/// What was in the memory that came back, by its owner's own account.
struct returned_memory {
    std::size_t blocks = 0;
    std::size_t blocks_not_wiped = 0;
};

returned_memory& returned() {
    static returned_memory all;
    return all;
}

template <class Value>
struct observing_allocator {
    using value_type = Value;

    [[nodiscard]] Value* allocate(std::size_t count) {
        return std::allocator<Value>().allocate(count);
    }

    void deallocate(Value* memory, std::size_t count) noexcept {
        ++returned().blocks;
        const auto* const bytes = reinterpret_cast<const unsigned char*>(memory);
        const bool is_clean = std::all_of(
            bytes, bytes + count * sizeof(Value), [](unsigned char b) { return b == 0; }
        );
        if (!is_clean) ++returned().blocks_not_wiped;
        std::allocator<Value>().deallocate(memory, count);
    }
};

TEST(wiping_allocator, wipes_every_block_that_it_gives_back) {
    returned() = {};
    {
        std::vector<int, wiping_allocator<int, observing_allocator<int>>> numbers;
        for (int i = 1; i <= 100; ++i)
            numbers.push_back(i);
        EXPECT_GT(returned().blocks, 0U) << "blocks that were outgrown";
    }
    EXPECT_GT(returned().blocks, 1U);
    EXPECT_EQ(returned().blocks_not_wiped, 0U);
}

}  // namespace
}  // namespace weir::protocol::wire
