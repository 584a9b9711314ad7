#pragma once

#include "protocol/mysql/errc.hpp"
#include "protocol/mysql/length_encoded.hpp"
#include "protocol/mysql/packet_header.hpp"
#include "protocol/mysql/response_grammar.hpp"
#include "protocol/wire/bytes_view.hpp"
#include "protocol/wire/result.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace weir::protocol::mysql {

/// Where in the frames of a response its reader stands: what response_tracker and
/// response_translator have in common. A plain value.
class frame_position {
public:
    explicit frame_position(std::size_t frame_max = max_frame_payload) noexcept
        : frame_max_(frame_max) {}

    /// Bytes of the open frame that are among the first `available`; they are then behind us.
    [[nodiscard]] std::size_t advance(std::size_t available) noexcept {
        const std::size_t taken = std::min(frame_left_, available);
        frame_left_ -= taken;
        return taken;
    }

    [[nodiscard]] bool is_inside_frame() const noexcept { return frame_left_ != 0; }

    /// True if the next header opens a further frame of the packet under way.
    [[nodiscard]] bool continues() const noexcept { return continues_; }

    [[nodiscard]] bool is_between_packets() const noexcept {
        return frame_left_ == 0 && !continues_;
    }

    /// May the next frame carry this number?
    [[nodiscard]] bool follows(std::uint8_t sequence) const noexcept {
        return any_sequence_ || sequence == next_sequence(last_sequence_);
    }

    /// The frame's contents will pass in pieces.
    void open(packet_header header) noexcept {
        take_whole(header);
        frame_left_ = header.payload_length;
        continues_ = frame_left_ == frame_max_;
    }

    /// The frame was taken as a whole, and with it the packet.
    void take_whole(packet_header header) noexcept {
        last_sequence_ = header.sequence;
        any_sequence_ = false;
    }

    /// The other side speaks in between: the next number is taken as it comes.
    void accept_any_sequence() noexcept { any_sequence_ = true; }

    [[nodiscard]] std::uint8_t last_sequence() const noexcept { return last_sequence_; }

    [[nodiscard]] std::size_t frame_max() const noexcept { return frame_max_; }

private:
    std::size_t frame_max_;
    std::size_t frame_left_ = 0;
    std::uint8_t last_sequence_ = 0;
    bool any_sequence_ = true;
    bool continues_ = false;
};

/// Role of the packet whose header is at the front of `bytes`; nothing if too little of it is there
/// to say. Only an ERR needs more than its first byte, as it may be a progress report. Errors: the
/// grammar's.
[[nodiscard]] inline result<std::optional<packet_role>> peek_role(
    const response_grammar& grammar, wire::bytes_view bytes
) {
    const std::size_t length = packet_header::load(bytes).payload_length;
    const wire::bytes_view there = bytes.subspan(packet_header::size);
    const wire::bytes_view payload = there.first(std::min(there.size(), length));
    if (length != 0 && payload.empty()) return std::optional<packet_role>{};
    const bool is_err = length != 0 && wire::number_in(payload[0]) == err_byte;
    if (is_err && payload.size() < std::min(length, response_grammar::first_bytes_wanted())) {
        return std::optional<packet_role>{};
    }
    const auto role = grammar.role({length, payload});
    if (!role) return role.error();
    return std::optional(*role);
}

}  // namespace weir::protocol::mysql
