#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <functional>
#include <memory>

namespace weir::net {

using time_point = std::chrono::steady_clock::time_point;

/// For operations that may take as long as they want.
inline constexpr time_point no_deadline = time_point::max();

/// Calls `on_expiry` once if it still lives when the deadline comes: then the operation that it
/// guards is to be cancelled and its error read as timed_out. Lives in a coroutine's frame. Thread:
/// the context's.
class deadline_guard {
public:
    /// `no_deadline`: never.
    deadline_guard(
        boost::asio::io_context& context, time_point deadline, std::function<void()> on_expiry
    );
    ~deadline_guard();
    deadline_guard(const deadline_guard&) = delete;
    deadline_guard& operator=(const deadline_guard&) = delete;

    [[nodiscard]] bool expired() const noexcept { return state_->expired; }

private:
    /// Shared with the timer's handler, which can be under way when the guard dies.
    struct state {
        std::function<void()> on_expiry;
        bool expired = false;
    };

    std::shared_ptr<state>
        state_;  // shared, though no snapshot: the handler outlives the guard by a turn of the loop
    boost::asio::steady_timer timer_;
};

}  // namespace weir::net
