#include "src/proxy/brief_query.hpp"

#include "protocol/mysql/messages/query.hpp"
#include "protocol/mysql/packet_writer.hpp"
#include "src/net/transfer.hpp"

namespace weir::proxy {

boost::asio::awaitable<result<login_packet>> ask_briefly(
    backend_connection& with, std::string text, net::time_point deadline
) {
    protocol::wire::send_buffer out;
    protocol::mysql::packet_writer packet(out, 0);
    auto writer = packet.begin();
    protocol::mysql::query{{}, text}.encode(writer, with.state.capabilities);
    packet.end();
    const error_code unsent = co_await net::write_all(with.stream, out.view().span(), deadline);
    if (unsent) co_return unsent;
    co_return co_await read_login_packet(with.stream, deadline);
}

}  // namespace weir::proxy
