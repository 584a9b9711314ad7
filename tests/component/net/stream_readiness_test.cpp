// Events that must not be lost: readiness.hpp waits without asking the kernel whenever it may, and
// these are the cases in which it may not. Each would hang, and fail by patience, if a wait trusted
// an event that is already consumed.
#include "src/net/readiness.hpp"
#include "src/net/stream.hpp"

#include "tests/component/net/loopback.hpp"

#include <gtest/gtest.h>

#include <sys/socket.h>

#include <array>
#include <string>

namespace weir::net {
namespace {

namespace asio = boost::asio;
using kind = config::endpoint::kind;
using test::read_waiting;
using test::write_now;

class stream_readiness : public testing::TestWithParam<kind> {
protected:
    void SetUp() override { test::connect_pair(near_, far_, GetParam()); }

    /// Lets the reactor see every event there is, without a handler of ours.
    void consume_events() {
        context_.restart();
        context_.poll();
    }

    void start_wait() {
        woken_ = false;
        near_.async_wait_readable([this](const error_code&) { woken_ = true; });
    }

    void finish_wait() {
        test::run_until(context_, [this] { return woken_; });
    }

    /// A turn of a query path: near has answered far's question, and waits again.
    void answer_a_question() {
        start_wait();
        write_now(far_, "question");
        finish_wait();
        EXPECT_EQ(read_once(100), "question");
        write_now(near_, "answer");
        start_wait();
    }

    /// One read of at most `size` bytes.
    std::string read_once(std::size_t size) {
        std::string text(size, '\0');
        text.resize(near_.read_some(std::as_writable_bytes(std::span(text)), error_));
        return text;
    }

    asio::io_context context_;
    stream near_{context_};
    stream far_{context_};
    error_code error_;
    bool woken_ = false;
};

INSTANTIATE_TEST_SUITE_P(
    kinds,
    stream_readiness,
    testing::Values(kind::tcp, kind::unix_socket),
    [](const auto& row) { return row.param == kind::tcp ? "tcp" : "unix"; }
);

TEST_P(stream_readiness, sees_the_end_that_came_in_one_event_with_bytes) {
    start_wait();
    write_now(far_, "last words");
    far_.close();
    finish_wait();
    EXPECT_EQ(read_once(100), "last words");
    start_wait();
    finish_wait();
    EXPECT_EQ(read_once(100), "");
    EXPECT_EQ(error_, asio::error::eof);
}

TEST_P(stream_readiness, sees_the_end_that_came_with_bytes_before_an_answer_was_written) {
    start_wait();
    write_now(far_, "question");
    far_.close();
    finish_wait();
    EXPECT_EQ(read_once(100), "question");
    near_.write_some(test::bytes_of("answer"), error_);
    start_wait();
    finish_wait();
    read_once(100);
    // The answer to one who has closed is a reset on TCP.
    EXPECT_TRUE(error_ == asio::error::eof || error_ == asio::error::connection_reset)
        << error_.message();
}

TEST_P(stream_readiness, sees_by_looking_again_that_the_peer_stopped_sending_with_its_last_bytes) {
    start_wait();
    write_now(far_, "question");
    far_.shutdown_write();
    finish_wait();
    EXPECT_EQ(read_once(100), "question");
    write_now(near_, "answer");
    start_wait();
    consume_events();
    near_.look_again();
    finish_wait();
    EXPECT_EQ(read_once(100), "");
    EXPECT_EQ(error_, asio::error::eof);
}

TEST_P(stream_readiness, looks_again_only_where_an_end_may_have_been_missed_and_once) {
    answer_a_question();
    near_.look_again();
    context_.restart();
    context_.poll();
    EXPECT_EQ(woken_, GetParam() == kind::tcp);
    if (woken_) {
        EXPECT_EQ(read_once(100), "");
        EXPECT_EQ(error_, asio::error::would_block);
        start_wait();
    }
    near_.look_again();
    consume_events();
    EXPECT_FALSE(woken_);
    write_now(far_, "news");
    finish_wait();
    EXPECT_EQ(read_once(100), "news");
}

TEST_P(stream_readiness, sees_the_end_that_comes_after_question_and_answer) {
    answer_a_question();
    far_.close();
    finish_wait();
    read_once(100);
    // A close with the answer unread is a reset on TCP.
    EXPECT_TRUE(error_ == asio::error::eof || error_ == asio::error::connection_reset)
        << error_.message();
}

TEST_P(stream_readiness, sees_bytes_that_came_while_nobody_waited) {
    start_wait();
    write_now(far_, "one");
    finish_wait();
    EXPECT_EQ(read_once(100), "one");
    write_now(near_, "answer");
    write_now(far_, "two");
    consume_events();
    start_wait();
    finish_wait();
    EXPECT_EQ(read_once(100), "two");
}

TEST_P(stream_readiness, sees_bytes_that_a_short_read_left) {
    start_wait();
    write_now(far_, "abcdef");
    finish_wait();
    EXPECT_EQ(read_once(3), "abc");
    consume_events();
    start_wait();
    finish_wait();
    EXPECT_EQ(read_once(3), "def");
}

TEST_P(stream_readiness, sees_bytes_that_were_left_before_an_answer_was_written) {
    start_wait();
    write_now(far_, "abcdef");
    finish_wait();
    EXPECT_EQ(read_once(3), "abc");
    write_now(near_, "answer");
    start_wait();
    finish_wait();
    EXPECT_EQ(read_once(3), "def");
}

TEST_P(stream_readiness, sees_bytes_that_were_there_before_the_socket_was_watched) {
    auto pair = test::make_socket_pair(GetParam());
    ASSERT_EQ(::send(pair.far.get(), "early", 5, 0), 5);
    peer_address peer;
    peer.kind = GetParam();
    ASSERT_FALSE(near_.adopt(std::move(pair.near), peer));
    consume_events();
    EXPECT_EQ(read_waiting(near_, 5).text, "early");
}

TEST_P(stream_readiness, does_not_wake_without_news) {
    start_wait();
    write_now(far_, "question");
    finish_wait();
    EXPECT_EQ(read_once(100), "question");
    EXPECT_EQ(read_once(100), "");
    EXPECT_EQ(error_, asio::error::would_block);
    start_wait();
    consume_events();
    EXPECT_FALSE(woken_);
    write_now(far_, "news");
    finish_wait();
    EXPECT_EQ(read_once(100), "news");
}

TEST_P(stream_readiness, sees_room_each_time_the_peer_reads) {
    const std::string block(65'536, 'x');
    for (int turn = 0; turn < 3; ++turn) {
        error_code error;
        while (!error)
            near_.write_some(test::bytes_of(block), error);
        ASSERT_EQ(error, asio::error::would_block);
        bool room = false;
        near_.async_wait_writable([&room](const error_code&) { room = true; });
        test::run_until(context_, [this, &room] {
            EXPECT_FALSE(test::read_available(far_).text.empty() && !room);
            return room;
        });
    }
}

TEST(stream_readiness_tcp, sees_a_reset_that_came_in_one_event_with_bytes) {
    asio::io_context context;
    stream near(context);
    stream far(context);
    test::connect_pair(near, far, kind::tcp);
    const linger at_once{1, 0};
    ASSERT_EQ(
        ::setsockopt(far.native_handle(), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once), 0
    );
    write_now(far, "last words");
    far.close();

    const auto outcome = read_waiting(near, 100);
    EXPECT_EQ(outcome.text, "last words");
    EXPECT_EQ(outcome.error, asio::error::connection_reset);
}

TEST(readiness, wakes_two_waits_for_one_direction_with_one_event) {
    asio::io_context context;
    auto pair = test::make_socket_pair(kind::tcp);
    readiness watched(context);
    ASSERT_FALSE(watched.attach(pair.near.get()));
    int woken = 0;
    for (int i = 0; i < 2; ++i) {
        watched.async_wait(
            wait_direction::read, wait_knowledge::nothing, [&woken](const error_code&) { ++woken; }
        );
    }
    ASSERT_EQ(::send(pair.far.get(), "x", 1, 0), 1);
    test::run_until(context, [&woken] { return woken == 2; });
    watched.detach();
}

TEST(readiness, may_complete_once_too_often_but_then_waits) {
    asio::io_context context;
    auto pair = test::make_socket_pair(kind::tcp);
    readiness watched(context);
    ASSERT_FALSE(watched.attach(pair.near.get()));
    int woken = 0;
    const auto wait = [&] {
        watched.async_wait(
            wait_direction::read,
            wait_knowledge::exhausted,
            [&woken](const error_code&) { ++woken; }
        );
        context.restart();
        context.poll();
    };
    wait();
    EXPECT_EQ(woken, 1);  // the first event could have come before the first wait
    wait();
    EXPECT_EQ(woken, 1);
    ASSERT_EQ(::send(pair.far.get(), "x", 1, 0), 1);
    test::run_until(context, [&woken] { return woken == 2; });
    watched.detach();
}

}  // namespace
}  // namespace weir::net
