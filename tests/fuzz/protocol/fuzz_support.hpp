#pragma once

#include "protocol/mysql/capabilities.hpp"
#include "protocol/wire/byte_reader.hpp"
#include "protocol/wire/byte_writer.hpp"
#include "protocol/wire/bytes_view.hpp"
#include "protocol/wire/codec.hpp"
#include "protocol/wire/send_buffer.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>
#include <vector>

namespace weir::fuzz {

/// Stops the fuzzer: a claim of the decoder under test does not hold.
inline void require(bool claim) {
    if (!claim) std::abort();
}

[[nodiscard]] inline protocol::wire::bytes_view input(const std::uint8_t* data, std::size_t size) {
    return std::as_bytes(std::span(data, size));
}

/// The input's first eight bytes choose capabilities, the rest is the payload.
struct capable_input {
    explicit capable_input(protocol::wire::bytes_view bytes) {
        protocol::wire::byte_reader reader(bytes);
        capabilities = protocol::mysql::capability_set(reader.u64());
        payload = reader.rest();
    }

    protocol::mysql::capability_set capabilities;
    protocol::wire::bytes_view payload;
};

/// Decodes; if that succeeds, encodes and decodes again: both messages must be equal.
template <class Decode, class Encode>
void expect_round_trip(protocol::wire::bytes_view payload, Decode decode, Encode encode) {
    const auto first = decode(payload);
    if (!first) return;
    protocol::wire::send_buffer buffer;
    protocol::wire::byte_writer writer(buffer);
    encode(*first, writer);
    const auto second = decode(buffer.view());
    require(second.has_value());
    require(*first == *second);
}

/// The same for a message of one field list.
template <class Message>
void expect_field_list_round_trip(protocol::wire::bytes_view payload) {
    expect_round_trip(
        payload,
        [](auto bytes) { return protocol::wire::decode<Message>(bytes); },
        [](const Message& message, auto& writer) { protocol::wire::encode(writer, message); }
    );
}

/// The same for a message whose form depends on capabilities.
template <class Message>
void expect_capable_round_trip(const capable_input& in) {
    expect_round_trip(
        in.payload,
        [&in](auto bytes) { return Message::decode(bytes, in.capabilities); },
        [&in](const Message& message, auto& writer) { message.encode(writer, in.capabilities); }
    );
}

}  // namespace weir::fuzz
