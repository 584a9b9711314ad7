#include "src/net/listener.hpp"

#include "src/net/stream.hpp"
#include "src/runtime/log.hpp"

#include "tests/component/net/loopback.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <fstream>
#include <sstream>
#include <vector>

namespace weir::net {
namespace {

namespace asio = boost::asio;
using kind = config::endpoint::kind;
using testing::HasSubstr;

bool exists(const std::string& path) {
    struct stat file {};

    return ::lstat(path.c_str(), &file) == 0;
}

class listening : public testing::Test {
protected:
    listener::accept_handler keep() {
        return [this](accepted_socket socket) { accepted_.push_back(std::move(socket)); };
    }

    error_code connect(stream& client, const config::endpoint& to) {
        return test::complete(context_, client.connect(to, {}, test::soon()));
    }

    void wait_for(std::size_t count) {
        if (accepted_.size() < count) {
            test::run_until(context_, [this, count] { return accepted_.size() >= count; });
        }
    }

    std::ostringstream lines_;
    runtime::logger log_{{}, lines_};
    asio::io_context context_;
    std::vector<accepted_socket> accepted_;
    const config::endpoint any_port_{kind::tcp, "127.0.0.1", 0, {}};
};

TEST_F(listening, hands_over_non_blocking_sockets_with_their_peer) {
    listener one(context_, log_);
    ASSERT_FALSE(one.start(any_port_, {}, keep()));
    EXPECT_NE(one.local().port, 0);
    stream client(context_);
    ASSERT_FALSE(connect(client, one.local()));
    wait_for(1);
    EXPECT_EQ(accepted_[0].peer.address.to_string(), "127.0.0.1");
    EXPECT_NE(accepted_[0].peer.port, 0);
    EXPECT_NE(::fcntl(accepted_[0].native.get(), F_GETFL) & O_NONBLOCK, 0);
    EXPECT_NE(::fcntl(accepted_[0].native.get(), F_GETFD) & FD_CLOEXEC, 0);
}

TEST_F(listening, accepts_more_than_one_turn_takes) {
    listener one(context_, log_);
    ASSERT_FALSE(one.start(any_port_, {}, keep()));
    std::vector<std::unique_ptr<stream>> clients;
    for (int i = 0; i < 100; ++i) {
        clients.push_back(std::make_unique<stream>(context_));
        ASSERT_FALSE(connect(*clients.back(), one.local()));
    }
    wait_for(clients.size());
    EXPECT_EQ(accepted_.size(), clients.size());
}

TEST_F(listening, shares_a_tcp_endpoint_with_other_workers) {
    listener first(context_, log_);
    listener second(context_, log_);
    ASSERT_FALSE(first.start(any_port_, {}, keep()));
    ASSERT_FALSE(second.start(first.local(), {}, keep()));
    EXPECT_EQ(second.local(), first.local());
    stream client(context_);
    ASSERT_FALSE(connect(client, first.local()));
    wait_for(1);
}

TEST_F(listening, reports_ipv4_clients_of_an_ipv6_listener_as_ipv4) {
    listener one(context_, log_);
    if (const auto error = one.start({kind::tcp, "::", 0, {}}, {}, keep()))
        GTEST_SKIP() << error->message;
    stream client(context_);
    ASSERT_FALSE(connect(client, {kind::tcp, "127.0.0.1", one.local().port, {}}));
    wait_for(1);
    EXPECT_EQ(accepted_[0].peer.address.to_string(), "127.0.0.1");
}

TEST_F(listening, accepts_nothing_once_stopped) {
    listener one(context_, log_);
    ASSERT_FALSE(one.start(any_port_, {}, keep()));
    const auto where = one.local();
    one.stop();
    one.stop();
    stream client(context_);
    EXPECT_EQ(connect(client, where), asio::error::connection_refused);
    EXPECT_TRUE(accepted_.empty());
}

TEST_F(listening, may_be_stopped_by_its_own_callback) {
    listener one(context_, log_);
    ASSERT_FALSE(one.start(any_port_, {}, [&](accepted_socket socket) {
        accepted_.push_back(std::move(socket));
        one.stop();
    }));
    stream client(context_);
    ASSERT_FALSE(connect(client, one.local()));
    wait_for(1);
    EXPECT_EQ(connect(client, one.local()), asio::error::connection_refused);
}

TEST_F(listening, names_the_endpoint_that_is_taken) {
    const auto pair = test::make_socket_pair(kind::tcp);
    sockaddr_storage bytes{};
    socklen_t size = sizeof bytes;
    auto* const address = reinterpret_cast<sockaddr*>(&bytes);
    ASSERT_EQ(::getsockname(pair.near.get(), address, &size), 0);
    // An address that this machine does not have (RFC 5737).
    listener one(context_, log_);
    const auto error = one.start({kind::tcp, "192.0.2.1", 6033, {}}, {}, keep());
    ASSERT_TRUE(error.has_value());
    EXPECT_THAT(error->message, HasSubstr("cannot listen on 192.0.2.1:6033: bind: "));
}

class listening_on_a_path : public listening {
protected:
    void TearDown() override { ::unlink(path_.c_str()); }

    const std::string path_ = test::fresh_path("listener.sock");
    const config::endpoint endpoint_{kind::unix_socket, {}, 0, path_};
};

TEST_F(listening_on_a_path, accepts_and_removes_its_file_at_the_end) {
    listener one(context_, log_);
    ASSERT_FALSE(one.start(endpoint_, {}, keep()));
    stream client(context_);
    ASSERT_FALSE(connect(client, endpoint_));
    wait_for(1);
    EXPECT_EQ(accepted_[0].peer.kind, kind::unix_socket);
    EXPECT_TRUE(exists(path_));
    one.stop();
    EXPECT_FALSE(exists(path_));
}

TEST_F(listening_on_a_path, replaces_the_file_of_a_process_that_is_gone) {
    {
        const unique_descriptor gone(::socket(AF_UNIX, SOCK_STREAM, 0));
        sockaddr_un name{};
        name.sun_family = AF_UNIX;
        path_.copy(name.sun_path, sizeof name.sun_path - 1);
        ASSERT_EQ(::bind(gone.get(), reinterpret_cast<const sockaddr*>(&name), sizeof name), 0);
    }
    ASSERT_TRUE(exists(path_));
    listener one(context_, log_);
    EXPECT_FALSE(one.start(endpoint_, {}, keep()));
    stream client(context_);
    EXPECT_FALSE(connect(client, endpoint_));
}

TEST_F(listening_on_a_path, leaves_a_socket_alone_that_somebody_listens_on) {
    listener first(context_, log_);
    ASSERT_FALSE(first.start(endpoint_, {}, keep()));
    listener second(context_, log_);
    const auto error = second.start(endpoint_, {}, keep());
    ASSERT_TRUE(error.has_value());
    EXPECT_EQ(error->message, "cannot listen on unix:" + path_ + ": another process listens there");
    stream client(context_);
    EXPECT_FALSE(connect(client, endpoint_));
}

TEST_F(listening_on_a_path, leaves_a_file_alone_that_is_no_socket) {
    std::ofstream(path_) << "precious";
    listener one(context_, log_);
    const auto error = one.start(endpoint_, {}, keep());
    ASSERT_TRUE(error.has_value());
    EXPECT_EQ(
        error->message, "cannot listen on unix:" + path_ + ": the file exists and is no socket"
    );
    EXPECT_TRUE(exists(path_));
}

TEST_F(listening_on_a_path, does_not_remove_a_file_that_is_not_its_own_any_more) {
    listener one(context_, log_);
    ASSERT_FALSE(one.start(endpoint_, {}, keep()));
    ASSERT_EQ(::unlink(path_.c_str()), 0);
    std::ofstream(path_) << "somebody else's";
    one.stop();
    EXPECT_TRUE(exists(path_));
}

/// Lowers the process's limit of descriptors to those that are open; restores it.
class no_more_descriptors {
public:
    no_more_descriptors() {
        ::getrlimit(RLIMIT_NOFILE, &before_);
        const unique_descriptor next(::open("/dev/null", O_RDONLY | O_CLOEXEC));
        const rlimit full{static_cast<rlim_t>(next.get()), before_.rlim_max};
        ::setrlimit(RLIMIT_NOFILE, &full);
    }

    ~no_more_descriptors() { ::setrlimit(RLIMIT_NOFILE, &before_); }

    no_more_descriptors(const no_more_descriptors&) = delete;
    no_more_descriptors& operator=(const no_more_descriptors&) = delete;

private:
    rlimit before_{};
};

TEST_F(listening, rests_and_logs_when_descriptors_run_out_and_then_goes_on) {
    listener one(context_, log_);
    ASSERT_FALSE(one.start(any_port_, {}, keep()));
    auto pair = test::make_socket_pair(kind::tcp);  // a descriptor to connect with
    const unique_descriptor client(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0));
    {
        const no_more_descriptors limited;
        auto where = numeric_address(one.local()).value().value();
        ASSERT_TRUE(::connect(client.get(), where.get(), where.size) == 0 || errno == EINPROGRESS);
        test::run_until(context_, [this] { return !lines_.str().empty(); });
        EXPECT_THAT(lines_.str(), HasSubstr("cannot accept connections"));
        EXPECT_THAT(lines_.str(), HasSubstr(to_string(one.local())));
        EXPECT_TRUE(accepted_.empty());
        // Resting: nothing is ready to run until the pause is over.
        EXPECT_EQ(context_.poll(), 0U);
    }
    wait_for(1);
    EXPECT_EQ(accepted_.size(), 1U);
}

}  // namespace
}  // namespace weir::net
