#pragma once

#include "protocol/wire/bytes_view.hpp"
#include "protocol/wire/integers.hpp"

#include <cstddef>
#include <cstdint>

namespace weir::protocol::mysql {

/// A frame holds at most this many payload bytes; one of exactly so many is followed by another of
/// the same packet, perhaps an empty one. Source: MySQL "Protocol Basics: Packets", "Sending More
/// Than 16Mb".
inline constexpr std::size_t max_frame_payload = 0xFFFFFF;

/// The 4 bytes in front of each frame: payload length and sequence number.
struct packet_header {
    static constexpr std::size_t size = 4;

    std::uint32_t payload_length = 0;  ///< 0..0xFFFFFF
    std::uint8_t sequence = 0;         ///< wraps at 256

    /// `bytes` must hold at least `size` bytes.
    [[nodiscard]] static constexpr packet_header load(wire::bytes_view bytes) {
        return {
            static_cast<std::uint32_t>(wire::load_little<3>(bytes.span())),
            static_cast<std::uint8_t>(wire::number_in(bytes[3]))};
    }

    constexpr void store(std::span<std::byte> bytes) const {
        wire::store_little<3>(bytes, payload_length);
        bytes[3] = static_cast<std::byte>(sequence);
    }

    friend bool operator==(const packet_header&, const packet_header&) = default;
};

/// The sequence number after this one, `steps` further on.
[[nodiscard]] constexpr std::uint8_t next_sequence(
    std::uint8_t sequence, std::size_t steps = 1
) noexcept {
    return static_cast<std::uint8_t>((sequence + steps) & 0xFFU);
}

}  // namespace weir::protocol::mysql
