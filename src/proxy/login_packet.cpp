#include "src/proxy/login_packet.hpp"

#include "protocol/mysql/errc.hpp"
#include "protocol/mysql/packet_header.hpp"
#include "src/net/transfer.hpp"

#include <array>

namespace weir::proxy {

boost::asio::awaitable<result<login_packet>> read_login_packet(
    net::stream& from, net::time_point deadline
) {
    constexpr std::uint32_t payload_max = 64U << 10U;
    std::array<std::byte, protocol::mysql::packet_header::size> head{};
    const error_code header_error = co_await net::read_exactly(from, head, deadline);
    if (header_error) co_return header_error;
    const auto header = protocol::mysql::packet_header::load(std::span<const std::byte>(head));
    if (header.payload_length > payload_max)
        co_return make_error_code(protocol::mysql::errc::packet_too_large);
    login_packet packet;
    packet.sequence = header.sequence;
    packet.payload.resize(header.payload_length);
    if (header.payload_length > 0) {
        const error_code payload_error = co_await net::read_exactly(from, packet.payload, deadline);
        if (payload_error) co_return payload_error;
    }
    co_return packet;
}

}  // namespace weir::proxy
