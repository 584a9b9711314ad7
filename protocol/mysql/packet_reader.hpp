#pragma once

#include "protocol/mysql/packet_header.hpp"
#include "protocol/wire/bytes_view.hpp"
#include "protocol/wire/result.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace weir::protocol::mysql {

/// One protocol message, in one frame or several.
struct packet {
    wire::bytes_view
        wire;  ///< the frames as received, headers included; a view into the bytes given to next()
    wire::bytes_view
        payload;  ///< contiguous: in place for one frame, joined in the reader for several
    std::uint8_t first_sequence = 0;
    std::uint8_t last_sequence = 0;
    std::size_t frames = 0;
};

/// Splits received bytes into packets. Keeps no received bytes: until a packet is complete the
/// caller keeps them pending, and after next() returned one the caller consumes `wire.size()` of
/// them. Source: MySQL "Protocol Basics: Packets". Thread: its session's worker.
class packet_reader {
public:
    /// `payload_limit`: bytes of payload that a packet may have. `frame_max` is smaller in tests
    /// only.
    explicit packet_reader(
        std::uint64_t payload_limit, std::size_t frame_max = max_frame_payload
    ) noexcept;

    /// The packet at the front of `pending`, or nothing if it is not all there yet. Errors:
    /// `sequence_mismatch`, `packet_too_large`, both known as soon as the offending header is.
    /// Views are valid until `pending` moves and, for packets of several frames, until the next
    /// call.
    [[nodiscard]] result<std::optional<packet>> next(wire::bytes_view pending);

    /// How many bytes must be pending before next() can say more than it did. At least 4.
    [[nodiscard]] std::size_t bytes_wanted() const noexcept { return bytes_wanted_; }

    /// The next packet's first frame must carry this number: 0 at the start of a command.
    void expect_sequence(std::uint8_t sequence) noexcept { expected_ = sequence; }

    [[nodiscard]] std::uint8_t expected_sequence() const noexcept { return expected_; }

    /// The number of the newest frame that next() has seen the header of, also one it rejected: an
    /// answer follows it.
    [[nodiscard]] std::uint8_t newest_sequence() const noexcept { return newest_; }

    void set_payload_limit(std::uint64_t payload_limit) noexcept { payload_limit_ = payload_limit; }

    /// Frees what joining a large packet took: an idle session holds no buffer.
    void release() noexcept { std::vector<std::byte>().swap(joined_); }

private:
    [[nodiscard]] wire::bytes_view join(wire::bytes_view wire, std::size_t payload_size);

    std::uint64_t payload_limit_;
    std::size_t frame_max_;
    std::size_t bytes_wanted_ = packet_header::size;
    std::uint8_t expected_ = 0;
    std::uint8_t newest_ = 0;
    std::vector<std::byte> joined_;
};

}  // namespace weir::protocol::mysql
