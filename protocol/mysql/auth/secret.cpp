#include "protocol/mysql/auth/secret.hpp"

#include <openssl/crypto.h>

#include <utility>

namespace weir::protocol::mysql::auth {

secret::secret(std::string_view text) : secret(wire::bytes_of(text)) {}

secret::secret(wire::bytes_view bytes) : bytes_(bytes.begin(), bytes.end()) {}

// A moved vector hands its block over, so that nothing is left behind in the source.
secret::secret(secret&& other) noexcept : bytes_(std::exchange(other.bytes_, {})) {}

secret& secret::operator=(const secret& other) {
    if (this != &other) *this = secret(other);
    return *this;
}

secret& secret::operator=(secret&& other) noexcept {
    if (this == &other) return *this;
    wipe();
    bytes_ = std::exchange(other.bytes_, {});
    return *this;
}

secret::~secret() {
    wipe();
}

void secret::wipe() noexcept {
    auth::wipe(bytes_);
    bytes_.clear();
}

bool operator==(const secret& left, const secret& right) noexcept {
    return equal_in_constant_time(left.bytes(), right.bytes());
}

void wipe(std::span<std::byte> bytes) noexcept {
    OPENSSL_cleanse(bytes.data(), bytes.size());
}

bool equal_in_constant_time(wire::bytes_view left, wire::bytes_view right) noexcept {
    return left.size() == right.size() &&
           CRYPTO_memcmp(left.data(), right.data(), left.size()) == 0;
}

}  // namespace weir::protocol::mysql::auth
