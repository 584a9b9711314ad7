#pragma once

#include "protocol/mysql/errc.hpp"
#include "protocol/mysql/length_encoded.hpp"
#include "protocol/mysql/packet_header.hpp"
#include "protocol/mysql/response_grammar.hpp"
#include "protocol/wire/bytes_view.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>

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

/// What the first bytes of a packet say. Small values instead of a result: this is asked for every
/// packet.
struct peeked_role {
    bool is_known = false;  ///< false: too little is there to say, or an error
    packet_role role{};
    errc error{};
};

/// Role of the packet whose header is at the front of `bytes`. Only an ERR needs more than its
/// first byte, as it may be a progress report. Errors: the grammar's.
[[nodiscard]] inline peeked_role peek_role(
    const response_grammar& grammar, wire::bytes_view bytes
) noexcept {
    const std::size_t length = packet_header::load(bytes).payload_length;
    const wire::bytes_view there = bytes.subspan(packet_header::size);
    const wire::bytes_view payload = there.first(std::min(there.size(), length));
    if (length != 0) {
        if (payload.empty()) return {};
        const bool is_err = wire::number_in(payload[0]) == err_byte;
        const std::size_t wanted = std::min(length, response_grammar::first_bytes_wanted());
        if (is_err && payload.size() < wanted) return {};
    }
    peeked_role peeked;
    peeked.error = grammar.find_role({length, payload}, peeked.role);
    peeked.is_known = peeked.error == errc{};
    return peeked;
}

}  // namespace weir::protocol::mysql
