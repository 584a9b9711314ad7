#include "protocol/mysql/auth/ed25519.hpp"

#include "protocol/mysql/auth/digest.hpp"
#include "protocol/mysql/errc.hpp"

#include "tests/support/bytes.hpp"

#include <gtest/gtest.h>

namespace weir::protocol::mysql::auth::ed25519 {
namespace {

const auto scramble = test::bytes("0123456789abcdef0123456789abcdef");

TEST(ed25519, stores_what_mariadb_stores) {
    // Source: MariaDB knowledge base "Authentication Plugin - ed25519", the account of password
    // 'secret'.
    EXPECT_EQ(
        format_stored(public_key_from_password("secret")),
        "ZIgUREUg5PVgQ6LskhXmO+eZLS0nC8be6HPjYWR4YJY"
    );
}

TEST(ed25519, signs_so_that_the_stored_key_verifies) {
    for (const std::string_view password :
         {"", "secret", "a password that is longer than thirty-two bytes"}) {
        SCOPED_TRACE(password);
        const auto response = sign(password, test::view(scramble));
        ASSERT_TRUE(response);
        EXPECT_TRUE(
            verify(view_of(*response), test::view(scramble), public_key_from_password(password))
        );
        EXPECT_FALSE(
            verify(view_of(*response), test::view(scramble), public_key_from_password("other"))
        );
    }
}

TEST(ed25519, verifies_no_other_message_and_no_other_size) {
    auto response = *sign("secret", test::view(scramble));
    const auto key = public_key_from_password("secret");
    const auto other_scramble = test::bytes("1123456789abcdef0123456789abcdef");
    EXPECT_FALSE(verify(view_of(response), test::view(other_scramble), key));
    EXPECT_FALSE(verify(view_of(response).first(63), test::view(scramble), key));
    response[0] ^= std::byte{1};
    EXPECT_FALSE(verify(view_of(response), test::view(scramble), key));
}

TEST(ed25519, refuses_a_scramble_of_another_size) {
    EXPECT_EQ(
        sign("secret", test::view(scramble).first(20)).error(), make_error_code(errc::malformed_key)
    );
}

}  // namespace
}  // namespace weir::protocol::mysql::auth::ed25519
