#pragma once

#include "protocol/wire/ensure.hpp"
#include "protocol/wire/result.hpp"

#include <boost/asio/associated_allocator.hpp>
#include <boost/asio/detail/bind_handler.hpp>
#include <boost/asio/detail/epoll_reactor.hpp>
#include <boost/asio/detail/handler_work.hpp>
#include <boost/asio/detail/reactor_op.hpp>
#include <boost/asio/io_context.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <type_traits>
#include <utility>

namespace weir::net {

enum class wait_direction : std::uint8_t { read, write };

/// What the caller knows about events older than the last completed wait.
enum class wait_knowledge : std::uint8_t {
    nothing,    ///< always correct: asks the kernel again, at the price of one epoll_ctl
    exhausted,  ///< the caller has seen the consequences of all of them: only a new event can make
                ///< the socket ready
};

/// Waits until a socket is readable or writable, without reading, so that an idle connection holds
/// no buffer.
///
/// Why not Asio's own `async_wait`: its epoll registration is edge-triggered, and an event that
/// arrives while nobody waits is forgotten, so it re-registers the socket for each wait: one
/// epoll_ctl per message on the query path. Asio's reads avoid that by trying a recv() first, which
/// costs as much and needs a buffer. The reactor does remember one bit that answers the question:
/// `try_speculative`, set by every event and cleared by an operation that reports
/// `done_and_exhausted`. Our operation always reports that. So when a wait starts, the bit says
/// exactly whether an event arrived since the last wait completed; if so the wait completes at
/// once, else it is queued: no system call either way.
///
/// This is right only if nothing older than the last completed wait is left unseen: two things can
/// arrive in *one* event (bytes and the end of the stream), and a read that returned the bytes has
/// not seen the end. Hence `wait_knowledge`; byte_socket derives it from its reads.
/// docs/decisions/0001 has the measurements.
///
/// This file alone uses Asio's detail namespace; Boost is pinned to 1.81 in the root CMakeLists.txt
/// for that reason. Owner: stream. Thread: its worker.
class readiness {
public:
    explicit readiness(boost::asio::io_context& context)
        : executor_(context.get_executor()),
          reactor_(boost::asio::use_service<reactor_type>(context)) {
        reactor_.init_task();
    }

    readiness(const readiness&) = delete;
    readiness& operator=(const readiness&) = delete;

    ~readiness() { detach(); }

    /// Starts watching an open socket.
    [[nodiscard]] error_code attach(int native) {
        WEIR_ENSURE(native_ < 0);
        if (const int failure = reactor_.register_descriptor(native, descriptor_)) {
            reactor_.cleanup_descriptor_data(descriptor_);
            return {failure, boost::system::system_category()};
        }
        native_ = native;
        return {};
    }

    /// Stops watching; pending waits end with operation_aborted. The socket must still be open, and
    /// be closed right after.
    void detach() noexcept {
        if (native_ < 0) return;
        pending_ = {};
        reactor_.deregister_descriptor(native_, descriptor_, /*closing*/ true);
        reactor_.cleanup_descriptor_data(descriptor_);
        native_ = -1;
    }

    /// Pending waits end with operation_aborted.
    void cancel() noexcept {
        if (native_ < 0) return;
        pending_ = {};
        reactor_.cancel_ops(native_, descriptor_);
    }

    /// Calls `handler(error_code)`, never from within this call: success (look whether it is ready:
    /// it may not be, and then wait again), operation_aborted or bad_descriptor. The handler's
    /// allocator and executor are respected.
    template <class Handler>
    void async_wait(wait_direction direction, wait_knowledge knowledge, Handler handler) {
        auto* const operation = wait_operation<Handler>::make(*this, direction, std::move(handler));
        ++pending_[index_of(direction)];
        const bool speculative = knowledge == wait_knowledge::exhausted;
        const int kind =
            direction == wait_direction::read ? reactor_type::read_op : reactor_type::write_op;
        reactor_.start_op(
            kind, native_, descriptor_, operation, /*is_continuation*/ true, speculative
        );
    }

private:
    using reactor_type = boost::asio::detail::epoll_reactor;
    using executor_type = boost::asio::io_context::executor_type;

    static constexpr std::size_t index_of(wait_direction direction) noexcept {
        return static_cast<std::size_t>(direction);
    }

    /// An event came, or had come: called by the reactor while this object is attached.
    boost::asio::detail::reactor_op::status on_event(wait_direction direction) noexcept {
        using operation = boost::asio::detail::reactor_op;
        auto& pending = pending_[index_of(direction)];
        // With two waits for one direction (TLS may want to write in order to read) the event is
        // for both. `done` lets the reactor go on to the second one; it leaves the bit set, which
        // costs a wait that completes at once for nothing.
        const bool last = pending <= 1;
        if (pending > 0) --pending;
        return last ? operation::done_and_exhausted : operation::done;
    }

    template <class Handler>
    class wait_operation;

    executor_type executor_;
    reactor_type& reactor_;
    reactor_type::per_descriptor_data descriptor_ = nullptr;
    int native_ = -1;
    std::array<std::uint8_t, 2> pending_{};
};

/// One pending wait: lives in memory of the handler's allocator, which is free again before the
/// handler runs.
template <class Handler>
class readiness::wait_operation : public boost::asio::detail::reactor_op {
public:
    static wait_operation* make(readiness& owner, wait_direction direction, Handler handler) {
        allocator_type allocator(boost::asio::get_associated_allocator(handler));
        auto* const memory = traits::allocate(allocator, 1);
        return ::new (static_cast<void*>(memory))
            wait_operation(owner, direction, std::move(handler));
    }

private:
    using allocator_type = typename std::allocator_traits<
        boost::asio::associated_allocator_t<Handler>>::template rebind_alloc<wait_operation>;
    using traits = std::allocator_traits<allocator_type>;
    using work_type = boost::asio::detail::handler_work<Handler, executor_type>;

    wait_operation(readiness& owner, wait_direction direction, Handler handler)
        : reactor_op(error_code(), &wait_operation::perform_wait, &wait_operation::complete_wait),
          owner_(&owner),
          direction_(direction),
          handler_(std::move(handler)),
          work_(handler_, owner.executor_) {}

    static status perform_wait(reactor_op* base) {
        auto* const self = static_cast<wait_operation*>(base);
        return self->owner_->on_event(self->direction_);
    }

    /// `scheduler` is null when the io_context is being destroyed: then the handler is destroyed,
    /// not called.
    static void complete_wait(
        void* scheduler,
        boost::asio::detail::scheduler_operation* base,
        const error_code&,
        std::size_t
    ) {
        auto* const self = static_cast<wait_operation*>(base);
        // The owner may be gone; only what the operation itself holds is touched from here on.
        work_type work(std::move(self->work_));
        boost::asio::detail::binder1<Handler, error_code> bound(
            0, std::move(self->handler_), self->ec_
        );
        allocator_type allocator(boost::asio::get_associated_allocator(bound.handler_));
        self->~wait_operation();
        traits::deallocate(allocator, self, 1);
        if (scheduler != nullptr) work.complete(bound, bound.handler_);
    }

    readiness* owner_;
    wait_direction direction_;
    Handler handler_;
    work_type work_;
};

}  // namespace weir::net
