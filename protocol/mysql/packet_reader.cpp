#include "protocol/mysql/packet_reader.hpp"

#include "protocol/mysql/errc.hpp"

namespace weir::protocol::mysql {

packet_reader::packet_reader(std::uint64_t payload_limit, std::size_t frame_max) noexcept
    : payload_limit_(payload_limit), frame_max_(frame_max) {}

result<std::optional<packet>> packet_reader::next(wire::bytes_view pending) {
    packet found;
    found.first_sequence = expected_;
    std::uint64_t payload_size = 0;
    std::size_t position = 0;
    bool is_last = false;
    while (!is_last) {
        if (pending.size() - position < packet_header::size) {
            bytes_wanted_ = position + packet_header::size;
            return std::optional<packet>{};
        }
        const auto header = packet_header::load(pending.subspan(position));
        newest_ = header.sequence;
        if (header.sequence != next_sequence(expected_, found.frames)) {
            return make_error_code(errc::sequence_mismatch);
        }
        payload_size += header.payload_length;
        if (payload_size > payload_limit_) return make_error_code(errc::packet_too_large);
        position += packet_header::size;
        if (pending.size() - position < header.payload_length) {
            bytes_wanted_ = position + header.payload_length;
            return std::optional<packet>{};
        }
        position += header.payload_length;
        found.last_sequence = header.sequence;
        ++found.frames;
        is_last = header.payload_length < frame_max_;
    }
    found.wire = pending.first(position);
    found.payload = found.frames == 1 ? found.wire.subspan(packet_header::size)
                                      : join(found.wire, static_cast<std::size_t>(payload_size));
    bytes_wanted_ = packet_header::size;
    expected_ = next_sequence(found.last_sequence);
    return std::optional(found);
}

wire::bytes_view packet_reader::join(wire::bytes_view wire, std::size_t payload_size) {
    joined_.clear();
    joined_.reserve(payload_size);
    while (!wire.empty()) {
        const std::size_t length = packet_header::load(wire).payload_length;
        const wire::bytes_view part = wire.subspan(packet_header::size, length);
        joined_.insert(joined_.end(), part.begin(), part.end());
        wire = wire.subspan(packet_header::size + length);
    }
    return std::span<const std::byte>(joined_);
}

}  // namespace weir::protocol::mysql
