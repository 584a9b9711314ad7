#include "protocol/mysql/auth/caching_sha2_password.hpp"

#include "protocol/mysql/auth/digest.hpp"
#include "protocol/mysql/errc.hpp"

#include "tests/support/bytes.hpp"

#include <gtest/gtest.h>

namespace weir::protocol::mysql::auth::caching_sha2_password {
namespace {

const auto scramble = test::from_hex("0102030405060708090a0b0c0d0e0f1011121314");

/// One pair for all tests: making one is the slowest thing in this layer.
[[nodiscard]] const rsa_key_pair& server_key() {
    static const rsa_key_pair pair = rsa_key_pair::generate(1024).value();
    return pair;
}

TEST(caching_sha2_password, responds_as_a_client_does) {
    const secret key = key_from_password("password");
    const auto response = respond(key, test::view(scramble));
    ASSERT_TRUE(response);
    EXPECT_EQ(
        view_of(stored_from_key(key)),
        test::view(test::from_hex("73641c99f7719f57d8f4beb11a303afcd190243a51ced8782ca6d3dbe014d146"
        ))
    );
    EXPECT_EQ(
        view_of(*response),
        test::view(test::from_hex("f7ab1c623a6e98dceab35e926290e5746a3141116115f4dd8ccca994393eccdd"
        ))
    );
}

TEST(caching_sha2_password, has_no_response_for_an_empty_password) {
    EXPECT_FALSE(respond(key_from_password(""), test::view(scramble)));
}

TEST(caching_sha2_password, recovers_the_key_from_a_right_response_only) {
    const secret key = key_from_password("password");
    const auto stored = stored_from_key(key);
    auto response = *respond(key, test::view(scramble));
    const auto recovered = recover_key(view_of(response), test::view(scramble), stored);
    ASSERT_TRUE(recovered);
    EXPECT_TRUE(*recovered == key);
    EXPECT_FALSE(recover_key(view_of(response).first(31), test::view(scramble), stored));
    response[31] ^= std::byte{0x80};
    EXPECT_FALSE(recover_key(view_of(response), test::view(scramble), stored));
}

TEST(caching_sha2_password, passes_a_password_through_the_rsa_key) {
    for (const std::string_view password :
         {"", "password", "longer than the scramble of twenty bytes is"}) {
        SCOPED_TRACE(password);
        const auto encrypted =
            encrypt_password(password, test::view(scramble), server_key().public_pem());
        ASSERT_TRUE(encrypted);
        const auto clear =
            server_key().decrypt_password(wire::bytes_of(*encrypted), test::view(scramble));
        ASSERT_TRUE(clear);
        EXPECT_EQ(clear->text(), password);
    }
}

TEST(caching_sha2_password, refuses_keys_and_passwords_it_cannot_read) {
    const auto malformed = make_error_code(errc::malformed_key);
    EXPECT_EQ(encrypt_password("a", test::view(scramble), "no key").error(), malformed);
    EXPECT_EQ(encrypt_password("a", {}, server_key().public_pem()).error(), malformed);
    const std::string too_long(500, 'x');
    EXPECT_EQ(
        encrypt_password(too_long, test::view(scramble), server_key().public_pem()).error(),
        malformed
    );
    EXPECT_FALSE(server_key().decrypt_password(wire::bytes_of("garbage"), test::view(scramble)));
    EXPECT_EQ(password_from_clear(wire::bytes_of("no zero")).error(), malformed);
    EXPECT_EQ(password_from_clear({}).error(), malformed);
}

TEST(caching_sha2_password, reads_the_password_that_comes_inside_tls) {
    const auto payload = test::bytes(std::string_view("word\0", 5));
    const auto password = password_from_clear(test::view(payload));
    ASSERT_TRUE(password);
    EXPECT_EQ(password->text(), "word");
}

}  // namespace
}  // namespace weir::protocol::mysql::auth::caching_sha2_password
