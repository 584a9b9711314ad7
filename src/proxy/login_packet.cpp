#include "src/proxy/login_packet.hpp"

#include "protocol/mysql/errc.hpp"
#include "protocol/mysql/packet_header.hpp"
#include "src/net/transfer.hpp"

#include <algorithm>
#include <array>

namespace weir::proxy {

using protocol::mysql::packet_header;

namespace {

constexpr std::size_t payload_max = std::size_t{64} << 10U;

error_code too_large() {
    return make_error_code(protocol::mysql::errc::packet_too_large);
}

/// Bytes of a login as they are, or unpacked; what is read from the socket belongs to the packet
/// that is asked for.
class packet_source {
public:
    packet_source(net::stream& from, client_compression* compression, net::time_point deadline)
        : from_(from), compression_(compression), deadline_(deadline) {}

    boost::asio::awaitable<error_code> read(std::span<std::byte> into) {
        if (compression_ == nullptr) co_return co_await net::read_exactly(from_, into, deadline_);
        while (unpacked_.size() - taken_ < into.size()) {
            const error_code failed = co_await read_frame();
            if (failed) co_return failed;
        }
        std::ranges::copy(unpacked_.view().subspan(taken_, into.size()), into.begin());
        taken_ += into.size();
        co_return error_code();
    }

    /// Nobody sends ahead in the middle of a login.
    [[nodiscard]] bool is_used_up() const noexcept { return taken_ == unpacked_.size(); }

private:
    boost::asio::awaitable<error_code> read_frame() {
        protocol::wire::wiped_bytes frame;
        std::size_t done = 0;
        while (done == 0) {
            const std::size_t pending = frame.size();
            const std::size_t wanted = compression_->bytes_wanted();
            if (wanted <= pending || wanted > 2 * payload_max) co_return too_large();
            frame.resize(wanted);
            const error_code failed =
                co_await net::read_exactly(from_, std::span(frame).subspan(pending), deadline_);
            if (failed) co_return failed;
            const auto consumed =
                compression_->unpack_frames(std::span<const std::byte>(frame), unpacked_);
            if (!consumed) co_return consumed.error();
            done = *consumed;
        }
        co_return error_code();
    }

    net::stream& from_;
    client_compression* compression_;
    net::time_point deadline_;
    protocol::wire::send_buffer unpacked_;
    std::size_t taken_ = 0;  ///< of what is unpacked
};

}  // namespace

boost::asio::awaitable<result<login_packet>> read_login_packet(
    net::stream& from, net::time_point deadline, client_compression* compression
) {
    packet_source source(from, compression, deadline);
    std::array<std::byte, packet_header::size> head{};
    const error_code header_error = co_await source.read(head);
    if (header_error) co_return header_error;
    const auto header = packet_header::load(std::span<const std::byte>(head));
    if (header.payload_length > payload_max) co_return too_large();
    login_packet packet;
    packet.sequence = header.sequence;
    packet.payload.resize(header.payload_length);
    if (header.payload_length > 0) {
        const error_code payload_error = co_await source.read(packet.payload);
        if (payload_error) co_return payload_error;
    }
    if (!source.is_used_up()) co_return make_error_code(protocol::mysql::errc::unexpected_packet);
    co_return packet;
}

}  // namespace weir::proxy
