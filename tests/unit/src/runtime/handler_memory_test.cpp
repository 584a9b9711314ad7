#include "src/runtime/handler_memory.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <gtest/gtest.h>

#include <array>

namespace weir::runtime {
namespace {

namespace asio = boost::asio;

TEST(handler_memory, holds_one_operation_without_the_heap) {
    asio::io_context context;
    handler_memory memory;
    int runs = 0;
    for (int i = 0; i < 3; ++i) {
        asio::post(context, memory.bind([&runs] { ++runs; }));
        context.run();
        context.restart();
    }
    EXPECT_EQ(runs, 3);
    EXPECT_EQ(memory.heap_uses(), 0U);
}

TEST(handler_memory, is_free_again_before_the_handler_runs) {
    asio::io_context context;
    handler_memory memory;
    bool second_ran = false;
    asio::post(context, memory.bind([&] {
        asio::post(context, memory.bind([&] { second_ran = true; }));
    }));
    context.run();
    EXPECT_TRUE(second_ran);
    EXPECT_EQ(memory.heap_uses(), 0U);
}

TEST(handler_memory, counts_a_second_operation_at_the_same_time) {
    asio::io_context context;
    handler_memory memory;
    int runs = 0;
    asio::post(context, memory.bind([&runs] { ++runs; }));
    asio::post(context, memory.bind([&runs] { ++runs; }));
    context.run();
    EXPECT_EQ(runs, 2);
    EXPECT_EQ(memory.heap_uses(), 1U);
}

TEST(handler_memory, counts_a_handler_that_is_too_large) {
    asio::io_context context;
    handler_memory memory;
    const std::array<char, handler_memory::capacity> large{};
    std::size_t seen = 0;
    asio::post(context, memory.bind([large, &seen] { seen = large.size(); }));
    context.run();
    EXPECT_EQ(seen, handler_memory::capacity);
    EXPECT_EQ(memory.heap_uses(), 1U);
}

}  // namespace
}  // namespace weir::runtime
