#pragma once

#include "protocol/wire/bytes_view.hpp"

#include <array>
#include <cstddef>
#include <initializer_list>
#include <span>

namespace weir::protocol::mysql::auth {

/// Digest of the parts one after another. A library that cannot compute a digest at all is a broken
/// installation: these abort rather than let a login pass on garbage.
[[nodiscard]] std::array<std::byte, 20> sha1(std::initializer_list<wire::bytes_view> parts);
[[nodiscard]] std::array<std::byte, 32> sha256(std::initializer_list<wire::bytes_view> parts);
[[nodiscard]] std::array<std::byte, 64> sha512(std::initializer_list<wire::bytes_view> parts);

/// left[i] ^= right[i]; `right` is repeated if it is shorter, and must not be empty.
void xor_with(std::span<std::byte> left, wire::bytes_view right);

/// An array as borrowed bytes.
template <std::size_t Size>
[[nodiscard]] wire::bytes_view view_of(const std::array<std::byte, Size>& bytes) noexcept {
    return std::span<const std::byte>(bytes);
}

}  // namespace weir::protocol::mysql::auth
