#include "src/net/listener.hpp"
#include "src/net/stream.hpp"
#include "src/runtime/log.hpp"

#include "tests/component/net/loopback.hpp"

#include <gtest/gtest.h>

#include <netinet/in.h>
#include <sys/socket.h>

#include <string>
#include <vector>

namespace weir::net {
namespace {

namespace asio = boost::asio;
using kind = config::endpoint::kind;
using std::chrono::milliseconds;

config::endpoint tcp_endpoint(std::string host, std::uint16_t port) {
    return {kind::tcp, std::move(host), port, {}};
}

config::endpoint unix_endpoint(std::string path) {
    return {kind::unix_socket, {}, 0, std::move(path)};
}

class stream_connect : public testing::Test {
protected:
    error_code connect(const config::endpoint& to, time_point deadline) {
        return test::complete(context_, stream_.connect(to, {}, deadline));
    }

    /// A port that nobody listens on: it was the kernel's choice a moment ago.
    std::uint16_t closed_port() {
        listener short_lived(context_, log_);
        EXPECT_FALSE(short_lived.start(tcp_endpoint("127.0.0.1", 0), {}, [](accepted_socket) {}));
        return short_lived.local().port;
    }

    runtime::logger log_;
    asio::io_context context_;
    listener listener_{context_, log_};
    std::vector<accepted_socket> accepted_;
    stream stream_{context_};
};

TEST_F(stream_connect, reaches_a_numeric_address) {
    ASSERT_FALSE(listener_.start(tcp_endpoint("127.0.0.1", 0), {}, [this](accepted_socket socket) {
        accepted_.push_back(std::move(socket));
    }));
    EXPECT_FALSE(connect(listener_.local(), test::soon()));
    EXPECT_EQ(to_string(stream_.peer()), "127.0.0.1:" + std::to_string(listener_.local().port));
    test::run_until(context_, [this] { return !accepted_.empty(); });
    stream server_side(context_);
    ASSERT_FALSE(server_side.adopt(std::move(accepted_[0].native), accepted_[0].peer));
    test::write_now(server_side, "hello");
    EXPECT_EQ(test::read_waiting(stream_, 5).text, "hello");
}

TEST_F(stream_connect, resolves_a_name) {
    ASSERT_FALSE(listener_.start(tcp_endpoint("127.0.0.1", 0), {}, [](accepted_socket) {}));
    EXPECT_FALSE(connect(tcp_endpoint("localhost", listener_.local().port), test::soon()));
    EXPECT_TRUE(stream_.is_open());
}

TEST_F(stream_connect, reaches_a_unix_socket) {
    const auto path = test::fresh_path("connect.sock");
    ASSERT_FALSE(listener_.start(unix_endpoint(path), {}, [](accepted_socket) {}));
    EXPECT_FALSE(connect(unix_endpoint(path), test::soon()));
    EXPECT_EQ(stream_.peer().kind, kind::unix_socket);
}

TEST_F(stream_connect, closes_what_was_open_and_connects_again) {
    ASSERT_FALSE(listener_.start(tcp_endpoint("127.0.0.1", 0), {}, [](accepted_socket) {}));
    EXPECT_FALSE(connect(listener_.local(), test::soon()));
    EXPECT_FALSE(connect(listener_.local(), test::soon()));
    EXPECT_TRUE(stream_.is_open());
}

TEST_F(stream_connect, reports_a_refusal) {
    EXPECT_EQ(
        connect(tcp_endpoint("127.0.0.1", closed_port()), test::soon()),
        asio::error::connection_refused
    );
    EXPECT_FALSE(stream_.is_open());
}

TEST_F(stream_connect, reports_a_name_that_does_not_exist) {
    EXPECT_EQ(
        connect(tcp_endpoint("no..name", 3306), test::soon()).category(),
        asio::error::get_netdb_category()
    );
}

TEST_F(stream_connect, reports_a_missing_unix_socket) {
    EXPECT_EQ(
        connect(unix_endpoint(test::fresh_path("missing.sock")), test::soon()).value(), ENOENT
    );
}

TEST_F(stream_connect, reports_a_unix_path_that_is_too_long) {
    EXPECT_EQ(
        connect(unix_endpoint(std::string(200, 'x')), test::soon()),
        boost::system::errc::filename_too_long
    );
}

TEST_F(stream_connect, gives_up_at_the_deadline) {
    // A listener with a queue of one that nobody serves drops further SYNs, so the connection stays
    // half open.
    const unique_descriptor full(::socket(AF_INET, SOCK_STREAM, 0));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    auto* const generic = reinterpret_cast<sockaddr*>(&address);
    socklen_t size = sizeof address;
    ASSERT_EQ(::bind(full.get(), generic, size), 0);
    ASSERT_EQ(::listen(full.get(), 0), 0);
    ASSERT_EQ(::getsockname(full.get(), generic, &size), 0);
    std::vector<unique_descriptor> fillers;
    for (int i = 0; i < 4; ++i) {
        fillers.emplace_back(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0));
        ::connect(fillers.back().get(), generic, size);
    }
    const auto deadline = std::chrono::steady_clock::now() + milliseconds(50);
    EXPECT_EQ(
        connect(tcp_endpoint("127.0.0.1", ntohs(address.sin_port)), deadline),
        asio::error::timed_out
    );
    EXPECT_GE(std::chrono::steady_clock::now(), deadline);
    EXPECT_FALSE(stream_.is_open());
}

}  // namespace
}  // namespace weir::net
