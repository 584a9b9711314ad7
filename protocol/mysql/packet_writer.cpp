#include "protocol/mysql/packet_writer.hpp"

#include <algorithm>

namespace weir::protocol::mysql {

wire::byte_writer packet_writer::begin() {
    begin_ = out_.size();
    (void)out_.extend(packet_header::size);
    return wire::byte_writer(out_);
}

void packet_writer::end() {
    const std::size_t payload_size = out_.size() - begin_ - packet_header::size;
    const std::size_t frames_full = payload_size / frame_max_;
    (void)out_.extend(
        frames_full * packet_header::size
    );  // room for the headers of the frames behind the first
    const auto packet = out_.mutable_view().subspan(begin_);
    // From the last frame to the first, so that no payload byte is overwritten before it has moved.
    for (std::size_t i = frames_full + 1; i-- > 0;) {
        const std::size_t length = i == frames_full ? payload_size % frame_max_ : frame_max_;
        const auto source = packet.subspan(packet_header::size + i * frame_max_, length);
        const auto frame =
            packet.subspan(i * (packet_header::size + frame_max_), packet_header::size + length);
        if (i != 0) std::copy_backward(source.begin(), source.end(), frame.end());
        packet_header{static_cast<std::uint32_t>(length), mysql::next_sequence(sequence_, i)}.store(
            frame
        );
    }
    sequence_ = mysql::next_sequence(sequence_, frames_full + 1);
}

void append_packet(
    wire::send_buffer& out, std::uint8_t& sequence, wire::bytes_view payload, std::size_t frame_max
) {
    bool is_last = false;
    while (!is_last) {
        const std::size_t length = std::min(payload.size(), frame_max);
        is_last = length < frame_max;
        packet_header{static_cast<std::uint32_t>(length), sequence}.store(
            out.extend(packet_header::size)
        );
        out.append(payload.first(length));
        payload = payload.subspan(length);
        sequence = next_sequence(sequence);
    }
}

}  // namespace weir::protocol::mysql
