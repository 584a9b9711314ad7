#include "src/runtime/operation_gate.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <optional>

namespace weir::runtime {
namespace {

TEST(operation_gate, counts_passes_that_live) {
    operation_gate gate;
    {
        const auto first = gate.enter();
        auto second = gate.enter();
        EXPECT_EQ(gate.in_flight(), 2U);
        const auto moved = std::move(second);
        EXPECT_EQ(gate.in_flight(), 2U);
    }
    EXPECT_EQ(gate.in_flight(), 0U);
}

TEST(operation_gate, tells_at_once_when_already_idle) {
    operation_gate gate;
    bool told = false;
    gate.when_idle([&told] { told = true; });
    EXPECT_TRUE(told);
}

TEST(operation_gate, tells_once_when_the_last_pass_dies) {
    operation_gate gate;
    int told = 0;
    std::optional first(gate.enter());
    std::optional second(gate.enter());
    gate.when_idle([&told] { ++told; });
    first.reset();
    EXPECT_EQ(told, 0);
    second.reset();
    EXPECT_EQ(told, 1);
    { const auto third = gate.enter(); }
    EXPECT_EQ(told, 1);
}

TEST(operation_gate, may_be_destroyed_by_the_action) {
    auto gate = std::make_unique<operation_gate>();
    std::optional pass(gate->enter());
    gate->when_idle([&gate] { gate.reset(); });
    pass.reset();
    EXPECT_EQ(gate, nullptr);
}

TEST(operation_gate_death, refuses_to_die_with_operations_in_flight) {
    testing::GTEST_FLAG(death_test_style) = "threadsafe";
    EXPECT_DEATH(
        {
            auto gate = std::make_unique<operation_gate>();
            // Never ended: the process dies first, and ending it would use what is gone.
            auto pass = std::make_unique<operation_gate::pass>(gate->enter());
            static_cast<void>(pass.release());
            gate.reset();
        },
        "in_flight_ == 0"
    );
}

}  // namespace
}  // namespace weir::runtime
