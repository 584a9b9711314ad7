#pragma once

#include "protocol/mysql/auth/secret.hpp"
#include "protocol/wire/bytes_view.hpp"
#include "protocol/wire/result.hpp"

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

/// mysql_native_password. With key = SHA1(password) and stored = SHA1(key), a client proves the
/// password by response = key XOR SHA1(scramble + stored). Who knows `stored` can check a response,
/// and gets the key from it: with that it can log in elsewhere without ever seeing the password.
/// Source: MySQL "Native Authentication".
namespace weir::protocol::mysql::auth::native_password {

inline constexpr std::string_view plugin_name = "mysql_native_password";

using digest = std::array<std::byte, 20>;

/// SHA1(password): what a login needs. 20 bytes; empty for an empty password.
[[nodiscard]] secret key_from_password(std::string_view password);

/// SHA1(key): what the server stores.
[[nodiscard]] digest stored_from_key(const secret& key);

/// The client's answer to a scramble of 20 bytes: 20 bytes, or none for an empty key.
[[nodiscard]] std::optional<digest> respond(const secret& key, wire::bytes_view scramble);

/// Reads "*" and 40 hexadecimal digits, as in the servers' account tables. Errors: `malformed_key`.
[[nodiscard]] result<digest> parse_stored(std::string_view text);

/// "*" and 40 upper case hexadecimal digits.
[[nodiscard]] std::string format_stored(const digest& stored);

/// If `response` proves the password whose `stored` is known: the key. Nothing if it does not.
[[nodiscard]] std::optional<secret> recover_key(
    wire::bytes_view response, wire::bytes_view scramble, const digest& stored
);

}  // namespace weir::protocol::mysql::auth::native_password
