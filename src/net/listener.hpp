#pragma once

#include "config/schema/proxy_settings.hpp"
#include "src/net/peer_address.hpp"
#include "src/net/setup_error.hpp"
#include "src/net/unique_descriptor.hpp"

#include <boost/asio/io_context.hpp>

#include <functional>
#include <memory>
#include <optional>

namespace weir::runtime {
class logger;
}

namespace weir::net {

/// A connection that has no session yet: may be moved to another worker's thread, whose stream
/// adopts it.
struct accepted_socket {
    unique_descriptor native;  ///< non-blocking, close-on-exec, options applied
    peer_address peer;
};

/// Accepts on one endpoint in one worker. TCP: every worker has one on the same endpoint, and the
/// kernel spreads connections by SO_REUSEPORT. Unix: that does not exist; one worker has the
/// listener and its callback hands sockets to the workers in turn. Running out of descriptors
/// pauses accepting for a moment (counted, logged once per interval) instead of spinning. Thread:
/// its worker.
class listener {
public:
    using accept_handler = std::function<void(accepted_socket)>;

    listener(boost::asio::io_context& context, runtime::logger& log);
    /// Stops.
    ~listener();
    listener(const listener&) = delete;
    listener& operator=(const listener&) = delete;

    /// Binds, listens and calls `on_accept` for each connection until `stop`. A Unix socket file
    /// that nobody listens on is replaced; any other file there is an error. Errors name the
    /// endpoint.
    [[nodiscard]] std::optional<setup_error> start(
        const config::endpoint& endpoint,
        const config::socket_settings& settings,
        accept_handler on_accept
    );

    /// Where it listens, with the port the kernel chose if the endpoint's was 0.
    [[nodiscard]] const config::endpoint& local() const noexcept;

    /// Closes the socket and removes its Unix file; the callback is not called again. Idempotent.
    void stop() noexcept;

private:
    class acceptor;
    boost::asio::io_context& context_;
    runtime::logger& log_;
    config::endpoint local_;
    std::shared_ptr<acceptor>
        acceptor_;  // shared with its pending handlers, which may run once more after stop()
};

}  // namespace weir::net
