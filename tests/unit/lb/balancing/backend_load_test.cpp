#include "lb/balancing/backend_load.hpp"

#include "tests/unit/lb/balancing/servers.hpp"

#include <gtest/gtest.h>

namespace weir::lb {
namespace {

using namespace std::chrono_literals;

const connect_backoff backoff{50ms, 1s};

TEST(backend_load, pauses_double_up_to_the_longest) {
    backend_load load;
    for (const auto pause : {50ms, 100ms, 200ms, 400ms, 800ms, 1'000ms, 1'000ms}) {
        load.on_connect_failed(now, backoff);
        EXPECT_EQ(load.retry_at - now, pause);
    }
}

TEST(backend_load, pauses_stay_the_longest_however_many_fail) {
    backend_load load;
    for (int failure = 0; failure < 100; ++failure)
        load.on_connect_failed(now, backoff);
    EXPECT_EQ(load.retry_at - now, 1s);
}

TEST(backend_load, a_pause_ends) {
    backend_load load;
    EXPECT_FALSE(load.is_backing_off(now));
    load.on_connect_failed(now, backoff);
    EXPECT_TRUE(load.is_backing_off(now));
    EXPECT_TRUE(load.is_backing_off(now + 49ms));
    EXPECT_FALSE(load.is_backing_off(now + 50ms));
}

TEST(backend_load, a_connection_forgives_all_failures) {
    backend_load load;
    load.on_connect_failed(now, backoff);
    load.on_connect_failed(now, backoff);
    load.on_connected();
    EXPECT_FALSE(load.is_backing_off(now));
    load.on_connect_failed(now, backoff);
    EXPECT_EQ(load.retry_at - now, 50ms);
}

TEST(backend_load, latency_follows_the_answers_slowly) {
    backend_load load;
    load.on_response(800us);
    EXPECT_EQ(load.latency, 800us);
    load.on_response(1'600us);
    EXPECT_EQ(load.latency, 900us);
    load.on_response(100us);
    EXPECT_EQ(load.latency, 800us);
}

}  // namespace
}  // namespace weir::lb
