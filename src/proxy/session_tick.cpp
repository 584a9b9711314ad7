// The part of client_session that looks about once a second for what no event tells of: time that
// has run out, and a side that has gone unseen.

#include "src/net/peer_state.hpp"
#include "src/proxy/client_session.hpp"
#include "src/proxy/proxy_worker.hpp"

namespace weir::proxy {
namespace {

/// How long a silence lasts before somebody looks whether the other side is still there.
constexpr std::chrono::seconds silence_before_look{1};

}  // namespace

void client_session::on_tick(time_point now) {
    if (core_ == nullptr || is_closed_) return;
    if (pins_.is_running()) measure_pins(core_->facts().pinned, now);
    if (is_waiting_for_server_) {
        if (now >= wait_until_) look_again(queue_place::last);
        return;
    }
    if (is_left_by_client(now)) return close();
    look_for_missed_end(now);
    // The other session's worker may have ended, and then nobody answers.
    if (is_looking_for_victim_ && now >= wait_until_)
        return on_victim_found(kill_turn_, std::nullopt);
    if (listing_ != nullptr && now >= listing_->until) return finish_listing();
    const auto& timeouts = worker_.settings().timeouts;
    if (timeouts.idle_client.count() != 0 && core_->is_waiting_for_command() &&
        now - last_active_ >= timeouts.idle_client) {
        return close();
    }
}

/// True if a statement has been under way for a while and nobody waits for its answer any more.
/// Whoever waits for a lock in vain would else hold on to others. What the client has sent behind
/// it still runs.
bool client_session::is_left_by_client(time_point now) const {
    const bool waits = statement_began_ != time_point{} && current_ != nullptr;
    if (!waits || now - last_active_ < silence_before_look || core_->has_further_input())
        return false;
    return net::look_at_peer(stream_) == net::peer_state::closed;
}

/// An end of stream that came together with the peer's last bytes is not an event of its own if the
/// peer has only stopped sending (net/stream.hpp): who has waited for a while asks once.
void client_session::look_for_missed_end(time_point now) {
    if (now - last_active_ < silence_before_look) return;
    if (waits_for_ == side::client) stream_.look_again();
    if (waits_for_ == side::backend) current_->stream.look_again();
}

}  // namespace weir::proxy
