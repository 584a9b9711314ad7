#include "src/runtime/admin_server.hpp"

#include "protocol/wire/result.hpp"
#include "src/runtime/log.hpp"
#include "src/runtime/metrics_text.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>

#include <algorithm>
#include <cstdlib>
#include <exception>
#include <string_view>
#include <thread>
#include <utility>

namespace weir::runtime {

namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using asio::ip::tcp;

using http_request = http::request<http::string_body>;
using http_response = http::response<http::string_body>;

constexpr std::string_view plain_text = "text/plain; charset=utf-8";
constexpr std::chrono::milliseconds accept_pause{100};

http_response make_response(
    const http_request& request,
    http::status status,
    std::string_view content_type,
    std::string body
) {
    http_response response(status, request.version());
    response.set(http::field::content_type, {content_type.data(), content_type.size()});
    response.set(http::field::cache_control, "no-store");
    response.keep_alive(request.keep_alive());
    response.body() = std::move(body);
    response.prepare_payload();
    return response;
}

std::string_view content_type_of(admin_page::kind what) {
    switch (what) {
        case admin_page::kind::json: return "application/json";
        case admin_page::kind::text: break;
    }
    return plain_text;
}

http_response answer_further_path(const admin_handlers& handlers, const http_request& request) {
    const std::string_view target(request.target().data(), request.target().size());
    const std::size_t path_end = std::min(target.find('?'), target.size());
    const std::string_view query = target.substr(std::min(path_end + 1, target.size()));
    std::string known = "/metrics, /healthz";
    for (const auto& handler : handlers.further_paths) {
        known += ", " + handler.path;
        if (target.substr(0, path_end) != handler.path) continue;
        auto page = handler.page(query);
        if (!page) {
            return make_response(
                request, http::status::bad_request, plain_text, "parameters not understood\n"
            );
        }
        return make_response(
            request, http::status::ok, content_type_of(page->what), std::move(page->body)
        );
    }
    return make_response(request, http::status::not_found, plain_text, known + "\n");
}

http_response answer(const admin_handlers& handlers, const http_request& request) {
    if (request.method() != http::verb::get) {
        auto response =
            make_response(request, http::status::method_not_allowed, plain_text, "only GET\n");
        response.set(http::field::allow, "GET");
        return response;
    }
    if (request.target() == "/metrics") {
        return make_response(
            request, http::status::ok, metrics_text::content_type, handlers.metrics()
        );
    }
    if (request.target() == "/healthz") {
        const auto reason = handlers.unhealthy_reason();
        if (!reason) return make_response(request, http::status::ok, plain_text, "ok\n");
        return make_response(
            request, http::status::service_unavailable, plain_text, *reason + "\n"
        );
    }
    return answer_further_path(handlers, request);
}

}  // namespace

class admin_server::implementation {
public:
    implementation(admin_handlers handlers, admin_limits limits, logger& log)
        : handlers_(std::move(handlers)), limits_(limits), log_(log), acceptor_(context_) {}

    ~implementation() { stop(); }

    implementation(const implementation&) = delete;
    implementation& operator=(const implementation&) = delete;

    std::optional<std::string> start(const config::endpoint& listen) {
        if (listen.what != config::endpoint::kind::tcp)
            return "the metrics endpoint must be host:port";
        const auto where = listen.host + ":" + std::to_string(listen.port);
        if (const auto error = open(listen))
            return "cannot listen on " + where + ": " + error.message();
        asio::co_spawn(context_, accept_all(), asio::detached);
        thread_ = std::thread([this] { run(); });
        return std::nullopt;
    }

    [[nodiscard]] std::uint16_t port() const noexcept { return port_; }

    void stop() {
        if (!thread_.joinable()) return;
        context_.stop();  // handlers that are pending die with the context, and hold nothing but
                          // their own sockets
        thread_.join();
    }

private:
    error_code open(const config::endpoint& listen) {
        error_code error;
        tcp::resolver resolver(context_);
        const auto flags = tcp::resolver::passive | tcp::resolver::numeric_service;
        const auto entries =
            resolver.resolve(listen.host, std::to_string(listen.port), flags, error);
        if (error) return error;
        const tcp::endpoint endpoint = entries.begin()->endpoint();
        acceptor_.open(endpoint.protocol(), error);
        if (error) return error;
        acceptor_.set_option(asio::socket_base::reuse_address(true), error);
        if (error) return error;
        acceptor_.bind(endpoint, error);
        if (error) return error;
        acceptor_.listen(asio::socket_base::max_listen_connections, error);
        if (error) return error;
        port_ = acceptor_.local_endpoint(error).port();
        return error;
    }

    void run() {
        try {
            context_.run();
        } catch (const std::exception& exception) {
            log_.error(
                "an exception reached the admin server; the process ends",
                {{"reason", exception.what()}}
            );
            std::abort();
        }
    }

    asio::awaitable<void> accept_all() {
        asio::steady_timer pause(context_);
        for (;;) {
            auto accepted = co_await acceptor_.async_accept(asio::as_tuple(asio::deferred));
            auto& [error, socket] = accepted;
            if (error == asio::error::operation_aborted) co_return;
            if (error) {
                // Out of descriptors, most likely: the workers log it, and trying at once would
                // only spin.
                pause.expires_after(accept_pause);
                co_await pause.async_wait(asio::as_tuple(asio::deferred));
                continue;
            }
            if (connections_ >= limits_.connections) continue;  // closes the socket
            ++connections_;
            asio::co_spawn(context_, serve(std::move(socket)), asio::detached);
        }
    }

    asio::awaitable<void> serve(tcp::socket socket) {
        boost::beast::tcp_stream stream(std::move(socket));
        co_await exchange(stream);
        error_code ignored;  // the peer may have closed first
        stream.socket().shutdown(tcp::socket::shutdown_both, ignored);
        --connections_;
    }

    /// Requests and answers, until one side does not want another or something fails.
    asio::awaitable<void> exchange(boost::beast::tcp_stream& stream) {
        boost::beast::flat_buffer buffer(limits_.request_bytes);
        for (;;) {
            http::request_parser<http::string_body> parser;
            parser.header_limit(static_cast<std::uint32_t>(limits_.request_bytes));
            parser.body_limit(limits_.request_bytes);
            stream.expires_after(limits_.timeout);
            const auto read =
                co_await http::async_read(stream, buffer, parser, asio::as_tuple(asio::deferred));
            if (std::get<0>(read)) co_return;

            const auto response = answer(handlers_, parser.get());
            const auto written =
                co_await http::async_write(stream, response, asio::as_tuple(asio::deferred));
            if (std::get<0>(written) || !response.keep_alive()) co_return;
        }
    }

    admin_handlers handlers_;
    admin_limits limits_;
    logger& log_;
    asio::io_context context_{1};
    tcp::acceptor acceptor_;
    std::size_t connections_ = 0;
    std::uint16_t port_ = 0;
    std::thread thread_;
};

admin_server::admin_server(admin_handlers handlers, admin_limits limits, logger& log)
    : implementation_(std::make_unique<implementation>(std::move(handlers), limits, log)) {}

admin_server::~admin_server() = default;

std::optional<std::string> admin_server::start(const config::endpoint& listen) {
    return implementation_->start(listen);
}

std::uint16_t admin_server::port() const noexcept {
    return implementation_->port();
}

void admin_server::stop() {
    implementation_->stop();
}

}  // namespace weir::runtime
