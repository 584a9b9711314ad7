#include "src/proxy/client_compression.hpp"

#include <algorithm>

namespace weir::proxy {

using protocol::mysql::capability;
using protocol::mysql::capability_set;
using protocol::mysql::compression_method;
using protocol::wire::bytes_view;

namespace {

/// As servers choose when a client offers both.
compression_method method_of(capability_set client) {
    return client.has(capability::compress) ? compression_method::zlib : compression_method::zstd;
}

int level_of(capability_set client, std::uint8_t zstd_level) {
    constexpr int zlib_level = 6;
    constexpr int zstd_default = 3;
    if (method_of(client) == compression_method::zlib) return zlib_level;
    return zstd_level == 0 ? zstd_default : zstd_level;
}

std::size_t frame_limit(std::uint64_t packet_limit) {
    constexpr std::uint64_t most = protocol::mysql::compressed_header::frame_max;
    return static_cast<std::size_t>(std::min(packet_limit + 4, most));
}

}  // namespace

bool client_compression::is_agreed(capability_set client) noexcept {
    return client.has(capability::compress) || client.has(capability::zstd_compression);
}

client_compression::client_compression(
    capability_set client, std::uint8_t zstd_level, std::uint64_t packet_limit
)
    : decoder_(method_of(client), frame_limit(packet_limit)),
      encoder_(method_of(client), level_of(client, zstd_level)) {}

result<std::size_t> client_compression::unpack(protocol::wire::receive_buffer& into) {
    unpacked_.clear();
    const auto consumed = unpack_frames(received_.pending(), unpacked_);
    if (!consumed) return {result<bool>::in_place_error, consumed.error()};
    received_.consume(*consumed);
    if (received_.empty()) received_.release();
    if (*consumed == 0) return std::size_t{0};
    const auto area = into.prepare(std::max<std::size_t>(unpacked_.size(), 1));
    std::ranges::copy(unpacked_.view(), area.begin());
    const std::size_t count = unpacked_.size();
    into.commit(count);
    unpacked_.clear();
    return count;
}

result<std::size_t> client_compression::unpack_frames(
    bytes_view frames, protocol::wire::send_buffer& into
) {
    const auto consumed = decoder_.decode(frames, into);
    if (consumed && *consumed > 0) encoder_.set_sequence(decoder_.next_sequence());
    return consumed;
}

result<bytes_view> client_compression::pack(bytes_view bytes) {
    packed_.clear();
    if (const auto why = encoder_.encode(bytes, packed_)) return why;
    return packed_.view();
}

}  // namespace weir::proxy
