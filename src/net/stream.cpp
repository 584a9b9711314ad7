#include "src/net/stream.hpp"

#include "protocol/wire/ensure.hpp"
#include "src/net/socket_options.hpp"
#include "src/net/tls_error.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/deferred.hpp>

#include <sys/socket.h>

#include <cerrno>
#include <vector>

namespace weir::net {

namespace asio = boost::asio;

namespace {

error_code system_error(int number) noexcept {
    return {number, boost::system::system_category()};
}

/// How the connection attempt on `native` ended.
error_code connect_result(int native) noexcept {
    int number = 0;
    socklen_t size = sizeof number;
    if (::getsockopt(native, SOL_SOCKET, SO_ERROR, &number, &size) != 0) return system_error(errno);
    return number == 0 ? error_code() : system_error(number);
}

}  // namespace

stream::stream(asio::io_context& context) : context_(context), readiness_(context) {}

stream::~stream() {
    close();
}

error_code stream::adopt(unique_descriptor native, peer_address peer) {
    close();
    if (const auto error = readiness_.attach(native.get())) return error;
    socket_.adopt(std::move(native), peer.kind);
    peer_ = std::move(peer);
    return {};
}

asio::awaitable<error_code> stream::connect(
    config::endpoint to, config::socket_settings options, time_point deadline
) {
    close();
    const auto addresses = co_await resolve(context_, std::move(to), deadline);
    if (!addresses) co_return addresses.error();

    const deadline_guard guard(context_, deadline, [this] { cancel(); });
    error_code error = asio::error::host_not_found;
    for (const auto& address : *addresses) {
        error = co_await connect_to(address, options);
        if (!error) co_return error_code();
        close();
        if (guard.expired()) co_return error_code(asio::error::timed_out);
        if (error == asio::error::operation_aborted) co_return error;
    }
    co_return error;
}

asio::awaitable<error_code> stream::connect_to(
    native_address address, config::socket_settings options
) {
    const int family = address.get()->sa_family;
    unique_descriptor native(::socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    if (!native.is_open()) co_return system_error(errno);
    if (const auto error = apply_socket_options(native.get(), address.peer.kind, options))
        co_return error;

    const bool connected = ::connect(native.get(), address.get(), address.size) == 0;
    if (!connected && errno != EINPROGRESS) co_return system_error(errno);
    // Watched only now: a socket that is not even connecting would report a hang-up.
    if (const auto error = adopt(std::move(native), address.peer)) co_return error;
    if (connected) co_return error_code();

    const auto waited = co_await async_wait_writable(asio::as_tuple(asio::deferred));
    if (const auto error = std::get<0>(waited)) co_return error;
    co_return connect_result(native_handle());
}

std::size_t stream::read_some(std::span<std::byte> into, error_code& error) noexcept {
    if (!is_open()) {
        error = asio::error::bad_descriptor;
        return 0;
    }
    return tls_ != nullptr ? tls_->read_some(into, error) : socket_.read_some(into, error);
}

std::size_t stream::write_some(std::span<const std::byte> from, error_code& error) noexcept {
    if (!is_open()) {
        error = asio::error::bad_descriptor;
        return 0;
    }
    return tls_ != nullptr ? tls_->write_some(from, error) : socket_.write_some(from, error);
}

asio::awaitable<error_code> stream::start_tls_server(
    std::shared_ptr<const tls_context> context, time_point deadline
) {
    WEIR_ENSURE(tls_ == nullptr);
    tls_ = tls_session::make_server(*context, socket_);
    if (tls_ == nullptr) co_return take_tls_error();
    co_return co_await handshake(deadline);
}

asio::awaitable<error_code> stream::start_tls_client(
    std::shared_ptr<const tls_context> context, std::string host, time_point deadline
) {
    WEIR_ENSURE(tls_ == nullptr);
    tls_ = tls_session::make_client(*context, socket_, host);
    if (tls_ == nullptr) co_return take_tls_error();
    co_return co_await handshake(deadline);
}

asio::awaitable<error_code> stream::handshake(time_point deadline) {
    const deadline_guard guard(context_, deadline, [this] { cancel(); });
    for (;;) {
        const auto error = tls_->handshake();
        if (error != asio::error::would_block) co_return error;
        const auto waited = co_await async_wait_readable(asio::as_tuple(asio::deferred));
        const auto failure = std::get<0>(waited);
        if (guard.expired()) co_return error_code(asio::error::timed_out);
        if (failure) co_return failure;
    }
}

std::optional<tls_facts> stream::tls() const {
    if (tls_ == nullptr || !tls_->is_established()) return std::nullopt;
    return tls_->facts();
}

void stream::shutdown_write() noexcept {
    if (!is_open()) return;
    if (tls_ != nullptr) tls_->notify_close();
    ::shutdown(native_handle(), SHUT_WR);
}

void stream::cancel() noexcept {
    readiness_.cancel();
}

void stream::look_again() noexcept {
    if (is_open() && socket_.may_have_missed_end()) cancel();
}

void stream::close() noexcept {
    if (tls_ != nullptr && is_open()) tls_->notify_close();
    abandon();
}

void stream::abandon() noexcept {
    if (!is_open()) return;
    tls_.reset();
    readiness_.detach();
    socket_.close();
}

}  // namespace weir::net
