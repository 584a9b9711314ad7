#include "src/runtime/event_ring.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace weir::runtime {
namespace {

recent_event numbered(std::uint32_t code) {
    return {std::chrono::steady_clock::time_point(std::chrono::seconds(code)), 7, code, 0};
}

TEST(event_ring, is_empty_at_first) {
    const event_ring<4> ring;
    EXPECT_TRUE(ring.dump().empty());
}

TEST(event_ring, gives_what_it_holds_oldest_first) {
    event_ring<4> ring;
    ring.record(numbered(1));
    ring.record(numbered(2));
    EXPECT_THAT(ring.dump(), testing::ElementsAre(numbered(1), numbered(2)));
}

TEST(event_ring, forgets_the_oldest_when_full) {
    event_ring<4> ring;
    for (std::uint32_t code = 1; code <= 6; ++code)
        ring.record(numbered(code));
    EXPECT_THAT(
        ring.dump(), testing::ElementsAre(numbered(3), numbered(4), numbered(5), numbered(6))
    );
    EXPECT_EQ(ring.recorded(), 6U);
}

}  // namespace
}  // namespace weir::runtime
