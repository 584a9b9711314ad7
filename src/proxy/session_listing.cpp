// The part of client_session that lists the sessions of all workers for SHOW PROCESSLIST.

#include "src/proxy/session_listing.hpp"

#include "src/proxy/client_session.hpp"
#include "src/proxy/proxy_worker.hpp"

#include <algorithm>
#include <utility>

namespace weir::proxy {

using splitter::listed_session;

namespace {

constexpr std::size_t text_length = 65'535;

}  // namespace

client_session::next_action client_session::list_sessions() {
    const auto until = std::chrono::steady_clock::now() + worker_.settings().timeouts.connect;
    listing_ = std::make_unique<session_listing>(session_listing{++listing_turn_, 0, until, {}});
    listing_->missing = worker_.ask_for_sessions(current_->server, {id_, listing_turn_});
    return std::nullopt;
}

void client_session::on_sessions_told(std::uint32_t turn, std::vector<listed_session> told) {
    if (is_closed_ || listing_ == nullptr || listing_->turn != turn) return;
    std::ranges::move(told, std::back_inserter(listing_->sessions));
    if (--listing_->missing == 0) finish_listing();
}

void client_session::finish_listing() {
    const auto listing = std::exchange(listing_, nullptr);
    perform(core_->on_sessions_listed(listing->sessions));
}

/// Nothing: the session has not begun or is over.
std::optional<listed_session> client_session::listed_at(replication_monitor::server_id server) {
    if (core_ == nullptr || is_closed_) return std::nullopt;
    const auto now = std::chrono::steady_clock::now();
    listed_session listed{
        .id = id_,
        .user = client_.who.user,
        .host = net::to_string(client_.peer),
        .schema = std::string(core_->facts().state.schema()),
        .elsewhere = {},
        .text = {}};
    const bool runs = !core_->is_waiting_for_command();
    if (runs) listed.text = core_->plan().text.substr(0, text_length);
    const auto since = runs && statement_began_ != time_point{} ? statement_began_ : last_active_;
    listed.time = std::chrono::duration_cast<std::chrono::seconds>(now - since);
    if (current_ != nullptr) {
        const bool is_here = current_->server == server;
        if (is_here) listed.thread_id = current_->state.thread_id;
        if (!is_here) listed.elsewhere = worker_.name_of(current_->server);
        return listed;
    }
    // It is this one's until another session takes it.
    const auto last =
        std::ranges::find(connections_.rbegin(), connections_.rend(), server, [](const auto& one) {
            return one->server;
        });
    if (!runs && last != connections_.rend()) listed.thread_id = (*last)->state.thread_id;
    return listed;
}

std::size_t proxy_worker::ask_for_sessions(server_id server, session_inquirer asks) {
    std::size_t asked = 0;
    const auto tell = [server, asks, from = thread_.index()](proxy_worker& there) {
        std::vector<listed_session> listed;
        for (const auto& session : there.all_sessions()) {
            if (auto one = session->listed_at(server)) listed.push_back(std::move(*one));
        }
        (void
        )there.context_.post_to_worker(from, [asks, told = std::move(listed)](proxy_worker& here) {
            if (const auto asking = here.find_session(asks.id))
                asking->on_sessions_told(asks.turn, told);
        });
    };
    while (context_.post_to_worker(asked, tell))
        ++asked;
    return asked;
}

}  // namespace weir::proxy
