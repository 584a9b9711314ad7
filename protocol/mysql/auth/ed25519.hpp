#pragma once

#include "protocol/mysql/auth/secret.hpp"
#include "protocol/wire/bytes_view.hpp"
#include "protocol/wire/result.hpp"

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

/// MariaDB's client_ed25519: the client signs the server's 32 bytes of scramble. It is Ed25519
/// except that the secret is the password itself, of any length, where the standard hashes a seed
/// of 32 bytes; hence a library's key pairs cannot be used and the signature is put together from
/// the curve's operations. Source: MariaDB knowledge base "Authentication Plugin - ed25519"; RFC
/// 8032 s.5.1.6.
namespace weir::protocol::mysql::auth::ed25519 {

inline constexpr std::string_view plugin_name = "client_ed25519";
inline constexpr std::size_t scramble_size = 32;

using signature = std::array<std::byte, 64>;
using public_key = std::array<std::byte, 32>;

/// The client's answer. Errors: `malformed_key` if the scramble has another size.
[[nodiscard]] result<signature> sign(std::string_view password, wire::bytes_view scramble);

/// The key that a server stores for a password.
[[nodiscard]] public_key public_key_from_password(std::string_view password);

/// True if `response` is the signature of `scramble` under `key`.
[[nodiscard]] bool verify(
    wire::bytes_view response, wire::bytes_view scramble, const public_key& key
);

/// 43 characters of base64 without padding, as in MariaDB's account table.
[[nodiscard]] std::string format_stored(const public_key& key);

}  // namespace weir::protocol::mysql::auth::ed25519
