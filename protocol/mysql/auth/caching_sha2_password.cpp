#include "protocol/mysql/auth/caching_sha2_password.hpp"

#include "protocol/mysql/auth/digest.hpp"
#include "protocol/mysql/errc.hpp"

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include <span>
#include <vector>

namespace weir::protocol::mysql::auth::caching_sha2_password {
namespace {

struct library_deleter {
    void operator()(EVP_PKEY* key) const noexcept { EVP_PKEY_free(key); }

    void operator()(EVP_PKEY_CTX* context) const noexcept { EVP_PKEY_CTX_free(context); }

    void operator()(BIO* bio) const noexcept { BIO_free_all(bio); }
};

template <class Object>
using library_pointer = std::unique_ptr<Object, library_deleter>;

[[nodiscard]] const unsigned char* numbers(wire::bytes_view bytes) noexcept {
    return reinterpret_cast<const unsigned char*>(bytes.data());
}

[[nodiscard]] unsigned char* numbers(std::span<std::byte> bytes) noexcept {
    return reinterpret_cast<unsigned char*>(bytes.data());
}

/// The password with a zero behind it, XORed with the scramble. The scramble hides nothing; it
/// stops an encrypted password from being sent again in another login.
[[nodiscard]] std::vector<std::byte> obfuscated(
    std::string_view password, wire::bytes_view scramble
) {
    const wire::bytes_view bytes = wire::bytes_of(password);
    std::vector<std::byte> mixed;
    mixed.reserve(bytes.size() + 1);  // no second block that would keep a copy
    mixed.assign(bytes.begin(), bytes.end());
    mixed.push_back(std::byte{0});
    xor_with(mixed, scramble);
    return mixed;
}

}  // namespace

secret key_from_password(std::string_view password) {
    if (password.empty()) return {};
    digest key = sha256({wire::bytes_of(password)});
    secret kept(view_of(key));
    wipe(key);
    return kept;
}

digest stored_from_key(const secret& key) {
    return sha256({key.bytes()});
}

std::optional<digest> respond(const secret& key, wire::bytes_view scramble) {
    if (key.empty()) return std::nullopt;
    const digest stored = stored_from_key(key);
    digest response = sha256({view_of(stored), scramble});
    xor_with(response, key.bytes());
    return response;
}

std::optional<secret> recover_key(
    wire::bytes_view response, wire::bytes_view scramble, const digest& stored
) {
    if (response.size() != stored.size()) return std::nullopt;
    digest key = sha256({view_of(stored), scramble});
    xor_with(key, response);
    secret candidate(view_of(key));
    wipe(key);
    const digest proof = stored_from_key(candidate);
    if (!equal_in_constant_time(view_of(proof), view_of(stored))) return std::nullopt;
    return candidate;
}

result<std::string> encrypt_password(
    std::string_view password, wire::bytes_view scramble, std::string_view public_key_pem
) {
    const auto failure = make_error_code(errc::malformed_key);
    if (scramble.empty()) return failure;
    const library_pointer<BIO> pem(
        BIO_new_mem_buf(public_key_pem.data(), static_cast<int>(public_key_pem.size()))
    );
    const library_pointer<EVP_PKEY> key(PEM_read_bio_PUBKEY(pem.get(), nullptr, nullptr, nullptr));
    if (!key || EVP_PKEY_get_base_id(key.get()) != EVP_PKEY_RSA) return failure;
    const library_pointer<EVP_PKEY_CTX> context(EVP_PKEY_CTX_new(key.get(), nullptr));
    if (!context || EVP_PKEY_encrypt_init(context.get()) != 1 ||
        EVP_PKEY_CTX_set_rsa_padding(context.get(), RSA_PKCS1_OAEP_PADDING) != 1) {
        return failure;
    }
    std::vector<std::byte> clear = obfuscated(password, scramble);
    std::string encrypted(static_cast<std::size_t>(EVP_PKEY_get_size(key.get())), '\0');
    std::size_t size = encrypted.size();
    auto* const out = reinterpret_cast<unsigned char*>(encrypted.data());
    const bool is_good = EVP_PKEY_encrypt(
                             context.get(),
                             out,
                             &size,
                             numbers(wire::bytes_view(std::span<const std::byte>(clear))),
                             clear.size()
                         ) == 1;
    wipe(clear);
    if (!is_good) return failure;
    encrypted.resize(size);
    return encrypted;
}

result<rsa_key_pair> rsa_key_pair::generate(unsigned bits) {
    const auto failure = make_error_code(errc::malformed_key);
    std::shared_ptr<EVP_PKEY> key(EVP_RSA_gen(bits), library_deleter{});
    const library_pointer<BIO> pem(BIO_new(BIO_s_mem()));
    if (!key || !pem || PEM_write_bio_PUBKEY(pem.get(), key.get()) != 1) return failure;
    char* text = nullptr;
    // BIO_get_mem_data is a macro with a C cast; this is what it stands for.
    const long size = BIO_ctrl(pem.get(), BIO_CTRL_INFO, 0, &text);
    if (size <= 0) return failure;
    return rsa_key_pair(std::move(key), std::string(text, static_cast<std::size_t>(size)));
}

result<secret> rsa_key_pair::decrypt_password(wire::bytes_view encrypted, wire::bytes_view scramble)
    const {
    const auto failure = make_error_code(errc::malformed_key);
    const library_pointer<EVP_PKEY_CTX> context(EVP_PKEY_CTX_new(key_.get(), nullptr));
    if (scramble.empty() || !context || EVP_PKEY_decrypt_init(context.get()) != 1 ||
        EVP_PKEY_CTX_set_rsa_padding(context.get(), RSA_PKCS1_OAEP_PADDING) != 1) {
        return failure;
    }
    std::vector<std::byte> clear(static_cast<std::size_t>(EVP_PKEY_get_size(key_.get())));
    std::size_t size = clear.size();
    const bool is_good = EVP_PKEY_decrypt(
                             context.get(),
                             numbers(std::span<std::byte>(clear)),
                             &size,
                             numbers(encrypted),
                             encrypted.size()
                         ) == 1;
    if (!is_good) return failure;
    const auto mixed = std::span(clear).first(size);
    xor_with(mixed, scramble);
    auto password = password_from_clear(std::span<const std::byte>(mixed));
    wipe(clear);
    return password;
}

result<secret> password_from_clear(wire::bytes_view payload) {
    if (payload.empty() || payload[payload.size() - 1] != std::byte{0}) {
        return make_error_code(errc::malformed_key);
    }
    return secret(payload.first(payload.size() - 1));
}

}  // namespace weir::protocol::mysql::auth::caching_sha2_password
