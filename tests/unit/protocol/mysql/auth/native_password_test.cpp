#include "protocol/mysql/auth/native_password.hpp"

#include "protocol/mysql/auth/digest.hpp"
#include "protocol/mysql/errc.hpp"

#include "tests/support/bytes.hpp"

#include <gtest/gtest.h>

namespace weir::protocol::mysql::auth::native_password {
namespace {

const auto scramble = test::from_hex("0102030405060708090a0b0c0d0e0f1011121314");
constexpr std::string_view stored_text = "*2470C0C06DEE42FD1618BB99005ADCA2EC9D1E19";

TEST(native_password, stores_what_the_servers_store) {
    EXPECT_EQ(format_stored(stored_from_key(key_from_password("password"))), stored_text);
}

TEST(native_password, responds_as_a_client_does) {
    const auto response = respond(key_from_password("password"), test::view(scramble));
    ASSERT_TRUE(response);
    EXPECT_EQ(
        view_of(*response), test::view(test::from_hex("c17d6009a5cb47e59f7483fcf05553bbbf7dd0d6"))
    );
}

TEST(native_password, has_no_response_for_an_empty_password) {
    EXPECT_TRUE(key_from_password("").empty());
    EXPECT_FALSE(respond(key_from_password(""), test::view(scramble)));
}

TEST(native_password, recovers_the_key_from_a_right_response) {
    const auto stored = parse_stored(stored_text);
    ASSERT_TRUE(stored);
    const secret key = key_from_password("password");
    const auto response = respond(key, test::view(scramble));
    const auto recovered = recover_key(view_of(*response), test::view(scramble), *stored);
    ASSERT_TRUE(recovered);
    EXPECT_TRUE(*recovered == key);
}

TEST(native_password, recovers_nothing_from_a_wrong_response) {
    const auto stored = parse_stored(stored_text);
    ASSERT_TRUE(stored);
    auto response = *respond(key_from_password("password"), test::view(scramble));
    const auto other_scramble = test::from_hex("ff02030405060708090a0b0c0d0e0f1011121314");
    EXPECT_FALSE(recover_key(view_of(response), test::view(other_scramble), *stored));
    EXPECT_FALSE(recover_key(view_of(response).first(19), test::view(scramble), *stored));
    EXPECT_FALSE(recover_key({}, test::view(scramble), *stored));
    response[0] ^= std::byte{1};
    EXPECT_FALSE(recover_key(view_of(response), test::view(scramble), *stored));
}

TEST(native_password, refuses_a_stored_text_of_another_form) {
    for (const std::string_view text :
         {"",
          "*",
          "2470C0C06DEE42FD1618BB99005ADCA2EC9D1E19",
          "*2470C0C06DEE42FD1618BB99005ADCA2EC9D1E1",
          "*2470C0C06DEE42FD1618BB99005ADCA2EC9D1E1G",
          "*THISISNOTAVALIDPASSWORDTHATCANBEUSEDHERE"}) {
        SCOPED_TRACE(text);
        EXPECT_EQ(parse_stored(text).error(), make_error_code(errc::malformed_key));
    }
}

}  // namespace
}  // namespace weir::protocol::mysql::auth::native_password
