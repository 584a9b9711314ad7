#include "splitter/relay/upload.hpp"

#include "protocol/mysql/packet_header.hpp"

#include <algorithm>

namespace weir::splitter {

using protocol::mysql::packet_header;

upload::progress upload::advance(protocol::wire::bytes_view pending) noexcept {
    progress done;
    while (true) {
        const std::size_t passed = std::min(frame_left_, pending.size() - done.forward);
        frame_left_ -= passed;
        done.forward += passed;
        if (frame_left_ > 0 || pending.size() - done.forward < packet_header::size) return done;
        const auto header = packet_header::load(pending.subspan(done.forward, packet_header::size));
        done.forward += packet_header::size;
        last_sequence_ = header.sequence;
        if (header.payload_length == 0 && !continues_) {
            done.complete = true;
            return done;
        }
        frame_left_ = header.payload_length;
        continues_ = header.payload_length == protocol::mysql::max_frame_payload;
    }
}

}  // namespace weir::splitter
