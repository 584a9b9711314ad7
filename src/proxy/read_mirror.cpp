#include "src/proxy/read_mirror.hpp"

#include "src/proxy/backend_login.hpp"
#include "src/proxy/mirrored_session.hpp"
#include "src/proxy/proxy_worker.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include <algorithm>
#include <utility>

namespace weir::proxy {

using boost::asio::awaitable;

namespace {

constexpr std::size_t runners_max = 4;
constexpr std::size_t queue_max = 256;
constexpr std::size_t idle_max = 8;

}  // namespace

void read_mirror::offer(mirrored_read read) {
    if (is_closed_ || queue_.size() >= queue_max) return worker_.metrics().mirror.dropped.add();
    queue_.push_back(std::move(read));
    if (runners_ >= runners_max) return;
    ++runners_;
    boost::asio::co_spawn(worker_.io(), run(), boost::asio::detached);
}

awaitable<void> read_mirror::run() {
    while (!is_closed_ && !queue_.empty()) {
        mirrored_read next = std::move(queue_.front());
        queue_.pop_front();
        co_await run_one(std::move(next));
    }
    --runners_;
}

awaitable<void> read_mirror::run_one(mirrored_read read) {
    backend_connection_pointer connection = take_idle(read);
    if (connection == nullptr) connection = co_await connect(read);
    if (connection == nullptr || is_closed_) {
        worker_.metrics().mirror.failed.add();
        if (connection != nullptr) worker_.close_connection(*connection, farewell::quit);
        co_return;
    }
    busy_.push_back(connection);
    worker_.on_leased(connection->server);
    const auto answer = co_await run_mirrored(worker_, read, *connection);
    worker_.on_released(connection->server);
    // Closed meanwhile: it is not among them any more.
    const bool is_ours = std::erase(busy_, connection) > 0;
    if (!answer) {
        worker_.metrics().mirror.failed.add();
        if (is_ours) worker_.close_connection(*connection, farewell::abandon);
        co_return;
    }
    count(read, std::span<const std::byte>(*answer));
    if (!is_ours) co_return;
    connection->last_used = std::chrono::steady_clock::now();
    idle_.push_back(connection);
    if (idle_.size() > idle_max) {
        worker_.close_connection(*idle_.front(), farewell::quit);
        idle_.erase(idle_.begin());
    }
}

void read_mirror::count(const mirrored_read& read, protocol::wire::bytes_view answer) {
    auto& metrics = worker_.metrics().mirror;
    metrics.sent.add();
    if (!read.expected) return;
    const auto found = splitter::checksum_of(answer, read.who.capabilities);
    if (!found) return;
    metrics.compared.add();
    if (*found != *read.expected) metrics.different.add();
}

backend_connection_pointer read_mirror::take_idle(const mirrored_read& read) {
    while (true) {
        const auto found = std::ranges::find_if(idle_, [&](const auto& one) {
            return one->server == read.server && one->pool_class == read.account;
        });
        if (found == idle_.end()) return nullptr;
        backend_connection_pointer taken = *found;
        idle_.erase(found);
        if (!is_stale(*taken)) return taken;
        worker_.close_connection(*taken, farewell::none);
    }
}

awaitable<backend_connection_pointer> read_mirror::connect(const mirrored_read& read) {
    auto place = worker_.take_place(read.server);
    if (!place) co_return nullptr;
    backend_connection_pointer made = worker_.make_connection(read.server, std::move(*place));
    const backend_login_request request =
        worker_.login_request_for(read.server, read.who, read.proof);
    const backend_login_outcome outcome = co_await proxy::log_in(*made, request);
    if (outcome.error) co_return nullptr;
    worker_.on_connected(read.server);
    made->pool_class = read.account;
    co_return made;
}

void read_mirror::close_unused(time_point since) {
    const auto unused = std::stable_partition(idle_.begin(), idle_.end(), [&](const auto& one) {
        return one->last_used > since;
    });
    for (auto connection = unused; connection != idle_.end(); ++connection)
        worker_.close_connection(**connection, farewell::quit);
    idle_.erase(unused, idle_.end());
}

void read_mirror::close() {
    is_closed_ = true;
    queue_.clear();
    for (const auto& connection : std::exchange(idle_, {}))
        worker_.close_connection(*connection, farewell::quit);
    for (const auto& connection : std::exchange(busy_, {}))
        worker_.close_connection(*connection, farewell::abandon);
}

}  // namespace weir::proxy
