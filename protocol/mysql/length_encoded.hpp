#pragma once

#include "protocol/wire/byte_reader.hpp"
#include "protocol/wire/bytes_view.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>

namespace weir::protocol::mysql {

/// First bytes that are no length: what they mean depends on the packet.
inline constexpr std::uint8_t null_value_byte = 0xFB;
inline constexpr std::uint8_t eof_byte = 0xFE;
inline constexpr std::uint8_t err_byte = 0xFF;

/// Size on the wire of integer<lenenc> that starts with `lead`; 0 for bytes that start none (0xFB,
/// 0xFF).
[[nodiscard]] constexpr std::size_t lenenc_size_from_lead(std::uint8_t lead) noexcept {
    if (lead < 0xFB) return 1;
    if (lead == 0xFC) return 3;
    if (lead == 0xFD) return 4;
    return lead == 0xFE ? 9 : 0;
}

/// Size on the wire of `value` in its shortest form.
[[nodiscard]] constexpr std::size_t lenenc_size(std::uint64_t value) noexcept {
    if (value < 0xFB) return 1;
    if (value <= 0xFFFF) return 3;
    return value <= 0xFFFFFF ? 4 : 9;
}

/// A text protocol value: string<lenenc>, or nothing for NULL. Failures are the reader's.
[[nodiscard]] inline std::optional<wire::bytes_view> read_nullable(
    wire::byte_reader& reader, wire::bytes_view row
) {
    const std::size_t position = row.size() - reader.remaining();
    if (reader.remaining() != 0 && wire::number_in(row[position]) == null_value_byte) {
        reader.skip(1);
        return std::nullopt;
    }
    return reader.lenenc_bytes();
}

}  // namespace weir::protocol::mysql
