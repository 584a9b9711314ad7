#include "protocol/mysql/auth/caching_sha2_password.hpp"
#include "protocol/mysql/auth/ed25519.hpp"
#include "protocol/mysql/auth/native_password.hpp"

#include "tests/fuzz/protocol/fuzz_support.hpp"

using namespace weir::protocol::mysql::auth;  // NOLINT(google-build-using-namespace): every method
                                              // is meant

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto bytes = weir::fuzz::input(data, size);
    const auto text = weir::protocol::wire::as_text(bytes);
    if (const auto stored = native_password::parse_stored(text)) {
        weir::fuzz::require(
            *native_password::parse_stored(native_password::format_stored(*stored)) == *stored
        );
    }
    constexpr std::size_t scramble_size = 20;
    if (bytes.size() < scramble_size) return 0;
    const auto scramble = bytes.first(scramble_size);
    const auto response = bytes.subspan(scramble_size);
    const auto native_stored =
        native_password::stored_from_key(native_password::key_from_password("p"));
    weir::fuzz::require(!native_password::recover_key(response, scramble, native_stored));
    const auto sha2_stored =
        caching_sha2_password::stored_from_key(caching_sha2_password::key_from_password("p"));
    weir::fuzz::require(!caching_sha2_password::recover_key(response, scramble, sha2_stored));
    (void)caching_sha2_password::password_from_clear(response);
    (void)caching_sha2_password::encrypt_password(
        "p", scramble, weir::protocol::wire::as_text(response)
    );
    (void)ed25519::verify(response, scramble, {});
    return 0;
}
