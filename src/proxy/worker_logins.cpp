// The part of proxy_worker that gives logins their connections: one that is there and changes its
// user, or a new one; in turn, and never so many at once that sessions are left without.

#include "src/proxy/proxy_worker.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/deferred.hpp>

#include <algorithm>
#include <utility>

namespace weir::proxy {
namespace {

/// A session that has used its connection since is likely to want it again, with all that is
/// prepared there: a new one is better, if it may be made.
constexpr std::chrono::milliseconds left_alone_after{1'000};

}  // namespace

std::string proxy_worker::form_of(
    const splitter::login_request& who, const net::peer_address& peer
) {
    return backend_pool::form_of(who, address_to_tell(peer));
}

backend_connection_pointer proxy_worker::take_to_change(
    const std::string& form, server_id server, time_point unused_since
) {
    const auto now = std::chrono::steady_clock::now();
    while (auto* const found = pool_.find_to_change(form, server, unused_since)) {
        backend_connection_pointer taken(found);
        if (has_gone_stale(*taken, now)) {
            close_connection(*taken, farewell::none);
            continue;
        }
        backend_pool::withdraw(*taken);
        if (auto* const holder = std::exchange(taken->holder, nullptr))
            holder->on_connection_taken(*taken);
        return taken;
    }
    return nullptr;
}

/// A login may wait for its client in the middle, and a storm of them is not to take all that
/// sessions run their statements on: at the limit, logins have half of a worker's share.
bool proxy_worker::may_begin_login() {
    const std::size_t limit = settings().limits.backends_per_server;
    const std::size_t workers = std::max<std::size_t>(1, context_.workers);
    return limit == 0 || logins_under_way_ < std::max<std::size_t>(1, limit / (2 * workers));
}

std::optional<way_to_server> proxy_worker::find_way(server_id server, const std::string& form) {
    if (!may_begin_login()) return std::nullopt;
    const auto now = std::chrono::steady_clock::now();
    way_to_server way;
    way.connection = take_to_change(form, server, now - left_alone_after);
    if (way.connection != nullptr) return way;
    auto place = take_place(server);
    if (!place) way.connection = take_to_change(form, server, now);
    if (!place && way.connection == nullptr) place = make_place(server);
    if (place) way.place = std::move(*place);
    if (!place && way.connection == nullptr) return std::nullopt;
    return way;
}

boost::asio::awaitable<std::optional<way_to_server>> proxy_worker::wait_for_way(
    server_id server, std::string form, net::time_point deadline
) {
    const bool is_first = waiting_logins_.empty() &&
                          first_waiting(splitter::server_role::primary) == nullptr &&
                          first_waiting(splitter::server_role::replica) == nullptr;
    std::optional<way_to_server> way;
    if (is_first) way = find_way(server, form);
    if (!way) {
        on_limit_reached(server);
        metrics_.waiting.add(1);
        login_turn turn{
            server, std::move(form), boost::asio::steady_timer(io(), deadline), std::nullopt};
        waiting_logins_.push_back(&turn);
        // Woken at the deadline, when its turn has come, and when the worker ends.
        (void)co_await turn.woken.async_wait(boost::asio::as_tuple(boost::asio::deferred));
        std::erase(waiting_logins_, &turn);
        metrics_.waiting.add(-1);
        co_return std::move(turn.granted);
    }
    ++logins_under_way_;
    co_return way;
}

void proxy_worker::on_login_over() {
    --logins_under_way_;
    serve_soon();
}

void proxy_worker::serve_logins() {
    while (!waiting_logins_.empty()) {
        login_turn& first = *waiting_logins_.front();
        first.granted = find_way(first.server, first.form);
        if (!first.granted) return;
        ++logins_under_way_;
        waiting_logins_.pop_front();
        first.woken.cancel();
    }
}

}  // namespace weir::proxy
