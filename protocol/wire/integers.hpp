#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>

namespace weir::protocol::wire {

/// Reads `Bytes` bytes, least significant first. `bytes` must hold that many.
template <std::size_t Bytes>
[[nodiscard]] constexpr std::uint64_t load_little(std::span<const std::byte> bytes) {
    static_assert(Bytes >= 1 && Bytes <= 8);
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < Bytes; ++i) {
        value |= std::to_integer<std::uint64_t>(bytes[i]) << (8 * i);
    }
    return value;
}

/// Writes the lower `Bytes` bytes of `value`, least significant first.
template <std::size_t Bytes>
constexpr void store_little(std::span<std::byte> bytes, std::uint64_t value) {
    static_assert(Bytes >= 1 && Bytes <= 8);
    for (std::size_t i = 0; i < Bytes; ++i) {
        bytes[i] = static_cast<std::byte>((value >> (8 * i)) & 0xFF);
    }
}

/// Reads `Bytes` bytes, most significant first.
template <std::size_t Bytes>
[[nodiscard]] constexpr std::uint64_t load_big(std::span<const std::byte> bytes) {
    static_assert(Bytes >= 1 && Bytes <= 8);
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < Bytes; ++i) {
        value = (value << 8) | std::to_integer<std::uint64_t>(bytes[i]);
    }
    return value;
}

/// Writes the lower `Bytes` bytes of `value`, most significant first.
template <std::size_t Bytes>
constexpr void store_big(std::span<std::byte> bytes, std::uint64_t value) {
    static_assert(Bytes >= 1 && Bytes <= 8);
    for (std::size_t i = 0; i < Bytes; ++i) {
        bytes[Bytes - 1 - i] = static_cast<std::byte>((value >> (8 * i)) & 0xFF);
    }
}

enum class byte_order : std::uint8_t { little, big };

/// An integer as it lies on the wire: an array of bytes without alignment that converts like the
/// integer.
template <class Value, std::size_t Bytes, byte_order Order>
class wire_integer {
public:
    static_assert(std::is_unsigned_v<Value> && Bytes <= sizeof(Value));

    constexpr wire_integer() noexcept = default;

    // Implicit both ways: the type exists to be an integer with a fixed layout. Bits above `Bytes`
    // are dropped.

    // NOLINTBEGIN(google-explicit-constructor)
    constexpr wire_integer(Value value) {
        if constexpr (Order == byte_order::little) {
            store_little<Bytes>(bytes_, value);
        } else {
            store_big<Bytes>(bytes_, value);
        }
    }

    constexpr operator Value() const {
        if constexpr (Order == byte_order::little) {
            return static_cast<Value>(load_little<Bytes>(bytes_));
        } else {
            return static_cast<Value>(load_big<Bytes>(bytes_));
        }
    }

    // NOLINTEND(google-explicit-constructor)

    [[nodiscard]] constexpr std::span<const std::byte, Bytes> bytes() const noexcept {
        return bytes_;
    }

private:
    std::array<std::byte, Bytes> bytes_{};
};

using little_u16 = wire_integer<std::uint16_t, 2, byte_order::little>;
using little_u24 = wire_integer<std::uint32_t, 3, byte_order::little>;
using little_u32 = wire_integer<std::uint32_t, 4, byte_order::little>;
using little_u48 = wire_integer<std::uint64_t, 6, byte_order::little>;
using little_u64 = wire_integer<std::uint64_t, 8, byte_order::little>;
using big_u16 = wire_integer<std::uint16_t, 2, byte_order::big>;
using big_u32 = wire_integer<std::uint32_t, 4, byte_order::big>;

}  // namespace weir::protocol::wire
