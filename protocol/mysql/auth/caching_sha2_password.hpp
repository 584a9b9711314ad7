#pragma once

#include "protocol/mysql/auth/secret.hpp"
#include "protocol/wire/bytes_view.hpp"
#include "protocol/wire/result.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

struct evp_pkey_st;  // OpenSSL's EVP_PKEY; its headers stay in the .cpp

/// caching_sha2_password. Fast path: with key = SHA256(password) and stored = SHA256(key), the
/// client proves the password by response = key XOR SHA256(stored + scramble); who has cached
/// `stored` can check it and gets the key. Full path, when nothing is cached: the password itself
/// with a zero at its end, inside TLS or a Unix socket as it is, else XORed with the scramble and
/// encrypted with the server's RSA key. Source: MySQL "Caching_sha2_password information".
namespace weir::protocol::mysql::auth::caching_sha2_password {

inline constexpr std::string_view plugin_name = "caching_sha2_password";

/// One byte that the sides exchange in auth_more_data (server) or bare (client).
inline constexpr std::byte request_public_key{0x02};  ///< client: send the RSA key
inline constexpr std::byte fast_authentication_ok{
    0x03};  ///< server: the fast path was enough, OK follows
inline constexpr std::byte perform_full_authentication{0x04};  ///< server: send the password

using digest = std::array<std::byte, 32>;

/// SHA256(password): what the fast path needs. 32 bytes; empty for an empty password.
[[nodiscard]] secret key_from_password(std::string_view password);

/// SHA256(key): what is cached to check fast responses.
[[nodiscard]] digest stored_from_key(const secret& key);

/// The client's answer to a scramble of 20 bytes: 32 bytes, or none for an empty key.
[[nodiscard]] std::optional<digest> respond(const secret& key, wire::bytes_view scramble);

/// If `response` proves the password whose `stored` is known: the key. Nothing if it does not.
[[nodiscard]] std::optional<secret> recover_key(
    wire::bytes_view response, wire::bytes_view scramble, const digest& stored
);

/// Full path as a client without TLS: what goes into the packet. `public_key_pem`: as the server
/// sent it. Errors: `malformed_key`.
[[nodiscard]] result<std::string> encrypt_password(
    std::string_view password, wire::bytes_view scramble, std::string_view public_key_pem
);

/// Our key pair as a server without TLS. Made once at the start, immutable after; may be used by
/// all threads.
class rsa_key_pair {
public:
    /// Errors: `malformed_key` if the library cannot make one.
    [[nodiscard]] static result<rsa_key_pair> generate(unsigned bits = 2048);

    /// PEM text, "-----BEGIN PUBLIC KEY-----".
    [[nodiscard]] const std::string& public_pem() const noexcept { return public_pem_; }

    /// The password that a client encrypted against `scramble`. Errors: `malformed_key`.
    [[nodiscard]] result<secret> decrypt_password(
        wire::bytes_view encrypted, wire::bytes_view scramble
    ) const;

private:
    rsa_key_pair(std::shared_ptr<evp_pkey_st> key, std::string public_pem)
        : key_(std::move(key)), public_pem_(std::move(public_pem)) {}

    // shared: the pair is an immutable value that every worker's snapshot refers to
    std::shared_ptr<evp_pkey_st> key_;
    std::string public_pem_;
};

/// Full path inside TLS: the password from a packet that ends with a zero. Errors: `malformed_key`.
[[nodiscard]] result<secret> password_from_clear(wire::bytes_view payload);

}  // namespace weir::protocol::mysql::auth::caching_sha2_password
