#pragma once

#include "protocol/mysql/packet_header.hpp"
#include "protocol/wire/bytes_view.hpp"

#include "tests/fuzz/protocol/fuzz_support.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string_view>

namespace weir::fuzz {

/// Requires whole packets, numbered from `first` on without a gap; nothing: from any number.
/// Returns the number after the last one.
inline std::uint8_t require_packets(
    protocol::wire::bytes_view bytes, std::optional<std::uint8_t> first
) {
    using protocol::mysql::packet_header;
    while (!bytes.empty()) {
        require(bytes.size() >= packet_header::size);
        const auto header = packet_header::load(bytes);
        require(bytes.size() - packet_header::size >= header.payload_length);
        require(!first || header.sequence == *first);
        first = protocol::mysql::next_sequence(header.sequence);
        bytes = bytes.subspan(packet_header::size + header.payload_length);
    }
    return first.value_or(0);
}

[[nodiscard]] inline bool contains(protocol::wire::bytes_view bytes, std::string_view text) {
    return protocol::wire::as_text(bytes).find(text) != std::string_view::npos;
}

}  // namespace weir::fuzz
