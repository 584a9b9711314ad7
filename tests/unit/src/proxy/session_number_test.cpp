#include "src/proxy/session_number.hpp"

#include <gtest/gtest.h>

namespace weir::proxy {
namespace {

TEST(session_number, tells_its_worker) {
    for (const int worker : {0, 1, 127, 128, 254}) {
        const auto index = static_cast<std::uint8_t>(worker);
        for (const std::uint32_t counter : {0U, 1U, 0x7FFFFFU, 0x800000U, 0xFFFFFFFFU}) {
            const std::uint32_t id = session_number::make(index, counter);
            EXPECT_EQ(session_number::worker_of(id), index) << counter;
            EXPECT_LT(id, 0x80000000U) << "positive where libraries keep it signed";
            EXPECT_GE(id, 0x800000U) << "no server has counted that far";
        }
    }
}

TEST(session_number, is_not_a_servers_id) {
    for (const std::uint32_t id : {0U, 1U, 12U, 0x7FFFFFU, 0x80000000U, 0xFFFFFFFFU}) {
        EXPECT_FALSE(session_number::worker_of(id)) << id;
    }
}

TEST(session_number, of_the_first_worker_is_far_above_servers) {
    EXPECT_GT(session_number::make(0, 1), 2'000'000'000U);
}

}  // namespace
}  // namespace weir::proxy
