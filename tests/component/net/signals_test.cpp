#include "src/runtime/signals.hpp"

#include "tests/component/net/loopback.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sys/socket.h>

#include <array>
#include <csignal>
#include <vector>

namespace weir::runtime {
namespace {

TEST(signals, ask_for_reload_then_drain_then_stop) {
    boost::asio::io_context context;
    std::vector<signal_request> asked;
    signals listening(context, [&asked](signal_request request) { asked.push_back(request); });
    for (const int number : {SIGHUP, SIGTERM, SIGHUP, SIGINT}) {
        const auto before = asked.size();
        ASSERT_EQ(std::raise(number), 0);
        net::test::run_until(context, [&] { return asked.size() > before; });
    }
    EXPECT_THAT(
        asked,
        testing::ElementsAre(
            signal_request::reload,
            signal_request::drain,
            signal_request::reload,
            signal_request::stop
        )
    );
    listening.cancel();
    context.restart();
    context.run();
}

TEST(signals, make_the_process_survive_a_write_to_a_closed_pipe) {
    boost::asio::io_context context;
    signals listening(context, [](signal_request) {});
    ASSERT_EQ(std::raise(SIGPIPE), 0);
    listening.cancel();
}

}  // namespace
}  // namespace weir::runtime
