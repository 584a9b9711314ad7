#pragma once

#include "protocol/mysql/messages/column_definition.hpp"
#include "protocol/mysql/messages/eof.hpp"
#include "protocol/mysql/messages/err.hpp"
#include "protocol/mysql/messages/ok.hpp"
#include "protocol/mysql/packet_writer.hpp"
#include "protocol/wire/codec.hpp"

#include "tests/support/bytes.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

/// Payloads and frames as servers send them, for tests.
namespace weir::test {

/// What `encode` writes: a message's payload.
template <class Encode>
[[nodiscard]] byte_vector payload_from(Encode encode) {
    protocol::wire::send_buffer buffer;
    protocol::wire::byte_writer writer(buffer);
    encode(writer);
    return copy_of(buffer.view());
}

template <class Message>
[[nodiscard]] byte_vector payload_of(const Message& message) {
    return payload_from([&message](auto& writer) { protocol::wire::encode(writer, message); });
}

template <class Message>
[[nodiscard]] byte_vector payload_of(
    const Message& message, protocol::mysql::capability_set capabilities
) {
    return payload_from([&](auto& writer) { message.encode(writer, capabilities); });
}

/// Packets in frames with rising sequence numbers.
[[nodiscard]] inline byte_vector frames_of(
    const std::vector<byte_vector>& payloads,
    std::uint8_t sequence = 1,
    std::size_t frame_max = protocol::mysql::max_frame_payload
) {
    protocol::wire::send_buffer buffer;
    for (const byte_vector& payload : payloads) {
        protocol::mysql::append_packet(buffer, sequence, view(payload), frame_max);
    }
    return copy_of(buffer.view());
}

[[nodiscard]] inline byte_vector ok_payload(
    protocol::mysql::status_set status = {}, std::uint8_t header = 0x00
) {
    protocol::mysql::ok message;
    message.header = header;
    message.status = status;
    return payload_of(message, {});
}

[[nodiscard]] inline byte_vector eof_payload(protocol::mysql::status_set status = {}) {
    return payload_of(protocol::mysql::eof{0, status});
}

[[nodiscard]] inline byte_vector err_payload() {
    const auto message =
        protocol::mysql::err::make(protocol::mysql::server_errc::query_interrupted, "interrupted");
    return payload_of(message, {protocol::mysql::capability::protocol_41});
}

[[nodiscard]] inline byte_vector definition_payload(std::string_view name = "a") {
    protocol::mysql::column_definition message;
    message.name = name;
    return payload_of(message, {});
}

/// A text row of one column.
[[nodiscard]] inline byte_vector text_row_payload(std::string_view value) {
    return payload_from([value](auto& writer) { writer.lenenc_text(value); });
}

}  // namespace weir::test
