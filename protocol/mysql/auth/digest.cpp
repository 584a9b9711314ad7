#include "protocol/mysql/auth/digest.hpp"

#include <openssl/evp.h>

#include <cstdlib>
#include <memory>

namespace weir::protocol::mysql::auth {
namespace {

struct context_deleter {
    void operator()(EVP_MD_CTX* context) const noexcept { EVP_MD_CTX_free(context); }
};

template <std::size_t Size>
[[nodiscard]] std::array<std::byte, Size> digest(
    const EVP_MD* algorithm, std::initializer_list<wire::bytes_view> parts
) {
    const std::unique_ptr<EVP_MD_CTX, context_deleter> context(EVP_MD_CTX_new());
    bool is_good = context != nullptr && EVP_DigestInit_ex(context.get(), algorithm, nullptr) == 1;
    for (const wire::bytes_view part : parts) {
        is_good = is_good && EVP_DigestUpdate(context.get(), part.data(), part.size()) == 1;
    }
    std::array<std::byte, Size> value{};
    // OpenSSL's bytes are unsigned char, which may alias ours.
    auto* const out = reinterpret_cast<unsigned char*>(value.data());
    is_good = is_good && EVP_DigestFinal_ex(context.get(), out, nullptr) == 1;
    if (!is_good) std::abort();
    return value;
}

}  // namespace

std::array<std::byte, 20> sha1(std::initializer_list<wire::bytes_view> parts) {
    return digest<20>(EVP_sha1(), parts);
}

std::array<std::byte, 32> sha256(std::initializer_list<wire::bytes_view> parts) {
    return digest<32>(EVP_sha256(), parts);
}

std::array<std::byte, 64> sha512(std::initializer_list<wire::bytes_view> parts) {
    return digest<64>(EVP_sha512(), parts);
}

void xor_with(std::span<std::byte> left, wire::bytes_view right) {
    for (std::size_t i = 0; i < left.size(); ++i) {
        left[i] ^= right[i % right.size()];
    }
}

}  // namespace weir::protocol::mysql::auth
