#include "src/net/stream.hpp"

#include "src/net/peer_state.hpp"
#include "src/runtime/handler_memory.hpp"

#include "tests/component/net/loopback.hpp"

#include <gtest/gtest.h>

#include <poll.h>

#include <array>
#include <memory>
#include <string>

namespace weir::net {
namespace {

namespace asio = boost::asio;
using kind = config::endpoint::kind;
using test::read_available;
using test::read_waiting;
using test::write_now;

/// Until this can be seen of the socket.
void wait_for(const stream& of, short event) {
    pollfd entry{.fd = of.native_handle(), .events = event, .revents = 0};
    ASSERT_EQ(::poll(&entry, 1, -1), 1);
}

class plain_stream : public testing::TestWithParam<kind> {
protected:
    void SetUp() override { test::connect_pair(near_, far_, GetParam()); }

    asio::io_context context_;
    stream near_{context_};
    stream far_{context_};
};

INSTANTIATE_TEST_SUITE_P(
    kinds,
    plain_stream,
    testing::Values(kind::tcp, kind::unix_socket),
    [](const auto& row) { return row.param == kind::tcp ? "tcp" : "unix"; }
);

TEST_P(plain_stream, carries_bytes_both_ways) {
    write_now(near_, "question");
    EXPECT_EQ(read_waiting(far_, 8).text, "question");
    write_now(far_, "answer");
    EXPECT_EQ(read_waiting(near_, 6).text, "answer");
}

TEST_P(plain_stream, can_be_looked_at_without_reading) {
    EXPECT_EQ(look_at_peer(near_), peer_state::quiet);
    write_now(far_, "question");
    wait_for(near_, POLLIN);
    EXPECT_EQ(look_at_peer(near_), peer_state::has_sent);
    far_.close();
    wait_for(near_, POLLRDHUP);
    EXPECT_EQ(look_at_peer(near_), peer_state::has_sent) << "the question comes first";
    EXPECT_EQ(read_waiting(near_, 8).text, "question");
    EXPECT_EQ(look_at_peer(near_), peer_state::closed);
    near_.close();
    EXPECT_EQ(look_at_peer(near_), peer_state::closed);
}

TEST_P(plain_stream, says_would_block_when_there_is_nothing) {
    EXPECT_EQ(read_available(near_).error, asio::error::would_block);
}

TEST_P(plain_stream, takes_an_empty_write_for_done) {
    error_code error = asio::error::eof;
    EXPECT_EQ(near_.write_some({}, error), 0U);
    EXPECT_FALSE(error);
}

TEST_P(plain_stream, says_would_block_when_the_peer_does_not_read) {
    const std::string block(65'536, 'x');
    error_code error;
    for (int i = 0; i < 10'000 && !error; ++i)
        near_.write_some(test::bytes_of(block), error);
    EXPECT_EQ(error, asio::error::would_block);
}

TEST_P(plain_stream, tells_the_end_after_the_last_bytes) {
    write_now(near_, "bye");
    near_.shutdown_write();
    const auto outcome = read_waiting(far_, 100);
    EXPECT_EQ(outcome.text, "bye");
    EXPECT_EQ(outcome.error, asio::error::eof);
    write_now(far_, "still open this way");
    EXPECT_EQ(read_waiting(near_, 19).text, "still open this way");
}

TEST_P(plain_stream, reports_a_write_to_a_closed_peer_without_a_signal) {
    far_.close();
    error_code error;
    for (int i = 0; i < 100 && !error; ++i)
        near_.write_some(test::bytes_of("x"), error);
    EXPECT_TRUE(error == asio::error::broken_pipe || error == asio::error::connection_reset)
        << error.message();
}

TEST_P(plain_stream, ends_a_wait_with_operation_aborted_when_cancelled) {
    error_code seen;
    near_.async_wait_readable([&seen](const error_code& error) { seen = error; });
    near_.cancel();
    test::run_until(context_, [&seen] { return seen.failed(); });
    EXPECT_EQ(seen, asio::error::operation_aborted);
    EXPECT_TRUE(near_.is_open());
    write_now(far_, "x");
    EXPECT_EQ(read_waiting(near_, 1).text, "x");
}

TEST_P(plain_stream, ends_a_wait_with_operation_aborted_when_closed) {
    error_code seen;
    near_.async_wait_readable([&seen](const error_code& error) { seen = error; });
    near_.close();
    near_.close();
    test::run_until(context_, [&seen] { return seen.failed(); });
    EXPECT_EQ(seen, asio::error::operation_aborted);
    EXPECT_FALSE(near_.is_open());
}

TEST_P(plain_stream, may_be_destroyed_with_a_wait_pending) {
    auto owned = std::make_unique<stream>(context_);
    stream other(context_);
    test::connect_pair(*owned, other, GetParam());
    error_code seen;
    owned->async_wait_readable([&seen](const error_code& error) { seen = error; });
    owned.reset();
    test::run_until(context_, [&seen] { return seen.failed(); });
    EXPECT_EQ(seen, asio::error::operation_aborted);
}

TEST_P(plain_stream, may_be_closed_by_the_handler_of_its_own_wait) {
    bool ran = false;
    near_.async_wait_readable([this, &ran](const error_code&) {
        near_.close();
        ran = true;
    });
    write_now(far_, "x");
    test::run_until(context_, [&ran] { return ran; });
    EXPECT_FALSE(near_.is_open());
}

TEST_P(plain_stream, dies_quietly_with_its_context_while_waiting) {
    auto context = std::make_unique<asio::io_context>();
    auto near = std::make_shared<stream>(*context);
    const std::weak_ptr<stream> watched = near;
    {
        stream far(*context);
        test::connect_pair(*near, far, GetParam());
        auto& waiting = *near;
        waiting.async_wait_readable([owner = std::move(near)](const error_code&) {});
    }
    EXPECT_FALSE(watched.expired());
    context.reset();
    EXPECT_TRUE(watched.expired());
}

TEST_P(plain_stream, waits_and_reads_without_the_heap_when_given_memory) {
    runtime::handler_memory memory;
    for (int i = 0; i < 3; ++i) {
        bool woken = false;
        near_.async_wait_readable(memory.bind([&woken](const error_code&) { woken = true; }));
        write_now(far_, "x");
        test::run_until(context_, [&woken] { return woken; });
        EXPECT_EQ(read_available(near_).text, "x");
    }
    EXPECT_EQ(memory.heap_uses(), 0U);
}

TEST(closed_stream, refuses_to_read_write_and_wait) {
    asio::io_context context;
    stream closed(context);
    error_code error;
    std::array<std::byte, 1> area{};
    EXPECT_EQ(closed.read_some(area, error), 0U);
    EXPECT_EQ(error, asio::error::bad_descriptor);
    EXPECT_EQ(closed.write_some(area, error), 0U);
    EXPECT_EQ(error, asio::error::bad_descriptor);
    error_code seen;
    closed.async_wait_readable([&seen](const error_code& result) { seen = result; });
    test::run_until(context, [&seen] { return seen.failed(); });
    EXPECT_EQ(seen, asio::error::bad_descriptor);
    closed.shutdown_write();
    closed.cancel();
    closed.close();
    EXPECT_FALSE(closed.tls().has_value());
}

}  // namespace
}  // namespace weir::net
