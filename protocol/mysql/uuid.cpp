#include "protocol/mysql/uuid.hpp"

namespace weir::protocol::mysql {
namespace {

/// A dash stands before the byte of this number.
constexpr bool is_behind_dash(std::size_t byte) {
    return byte == 4 || byte == 6 || byte == 8 || byte == 10;
}

std::optional<unsigned> digit(char letter) {
    if (letter >= '0' && letter <= '9') return static_cast<unsigned>(letter - '0');
    if (letter >= 'a' && letter <= 'f') return static_cast<unsigned>(letter - 'a' + 10);
    if (letter >= 'A' && letter <= 'F') return static_cast<unsigned>(letter - 'A' + 10);
    return std::nullopt;
}

}  // namespace

std::string uuid_text(wire::bytes_view bytes) {
    constexpr std::string_view digits = "0123456789abcdef";
    if (bytes.size() < uuid_size) return {};
    std::string text;
    text.reserve(uuid_text_size);
    for (std::size_t i = 0; i < uuid_size; ++i) {
        const auto value = std::to_integer<unsigned>(bytes[i]);
        if (is_behind_dash(i)) text += '-';
        text += digits[value >> 4U];
        text += digits[value & 0x0FU];
    }
    return text;
}

std::optional<std::array<std::byte, uuid_size>> uuid_bytes(std::string_view text) {
    if (text.size() != uuid_text_size) return std::nullopt;
    std::array<std::byte, uuid_size> bytes{};
    std::size_t at = 0;
    for (std::size_t i = 0; i < uuid_size; ++i) {
        if (is_behind_dash(i) && text[at++] != '-') return std::nullopt;
        const auto high = digit(text[at]);
        const auto low = digit(text[at + 1]);
        if (!high || !low) return std::nullopt;
        bytes[i] = static_cast<std::byte>(*high << 4U | *low);
        at += 2;
    }
    return bytes;
}

}  // namespace weir::protocol::mysql
