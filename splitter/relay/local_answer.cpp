#include "splitter/relay/local_answer.hpp"

#include "protocol/mysql/messages/err.hpp"
#include "protocol/mysql/messages/ok.hpp"
#include "protocol/mysql/packet_writer.hpp"

namespace weir::splitter {

std::string ended(protocol::mysql::server_flavor flavor, std::string message) {
    if (flavor == protocol::mysql::server_flavor::mysql) message += '.';
    return message;
}

void append_error(
    protocol::wire::send_buffer& out, std::uint8_t sequence, const local_error& error
) {
    protocol::mysql::packet_writer packet(out, sequence);
    auto writer = packet.begin();
    protocol::mysql::err::make(error.code, error.message)
        .encode(writer, protocol::mysql::capability_set{protocol::mysql::capability::protocol_41});
    packet.end();
}

void append_ok(
    protocol::wire::send_buffer& out,
    std::uint8_t sequence,
    protocol::mysql::status_set status,
    protocol::mysql::capability_set client
) {
    protocol::mysql::packet_writer packet(out, sequence);
    auto writer = packet.begin();
    protocol::mysql::ok message;
    message.status = status;
    message.encode(writer, client);
    packet.end();
}

}  // namespace weir::splitter
