#include "splitter/relay/local_answer.hpp"

#include "protocol/mysql/messages/eof.hpp"
#include "protocol/mysql/messages/err.hpp"
#include "protocol/mysql/messages/ok.hpp"
#include "protocol/mysql/packet_writer.hpp"
#include "protocol/wire/codec.hpp"

#include <algorithm>
#include <limits>

namespace weir::splitter {
namespace {

protocol::mysql::ok ok_of(protocol::mysql::status_set status, std::uint32_t warnings) {
    protocol::mysql::ok message;
    message.status = status;
    message.warnings = counted(warnings);
    return message;
}

}  // namespace

std::uint16_t counted(std::uint32_t warnings) noexcept {
    constexpr std::uint32_t most = std::numeric_limits<std::uint16_t>::max();
    return static_cast<std::uint16_t>(std::min(warnings, most));
}

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
    protocol::mysql::capability_set client,
    std::uint32_t warnings
) {
    protocol::mysql::packet_writer packet(out, sequence);
    auto writer = packet.begin();
    ok_of(status, warnings).encode(writer, client);
    packet.end();
}

void append_end(
    protocol::wire::send_buffer& out,
    std::uint8_t sequence,
    protocol::mysql::status_set status,
    protocol::mysql::capability_set client,
    std::uint32_t warnings
) {
    protocol::mysql::packet_writer packet(out, sequence);
    auto writer = packet.begin();
    if (client.has(protocol::mysql::capability::deprecate_eof)) {
        protocol::mysql::ok message = ok_of(status, warnings);
        message.header = 0xFE;
        message.encode(writer, client);
    } else {
        protocol::wire::encode(writer, protocol::mysql::eof{counted(warnings), status});
    }
    packet.end();
}

}  // namespace weir::splitter
