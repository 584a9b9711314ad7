#include "src/net/transfer.hpp"

#include "tests/component/net/loopback.hpp"

#include <gtest/gtest.h>

#include <array>
#include <string>

namespace weir::net {
namespace {

namespace asio = boost::asio;
using kind = config::endpoint::kind;

class transfer : public testing::Test {
protected:
    void SetUp() override { test::connect_pair(near_, far_, kind::tcp); }

    asio::io_context context_;
    stream near_{context_};
    stream far_{context_};
};

TEST_F(transfer, read_exactly_takes_not_one_byte_more) {
    test::write_now(far_, "headerpayloadTLS");
    std::string header(6, '\0');
    EXPECT_FALSE(test::complete(
        context_, read_exactly(near_, std::as_writable_bytes(std::span(header)), test::soon())
    ));
    EXPECT_EQ(header, "header");
    std::string payload(7, '\0');
    EXPECT_FALSE(test::complete(
        context_, read_exactly(near_, std::as_writable_bytes(std::span(payload)), test::soon())
    ));
    EXPECT_EQ(payload, "payload");
    EXPECT_EQ(test::read_waiting(near_, 3).text, "TLS");
}

TEST_F(transfer, read_exactly_reports_an_end_in_the_middle) {
    test::write_now(far_, "hea");
    far_.close();
    std::array<std::byte, 6> header{};
    EXPECT_EQ(
        test::complete(context_, read_exactly(near_, header, test::soon())), asio::error::eof
    );
}

TEST_F(transfer, read_exactly_gives_up_at_the_deadline) {
    std::array<std::byte, 1> area{};
    const auto passed = std::chrono::steady_clock::now();
    EXPECT_EQ(test::complete(context_, read_exactly(near_, area, passed)), asio::error::timed_out);
    EXPECT_TRUE(near_.is_open());
}

TEST_F(transfer, read_exactly_needs_no_deadline) {
    test::write_now(far_, "x");
    std::array<std::byte, 1> area{};
    EXPECT_FALSE(test::complete(context_, read_exactly(near_, area, no_deadline)));
}

TEST_F(transfer, write_all_gives_up_at_the_deadline) {
    const std::string large(64'000'000, 'x');
    const auto passed = std::chrono::steady_clock::now();
    EXPECT_EQ(
        test::complete(context_, write_all(near_, test::bytes_of(large), passed)),
        asio::error::timed_out
    );
}

TEST_F(transfer, wait_readable_ends_with_the_stream) {
    // Two turns later: the first one starts the coroutine.
    asio::post(context_, [this] { asio::post(context_, [this] { near_.close(); }); });
    EXPECT_EQ(
        test::complete(context_, wait_readable(near_, test::soon())), asio::error::operation_aborted
    );
}

}  // namespace
}  // namespace weir::net
