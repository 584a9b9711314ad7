#pragma once

#include "protocol/wire/byte_reader.hpp"
#include "protocol/wire/byte_writer.hpp"
#include "protocol/wire/bytes_view.hpp"
#include "protocol/wire/result.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace weir::protocol::wire {

// A message is a struct and one field list, `static void fields(auto& io, auto& self)`, which both
// classes below walk: what is read and what is written cannot drift apart.

/// Walks a field list and fills the message; its views point into the bytes that are decoded.
class field_decoder {
public:
    explicit field_decoder(byte_reader& reader) noexcept : reader_(reader) {}

    /// A byte that is always the same; anything else is value_out_of_range.
    void literal(std::uint8_t expected) {
        if (reader_.u8() != expected) reader_.fail(errc::value_out_of_range);
    }

    void u8(std::uint8_t& value) { value = reader_.u8(); }

    void u16(std::uint16_t& value) { value = reader_.u16(); }

    void u24(std::uint32_t& value) { value = reader_.u24(); }

    void u32(std::uint32_t& value) { value = reader_.u32(); }

    void u64(std::uint64_t& value) { value = reader_.u64(); }

    void lenenc(std::uint64_t& value) { value = reader_.lenenc(); }

    void lenenc_bytes(bytes_view& value) { value = reader_.lenenc_bytes(); }

    void lenenc_text(std::string_view& value) { value = reader_.lenenc_text(); }

    void null_terminated(std::string_view& value) { value = reader_.null_terminated(); }

    void rest(bytes_view& value) { value = reader_.rest(); }

    void rest_text(std::string_view& value) { value = as_text(reader_.rest()); }

    /// Two bytes that are a set of flags: any type made from and giving back its `value()`.
    template <class FlagSet>
    void flags16(FlagSet& value) {
        value = FlagSet(reader_.u16());
    }

    /// Bytes of no meaning: skipped when reading, zero when writing.
    void zeros(std::size_t count) { reader_.skip(count); }

private:
    byte_reader& reader_;
};

/// Walks a field list and writes the message.
class field_encoder {
public:
    explicit field_encoder(byte_writer& writer) noexcept : writer_(writer) {}

    void literal(std::uint8_t value) { writer_.u8(value); }

    void u8(std::uint8_t value) { writer_.u8(value); }

    void u16(std::uint16_t value) { writer_.u16(value); }

    void u24(std::uint32_t value) { writer_.u24(value); }

    void u32(std::uint32_t value) { writer_.u32(value); }

    void u64(std::uint64_t value) { writer_.u64(value); }

    void lenenc(std::uint64_t value) { writer_.lenenc(value); }

    void lenenc_bytes(bytes_view value) { writer_.lenenc_bytes(value); }

    void lenenc_text(std::string_view value) { writer_.lenenc_text(value); }

    void null_terminated(std::string_view value) { writer_.null_terminated(value); }

    void rest(bytes_view value) { writer_.bytes(value); }

    void rest_text(std::string_view value) { writer_.text(value); }

    template <class FlagSet>
    void flags16(const FlagSet& value) {
        writer_.u16(value.value());
    }

    void zeros(std::size_t count) { writer_.zeros(count); }

private:
    byte_writer& writer_;
};

/// Reads a whole message; bytes left over are trailing_bytes.
template <class Message>
[[nodiscard]] result<Message> decode(bytes_view payload) {
    byte_reader reader(payload);
    field_decoder io(reader);
    Message message{};
    Message::fields(io, message);
    if (reader.failed()) return reader.error();
    if (reader.remaining() != 0) return make_error_code(errc::trailing_bytes);
    return message;
}

/// Appends a whole message.
template <class Message>
void encode(byte_writer& writer, const Message& message) {
    field_encoder io(writer);
    Message::fields(io, message);
}

}  // namespace weir::protocol::wire
