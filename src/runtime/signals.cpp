#include "src/runtime/signals.hpp"

#include "protocol/wire/result.hpp"

#include <csignal>
#include <utility>

namespace weir::runtime {

signals::signals(boost::asio::io_context& context, std::function<void(signal_request)> on_request)
    : set_(context, SIGHUP, SIGTERM, SIGINT), on_request_(std::move(on_request)) {
    // The disposition is the process's and has no failure for a signal that exists.
    (void)std::signal(SIGPIPE, SIG_IGN);
    wait();
}

void signals::cancel() {
    error_code ignored;  // nothing is pending if it fails
    set_.cancel(ignored);
    set_.clear(ignored);
}

void signals::wait() {
    set_.async_wait([this](const error_code& error, int number) {
        if (error) return;
        on_signal(number);
    });
}

void signals::on_signal(int number) {
    wait();  // first: the request may cancel
    if (number == SIGHUP) return on_request_(signal_request::reload);
    on_request_(std::exchange(draining_, true) ? signal_request::stop : signal_request::drain);
}

}  // namespace weir::runtime
