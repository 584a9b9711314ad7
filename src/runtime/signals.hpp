#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>

#include <cstdint>
#include <functional>

namespace weir::runtime {

/// What a signal asks for.
enum class signal_request : std::uint8_t {
    reload,  ///< SIGHUP
    drain,   ///< the first SIGTERM or SIGINT
    stop,    ///< another one while draining: now
};

/// Turns signals into calls on main's io_context. Also makes the process ignore SIGPIPE, which a
/// library that writes to a closed pipe could raise; our own sockets write with MSG_NOSIGNAL. One
/// per process. Thread: the context's.
class signals {
public:
    signals(boost::asio::io_context& context, std::function<void(signal_request)> on_request);
    /// Stops listening; signals have their default effect again.
    void cancel();

private:
    void wait();
    void on_signal(int number);

    boost::asio::signal_set set_;
    std::function<void(signal_request)> on_request_;
    bool draining_ = false;
};

}  // namespace weir::runtime
