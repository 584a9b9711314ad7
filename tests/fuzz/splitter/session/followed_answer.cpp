#include "tests/fuzz/splitter/session/followed_answer.hpp"

#include "protocol/mysql/messages/ok.hpp"
#include "protocol/mysql/packet_header.hpp"

#include "tests/fuzz/splitter/hidden_tracking.hpp"

#include <cstddef>

namespace weir::fuzz {

using protocol::mysql::packet_header;
using protocol::mysql::response_event;

void followed_answer::start(
    protocol::mysql::response_kind kind, protocol::mysql::capability_set capabilities
) noexcept {
    tracker_.start(kind, capabilities);
    capabilities_ = capabilities;
    pending_.clear();
    awaited_ = std::uint8_t{1};
    sound_ = true;
    asks_for_file_ = false;
    shows_hidden_ = false;
}

void followed_answer::on_bytes(protocol::wire::bytes_view bytes) {
    pending_.insert(pending_.end(), bytes.begin(), bytes.end());
    if (sound_) advance();
}

void followed_answer::on_file_sent(std::uint8_t next_number) noexcept {
    asks_for_file_ = false;
    awaited_ = next_number;
}

void followed_answer::advance() {
    while (!pending_.empty()) {
        // Behind its end, and while a file is awaited, nothing may come.
        sound_ = !tracker_.is_complete() && !asks_for_file_;
        if (!sound_) return;
        if (awaited_) {
            if (pending_.size() < packet_header::size) return;
            sound_ = packet_header::load(test::view(pending_)).sequence == *awaited_;
            if (!sound_) return;
        }
        const auto event = tracker_.advance(test::view(pending_));
        sound_ = event.has_value();
        if (!sound_) return;
        if (event->forward > 0) awaited_.reset();
        look_into(*event);
        pending_.erase(
            pending_.begin(), pending_.begin() + static_cast<std::ptrdiff_t>(event->forward)
        );
        if (event->what == response_event::kind::local_infile) asks_for_file_ = true;
        if (event->what == response_event::kind::more_bytes && !event->complete) return;
    }
}

void followed_answer::look_into(const response_event& event) {
    using protocol::mysql::packet_role;
    constexpr std::size_t ok_size_min = 7;
    const bool is_ok = event.role == packet_role::ok || event.role == packet_role::row_end;
    if (event.what != response_event::kind::terminator || !is_ok) return;
    if (event.payload.size() < ok_size_min) return;
    const auto message = protocol::mysql::ok::decode(event.payload, capabilities_);
    if (message && shows_hidden_tracking(message->session_state)) shows_hidden_ = true;
}

}  // namespace weir::fuzz
