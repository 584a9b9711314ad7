#pragma once

#include "protocol/wire/bytes_view.hpp"

#include <cstddef>
#include <initializer_list>
#include <ostream>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace weir::protocol::wire {

/// Hexadecimal, for failed expectations.
inline void PrintTo(bytes_view bytes, std::ostream* out) {
    constexpr std::string_view digits = "0123456789abcdef";
    *out << bytes.size() << " bytes:";
    for (const std::byte value : bytes) {
        *out << ' ' << digits[number_in(value) >> 4U] << digits[number_in(value) & 0x0FU];
    }
}

}  // namespace weir::protocol::wire

namespace weir::test {

using byte_vector = std::vector<std::byte>;

[[nodiscard]] inline protocol::wire::bytes_view view(const byte_vector& bytes) {
    return std::span<const std::byte>(bytes);
}

[[nodiscard]] inline byte_vector bytes(std::initializer_list<unsigned> values) {
    byte_vector result;
    for (const unsigned value : values) {
        result.push_back(static_cast<std::byte>(value));
    }
    return result;
}

[[nodiscard]] inline byte_vector bytes(std::string_view text) {
    const auto seen = protocol::wire::bytes_of(text);
    return {seen.begin(), seen.end()};
}

using protocol::wire::copy_of;

/// "0a ff" -> two bytes; blanks are skipped.
[[nodiscard]] inline byte_vector from_hex(std::string_view text) {
    byte_vector result;
    unsigned value = 0;
    unsigned digits = 0;
    for (const char letter : text) {
        if (letter == ' ' || letter == '\n') continue;
        const auto digit = static_cast<unsigned>(letter <= '9' ? letter - '0' : letter - 'a' + 10);
        value = value * 16 + digit;
        if (++digits % 2 == 0) {
            result.push_back(static_cast<std::byte>(value & 0xFFU));
            value = 0;
        }
    }
    return result;
}

[[nodiscard]] inline byte_vector operator+(byte_vector left, const byte_vector& right) {
    // Not insert: GCC 12 sees an overlap that is not there (array-bounds).
    left.reserve(left.size() + right.size());
    for (const std::byte one : right)
        left.push_back(one);
    return left;
}

}  // namespace weir::test
