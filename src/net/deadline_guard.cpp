#include "src/net/deadline_guard.hpp"

#include "protocol/wire/result.hpp"

#include <utility>

namespace weir::net {

deadline_guard::deadline_guard(
    boost::asio::io_context& context, time_point deadline, std::function<void()> on_expiry
)
    : state_(std::make_shared<state>()), timer_(context) {
    state_->on_expiry = std::move(on_expiry);
    if (deadline == no_deadline) return;
    timer_.expires_at(deadline);
    timer_.async_wait([shared = state_](const error_code& error) {
        if (error || !shared->on_expiry) return;
        shared->expired = true;
        shared->on_expiry();
    });
}

deadline_guard::~deadline_guard() {
    state_->on_expiry = nullptr;
}

}  // namespace weir::net
