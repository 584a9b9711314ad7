#include "src/proxy/login_packet.hpp"

#include "protocol/mysql/errc.hpp"
#include "protocol/mysql/packet_header.hpp"
#include "src/net/transfer.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

namespace weir::proxy {

using protocol::mysql::packet_header;
using protocol::wire::bytes_view;

namespace {

constexpr std::size_t payload_max = std::size_t{64} << 10U;

error_code too_large() {
    return make_error_code(protocol::mysql::errc::packet_too_large);
}

/// The packet that `bytes` are, or nothing while it is not whole.
result<std::optional<login_packet>> whole_packet(bytes_view bytes) {
    if (bytes.size() < packet_header::size) return std::optional<login_packet>{};
    const auto header = packet_header::load(bytes);
    if (header.payload_length > payload_max) return too_large();
    const auto payload = bytes.subspan(packet_header::size);
    if (payload.size() < header.payload_length) return std::optional<login_packet>{};
    // Nobody sends ahead in the middle of a login.
    if (payload.size() > header.payload_length) return too_large();
    login_packet packet;
    packet.sequence = header.sequence;
    packet.payload.assign(payload.begin(), payload.end());
    return std::optional(std::move(packet));
}

}  // namespace

boost::asio::awaitable<result<login_packet>> read_login_packet(
    net::stream& from, net::time_point deadline
) {
    std::array<std::byte, packet_header::size> head{};
    const error_code header_error = co_await net::read_exactly(from, head, deadline);
    if (header_error) co_return header_error;
    const auto header = packet_header::load(std::span<const std::byte>(head));
    if (header.payload_length > payload_max) co_return too_large();
    login_packet packet;
    packet.sequence = header.sequence;
    packet.payload.resize(header.payload_length);
    if (header.payload_length > 0) {
        const error_code payload_error = co_await net::read_exactly(from, packet.payload, deadline);
        if (payload_error) co_return payload_error;
    }
    co_return packet;
}

boost::asio::awaitable<result<login_packet>> read_login_packet(
    net::stream& from, client_compression& compression, net::time_point deadline
) {
    protocol::wire::wiped_bytes frames;
    protocol::wire::send_buffer inner;
    while (true) {
        const std::size_t pending = frames.size();
        const std::size_t wanted = std::max(compression.bytes_wanted(), pending + 1);
        if (wanted > 2 * payload_max) co_return too_large();
        frames.resize(wanted);
        const error_code failed =
            co_await net::read_exactly(from, std::span(frames).subspan(pending), deadline);
        if (failed) co_return failed;
        const auto done = compression.unpack_frames(std::span<const std::byte>(frames), inner);
        if (!done) co_return done.error();
        frames.erase(frames.begin(), frames.begin() + static_cast<std::ptrdiff_t>(*done));
        auto packet = whole_packet(inner.view());
        if (!packet) co_return packet.error();
        if (packet->has_value()) co_return std::move(**packet);
    }
}

}  // namespace weir::proxy
