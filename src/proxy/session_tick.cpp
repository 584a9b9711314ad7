// The part of client_session that looks about once a second for what no event tells of: time that
// has run out, and a side that has gone unseen.

#include "protocol/wire/send_buffer.hpp"
#include "splitter/relay/local_answer.hpp"
#include "src/net/peer_state.hpp"
#include "src/proxy/client_session.hpp"
#include "src/proxy/proxy_worker.hpp"

#include <algorithm>
#include <charconv>

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
    if (!core_->is_waiting_for_command()) return;
    const auto most = time_to_be_idle();
    if (most.count() != 0 && now - last_active_ >= most) end_idle();
}

/// timeouts.idle_client, or what the client itself has set as its wait_timeout. 0: for ever.
std::chrono::milliseconds client_session::time_to_be_idle() const {
    const std::chrono::milliseconds configured = worker_.settings().timeouts.idle_client;
    const std::string* const own = core_->facts().state.value_of("wait_timeout");
    if (own == nullptr) return configured;
    unsigned seconds = 0;
    const auto read = std::from_chars(own->data(), own->data() + own->size(), seconds);
    if (read.ec != std::errc{} || seconds == 0) return configured;
    const std::chrono::milliseconds wished = std::chrono::seconds(seconds);
    return configured.count() == 0 ? wished : std::min(configured, wished);
}

/// MySQL says why, if the socket takes it at once; MariaDB says nothing.
void client_session::end_idle() {
    const auto flavor = worker_.world().flavor;
    if (flavor == protocol::mysql::server_flavor::mysql && compression_ == nullptr) {
        protocol::wire::send_buffer out;
        splitter::append_error(
            out,
            0,
            {protocol::mysql::server_errc::idle_timeout,
             "The client was disconnected by the server because of inactivity. See wait_timeout "
             "and interactive_timeout for configuring this behavior."}
        );
        error_code ignored;
        (void)stream_.write_some(out.view().span(), ignored);
    }
    close();
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
