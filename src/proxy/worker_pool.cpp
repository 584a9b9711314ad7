// The part of proxy_worker that hands its connections from session to session, and lets those wait
// in order who find none.

#include "src/proxy/proxy_worker.hpp"

#include <boost/asio/post.hpp>

#include <algorithm>
#include <utility>

namespace weir::proxy {

connection_class_pointer proxy_worker::class_of(const logged_in_client& client) {
    return pool_.class_of(client.who, address_to_tell(client.peer));
}

std::optional<std::string> proxy_worker::address_to_tell(const net::peer_address& peer) {
    const bool is_told =
        std::ranges::any_of(settings().servers, &config::server_settings::send_proxy_protocol);
    if (!is_told) return std::nullopt;
    return peer.address.to_string();
}

std::optional<backend_place> proxy_worker::make_place(server_id server) {
    const auto unused_since = std::chrono::steady_clock::now() - spare_after;
    if (auto* const spare = pool_.oldest(server, unused_since)) {
        close_connection(*spare, farewell::quit);
        return take_place(server);
    }
    context_.ask_for_place(server);
    return std::nullopt;
}

void proxy_worker::on_place_wanted(server_id server) {
    const auto unused_since = std::chrono::steady_clock::now() - spare_after;
    if (auto* const spare = pool_.oldest(server, unused_since))
        close_connection(*spare, farewell::quit);
}

void proxy_worker::close_connection(backend_connection& connection, farewell how) {
    const backend_connection_pointer keep(&connection);
    backend_pool::withdraw(connection);
    if (auto* const holder = std::exchange(connection.holder, nullptr))
        holder->on_connection_taken(connection);
    if (auto* const owner = connection.state.left.owner)
        owner->on_connection_lost(connection.state);
    if (how == farewell::abandon) connection.stream.abandon();
    if (how == farewell::quit) say_quit(connection);
    connection.stream.close();
    connection.place.give_back();
    on_connection_closed(connection.server);
}

/// What is idle for longer than timeouts.idle_backend, but for what its last session may still ask,
/// and sooner what no session there is has used.
void proxy_worker::close_unused(time_point now) {
    const auto limit = settings().timeouts.idle_backend;
    if (limit.count() == 0) return;
    mirror_.close_unused(now - limit);
    for (const auto& connection : pool_.unused(now - settings().timeouts.unclaimed_backend)) {
        if (connection->holder == nullptr) close_connection(*connection, farewell::quit);
    }
    for (const auto& connection : pool_.unused(now - limit)) {
        if (connection->state.left.is_asked_for()) continue;
        if (connection->holder != nullptr && !connection->holder->can_prove_itself()) continue;
        close_connection(*connection, farewell::quit);
    }
}

std::deque<client_session::pointer>& proxy_worker::queue_of(splitter::server_role role) {
    return role == splitter::server_role::primary ? waiting_writes_ : waiting_reads_;
}

const client_session* proxy_worker::first_waiting(splitter::server_role role) {
    auto& queue = queue_of(role);
    while (!queue.empty() && !queue.front()->is_waiting_for_server())
        queue.pop_front();
    return queue.empty() ? nullptr : queue.front().get();
}

void proxy_worker::on_waiting(client_session& session, queue_place place) {
    auto& queue = queue_of(session.waits_for_role());
    if (place == queue_place::first) {
        queue.emplace_front(&session);
    } else {
        queue.emplace_back(&session);
    }
}

/// Not at once: who gives a connection back is in the middle of its own work.
void proxy_worker::serve_soon() {
    const bool nobody_waits =
        waiting_writes_.empty() && waiting_reads_.empty() && waiting_logins_.empty();
    if (nobody_waits || std::exchange(is_to_serve_, true)) return;
    boost::asio::post(io(), [this] { serve_waiting(); });
}

void proxy_worker::serve_waiting() {
    is_to_serve_ = false;
    // By turns, so that neither those who are logged in nor those who want to be keep the others
    // out.
    if (std::exchange(logins_are_next_, !logins_are_next_)) serve_logins();
    for (auto* const queue : {&waiting_writes_, &waiting_reads_}) {
        while (!queue->empty()) {
            const client_session::pointer first = queue->front();
            queue->pop_front();
            if (!first->look_again(queue_place::first)) break;
        }
    }
    serve_logins();
}

}  // namespace weir::proxy
