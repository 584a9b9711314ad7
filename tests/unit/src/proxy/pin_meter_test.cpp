#include "src/proxy/pin_meter.hpp"

#include <gtest/gtest.h>

namespace weir::proxy {
namespace {

using namespace std::chrono_literals;
using splitter::pin_cause;

struct metered : ::testing::Test {
    pin_metrics metrics;
    pin_meter meter;
    splitter::pins pins;
    pin_meter::time_point now{1h};

    void update_after(std::chrono::milliseconds passed) {
        now += passed;
        meter.update(pins, now, metrics);
    }

    [[nodiscard]] std::uint64_t microseconds(pin_cause cause) const {
        return metrics.causes[static_cast<std::size_t>(cause)].microseconds.value();
    }

    [[nodiscard]] std::int64_t sessions(pin_cause cause) const {
        return metrics.causes[static_cast<std::size_t>(cause)].sessions.value();
    }
};

TEST_F(metered, time_goes_to_the_causes_that_held_the_session) {
    update_after(5s);
    pins.add(pin_cause::temporary_table, "x");
    update_after(1s);
    EXPECT_EQ(microseconds(pin_cause::temporary_table), 0U) << "it began just now";
    EXPECT_EQ(sessions(pin_cause::temporary_table), 1);
    pins.add(pin_cause::temporary_table, "y");
    pins.add(pin_cause::named_lock, "z");
    update_after(250ms);
    pins.remove_all(pin_cause::temporary_table);
    update_after(500ms);
    pins.clear();
    update_after(1s);
    EXPECT_EQ(microseconds(pin_cause::temporary_table), 750'000U);
    EXPECT_EQ(microseconds(pin_cause::named_lock), 1'500'000U);
    EXPECT_EQ(sessions(pin_cause::temporary_table), 0);
    EXPECT_EQ(sessions(pin_cause::named_lock), 0);
    EXPECT_FALSE(meter.is_running());
    update_after(9s);
    EXPECT_EQ(microseconds(pin_cause::named_lock), 1'500'000U);
}

}  // namespace
}  // namespace weir::proxy
