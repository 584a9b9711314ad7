#include "protocol/mysql/auth/ed25519.hpp"

#include "protocol/mysql/auth/digest.hpp"
#include "protocol/mysql/errc.hpp"

#include <sodium.h>

#include <algorithm>
#include <tuple>

namespace weir::protocol::mysql::auth::ed25519 {
namespace {

using scalar = std::array<std::byte, 32>;
using wide_digest = std::array<std::byte, 64>;

template <std::size_t Size>
[[nodiscard]] unsigned char* numbers(std::array<std::byte, Size>& bytes) noexcept {
    return reinterpret_cast<unsigned char*>(bytes.data());
}

template <std::size_t Size>
[[nodiscard]] const unsigned char* numbers(const std::array<std::byte, Size>& bytes) noexcept {
    return reinterpret_cast<const unsigned char*>(bytes.data());
}

/// The two halves of SHA512(password): the clamped scalar and the prefix of RFC 8032 s.5.1.5. Wiped
/// at the end.
struct expanded_password {
    explicit expanded_password(std::string_view password)
        : bytes(sha512({wire::bytes_of(password)})) {
        bytes[0] &= std::byte{0xF8};
        bytes[31] &= std::byte{0x7F};
        bytes[31] |= std::byte{0x40};
    }

    expanded_password(const expanded_password&) = delete;
    expanded_password& operator=(const expanded_password&) = delete;

    ~expanded_password() { wipe(bytes); }

    [[nodiscard]] wire::bytes_view prefix() const { return view_of(bytes).last(32); }

    wide_digest bytes;
};

/// A number of 512 bits modulo the group's order.
[[nodiscard]] scalar reduced(const wide_digest& wide) {
    scalar value{};
    crypto_core_ed25519_scalar_reduce(numbers(value), numbers(wide));
    return value;
}

/// The base point times the scalar. Fails for zero only, which no digest gives in practice; the
/// result is then zero.
[[nodiscard]] public_key base_times(const unsigned char* factor) {
    public_key point{};
    if (crypto_scalarmult_ed25519_base_noclamp(numbers(point), factor) != 0)
        point.fill(std::byte{0});
    return point;
}

}  // namespace

public_key public_key_from_password(std::string_view password) {
    const expanded_password expanded(password);
    return base_times(numbers(expanded.bytes));
}

result<signature> sign(std::string_view password, wire::bytes_view scramble) {
    if (scramble.size() != scramble_size) return make_error_code(errc::malformed_key);
    const expanded_password expanded(password);
    const public_key key = base_times(numbers(expanded.bytes));

    scalar nonce = reduced(sha512({expanded.prefix(), scramble}));
    const public_key commitment = base_times(numbers(nonce));
    const scalar challenge = reduced(sha512({view_of(commitment), view_of(key), scramble}));

    wide_digest
        wide_secret{};  // the clamped scalar is above the order: reduce it before it is multiplied
    std::copy_n(expanded.bytes.begin(), 32, wide_secret.begin());
    scalar secret_scalar = reduced(wide_secret);
    scalar product{};
    crypto_core_ed25519_scalar_mul(numbers(product), numbers(challenge), numbers(secret_scalar));
    scalar sum{};
    crypto_core_ed25519_scalar_add(numbers(sum), numbers(product), numbers(nonce));
    wipe(wide_secret);
    wipe(secret_scalar);
    wipe(product);
    wipe(nonce);

    signature signed_scramble{};
    std::copy(
        sum.begin(),
        sum.end(),
        std::copy(commitment.begin(), commitment.end(), signed_scramble.begin())
    );
    return signed_scramble;
}

bool verify(wire::bytes_view response, wire::bytes_view scramble, const public_key& key) {
    if (response.size() != std::tuple_size_v<signature>) return false;
    return crypto_sign_verify_detached(
               reinterpret_cast<const unsigned char*>(response.data()),
               reinterpret_cast<const unsigned char*>(scramble.data()),
               scramble.size(),
               numbers(key)
           ) == 0;
}

std::string format_stored(const public_key& key) {
    constexpr int variant = sodium_base64_VARIANT_ORIGINAL_NO_PADDING;
    std::string text(sodium_base64_encoded_len(key.size(), variant), '\0');
    sodium_bin2base64(text.data(), text.size(), numbers(key), key.size(), variant);
    text.pop_back();  // the zero at the end
    return text;
}

}  // namespace weir::protocol::mysql::auth::ed25519
