#pragma once

#include "protocol/mysql/packet_header.hpp"
#include "protocol/wire/byte_writer.hpp"
#include "protocol/wire/bytes_view.hpp"
#include "protocol/wire/send_buffer.hpp"

#include <cstddef>
#include <cstdint>

namespace weir::protocol::mysql {

/// Composes packets at the end of a send_buffer: begin(), write the payload through the returned
/// writer, end(). Borrows the buffer; nothing else may be appended to it between begin() and end().
class packet_writer {
public:
    /// `sequence`: number of the first frame. `frame_max` is smaller in tests only.
    explicit packet_writer(
        wire::send_buffer& out, std::uint8_t sequence, std::size_t frame_max = max_frame_payload
    ) noexcept
        : out_(out), frame_max_(frame_max), sequence_(sequence) {}

    /// Leaves room for a header; the payload goes through the writer, which is valid until end().
    [[nodiscard]] wire::byte_writer begin();

    /// Patches the header, and splits the payload into frames if it does not fit one; a payload of
    /// a multiple of the frame size ends with an empty frame.
    void end();

    /// The number that the next frame will carry.
    [[nodiscard]] std::uint8_t next_sequence() const noexcept { return sequence_; }

private:
    wire::send_buffer& out_;
    std::size_t frame_max_;
    std::size_t begin_ = 0;  ///< offset of the open packet's header
    std::uint8_t sequence_;
};

/// Appends one packet whose payload is at hand; `sequence` is its first frame's number and then the
/// next one's.
void append_packet(
    wire::send_buffer& out,
    std::uint8_t& sequence,
    wire::bytes_view payload,
    std::size_t frame_max = max_frame_payload
);

}  // namespace weir::protocol::mysql
