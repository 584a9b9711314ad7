#include "src/runtime/admin_server.hpp"

#include "src/net/stream.hpp"
#include "src/net/transfer.hpp"
#include "src/runtime/log.hpp"

#include "tests/component/net/loopback.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <string>

namespace weir::runtime {
namespace {

namespace asio = boost::asio;
using std::chrono::milliseconds;
using testing::AllOf;
using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;

class admin : public testing::Test {
protected:
    void start(admin_limits limits = {}) {
        admin_handlers handlers;
        handlers.metrics = [] { return std::string("weir_up 1\n"); };
        handlers.unhealthy_reason = [this]() -> std::optional<std::string> {
            if (healthy_) return std::nullopt;
            return "no primary";
        };
        const auto page = [](std::string_view query) -> std::optional<admin_page> {
            if (query == "bad") return std::nullopt;
            const auto kind = query == "json" ? admin_page::kind::json : admin_page::kind::text;
            return admin_page{kind, "asked for " + std::string(query)};
        };
        handlers.further_paths.push_back({"/digests", page});
        server_ = std::make_unique<admin_server>(std::move(handlers), limits, log_);
        ASSERT_EQ(server_->start({config::endpoint::kind::tcp, "127.0.0.1", 0, {}}), std::nullopt);
    }

    void connect(net::stream& client) {
        const config::endpoint to{config::endpoint::kind::tcp, "127.0.0.1", server_->port(), {}};
        ASSERT_FALSE(net::test::complete(context_, client.connect(to, {}, net::test::soon())));
    }

    /// Everything that comes until the server closes.
    std::string answer_to(const std::string& request) {
        net::stream client(context_);
        connect(client);
        net::test::write_now(client, request);
        return net::test::read_waiting(client, 1'000'000).text;
    }

    std::string get(const std::string& path) {
        return answer_to("GET " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    }

    std::atomic<bool> healthy_{true};
    logger log_;
    asio::io_context context_;
    std::unique_ptr<admin_server> server_;
};

TEST_F(admin, answers_metrics_in_the_exposition_format) {
    start();
    EXPECT_THAT(
        get("/metrics"),
        AllOf(
            StartsWith("HTTP/1.1 200 OK\r\n"),
            HasSubstr("Content-Type: text/plain; version=0.0.4; charset=utf-8\r\n"),
            EndsWith("\r\n\r\nweir_up 1\n")
        )
    );
}

TEST_F(admin, answers_health_with_the_reason_against_it) {
    start();
    EXPECT_THAT(get("/healthz"), AllOf(StartsWith("HTTP/1.1 200 "), EndsWith("\r\n\r\nok\n")));
    healthy_ = false;
    EXPECT_THAT(
        get("/healthz"), AllOf(StartsWith("HTTP/1.1 503 "), EndsWith("\r\n\r\nno primary\n"))
    );
}

TEST_F(admin, answers_further_paths_with_their_parameters) {
    start();
    EXPECT_THAT(
        get("/digests"),
        AllOf(
            StartsWith("HTTP/1.1 200 "),
            HasSubstr("Content-Type: text/plain; charset=utf-8\r\n"),
            EndsWith("\r\n\r\nasked for ")
        )
    );
    EXPECT_THAT(
        get("/digests?json"),
        AllOf(HasSubstr("Content-Type: application/json\r\n"), EndsWith("\r\n\r\nasked for json"))
    );
    EXPECT_THAT(get("/digests?bad"), StartsWith("HTTP/1.1 400 "));
}

TEST_F(admin, knows_no_other_path) {
    start();
    for (const char* path : {"/", "/digest", "/digests/", "/metrics?x=1"}) {
        EXPECT_THAT(
            get(path),
            AllOf(StartsWith("HTTP/1.1 404 "), EndsWith("\r\n\r\n/metrics, /healthz, /digests\n"))
        ) << path;
    }
}

TEST_F(admin, knows_no_other_method) {
    start();
    EXPECT_THAT(
        answer_to(
            "POST /metrics HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nConnection: close\r\n\r\nhi"
        ),
        AllOf(StartsWith("HTTP/1.1 405 "), HasSubstr("Allow: GET\r\n"))
    );
}

TEST_F(admin, serves_several_requests_on_one_connection) {
    start();
    net::stream client(context_);
    connect(client);
    for (int i = 0; i < 3; ++i) {
        net::test::write_now(client, "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n");
        std::string answer;
        while (!answer.ends_with("\r\n\r\nok\n")) {
            const auto more = net::test::read_waiting(client, 1);
            ASSERT_FALSE(more.error) << more.error.message();
            answer += more.text;
        }
        EXPECT_THAT(answer, StartsWith("HTTP/1.1 200 "));
    }
}

TEST_F(admin, closes_on_a_request_over_its_limit) {
    admin_limits limits;
    limits.request_bytes = 512;
    start(limits);
    EXPECT_EQ(answer_to("GET /metrics HTTP/1.1\r\nX: " + std::string(1'000, 'x')), "");
}

TEST_F(admin, closes_on_what_is_no_request) {
    start();
    EXPECT_EQ(answer_to("\x16\x03\x01 no http\r\n\r\n"), "");
}

TEST_F(admin, closes_on_a_request_that_takes_too_long) {
    admin_limits limits;
    limits.timeout = milliseconds(20);
    start(limits);
    EXPECT_EQ(answer_to("GET /metrics HTTP/1.1\r\n"), "");
}

TEST_F(admin, closes_connections_over_its_limit_at_once) {
    admin_limits limits;
    limits.connections = 1;
    start(limits);
    net::stream first(context_);
    connect(first);
    net::test::write_now(first, "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n");
    EXPECT_THAT(net::test::read_waiting(first, 1).text, StartsWith("HTTP/1.1 200 "));
    net::stream second(context_);
    connect(second);
    EXPECT_TRUE(net::test::read_waiting(second, 1).error.failed());
}

TEST_F(admin, stops_with_connections_open) {
    start();
    net::stream client(context_);
    connect(client);
    net::test::write_now(client, "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n");
    EXPECT_THAT(net::test::read_waiting(client, 1).text, StartsWith("HTTP/1.1 200 "));
    server_->stop();
    server_.reset();
    EXPECT_TRUE(net::test::read_waiting(client, 1'000'000).error.failed());
}

TEST_F(admin, names_the_endpoint_that_it_cannot_have) {
    start();
    admin_server second({}, {}, log_);
    const auto error =
        second.start({config::endpoint::kind::tcp, "127.0.0.1", server_->port(), {}});
    ASSERT_TRUE(error.has_value());
    EXPECT_THAT(
        *error, StartsWith("cannot listen on 127.0.0.1:" + std::to_string(server_->port()) + ": ")
    );
}

}  // namespace
}  // namespace weir::runtime
