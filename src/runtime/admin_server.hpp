#pragma once

#include "config/schema/proxy_settings.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace weir::runtime {

class logger;

/// What a further path answers with.
struct admin_page {
    enum class kind : std::uint8_t { json, text };
    kind what = kind::text;
    std::string body;
};

/// What the admin server answers with. Called in its thread; what they read must be safe to read
/// there.
struct admin_handlers {
    /// The page of GET /metrics.
    std::function<std::string()> metrics;
    /// GET /healthz: empty: 200 "ok"; else 503 with this reason.
    std::function<std::optional<std::string>()> unhealthy_reason;

    struct path_handler {
        std::string path;  ///< "/digests"
        /// From what stands behind the "?" of the target; nothing: 400, that is not understood.
        std::function<std::optional<admin_page>(std::string_view query)> page;
    };

    std::vector<path_handler> further_paths{};
};

struct admin_limits {
    std::size_t connections = 32;       ///< further ones are closed at once
    std::size_t request_bytes = 8'192;  ///< header and body of one request
    std::chrono::milliseconds timeout{
        5'000};  ///< of one request from its first wait to its answer's last byte
};

/// Health and metrics over HTTP/1.1 in a thread of its own, so that a slow reader costs the workers
/// nothing. Thread: created and destroyed by the one that supervises.
class admin_server {
public:
    admin_server(admin_handlers handlers, admin_limits limits, logger& log);
    /// Stops and joins.
    ~admin_server();
    admin_server(const admin_server&) = delete;
    admin_server& operator=(const admin_server&) = delete;

    /// Binds and starts the thread. Returns why it could not, in words that name the endpoint.
    [[nodiscard]] std::optional<std::string> start(const config::endpoint& listen);
    /// The port it listens on: for a `listen` with port 0.
    [[nodiscard]] std::uint16_t port() const noexcept;
    void stop();

private:
    class implementation;
    std::unique_ptr<implementation> implementation_;
};

}  // namespace weir::runtime
