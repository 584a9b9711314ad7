#include "protocol/mysql/errc.hpp"
#include "protocol/mysql/messages/auth_more_data.hpp"
#include "protocol/mysql/messages/auth_switch_request.hpp"
#include "protocol/mysql/messages/change_user.hpp"
#include "protocol/mysql/messages/connect_attributes.hpp"
#include "protocol/mysql/messages/greeting.hpp"
#include "protocol/mysql/messages/handshake_response.hpp"
#include "protocol/mysql/messages/ssl_request.hpp"

#include "tests/support/packets.hpp"

#include <gtest/gtest.h>

namespace weir::protocol::mysql {
namespace {

using test::operator+;

const auto attributes = test::payload_from([](auto& writer) {
    writer.lenenc_text("_client_name");
    writer.lenenc_text("weir");
    writer.lenenc_text("empty");
    writer.lenenc_text("");
});

[[nodiscard]] greeting sample_greeting(capability_set capabilities) {
    greeting message;
    message.server_version = "8.0.36";
    message.thread_id = 77;
    for (std::size_t i = 0; i < message.scramble.size(); ++i) {
        message.scramble[i] = static_cast<std::byte>(i + 1);
    }
    message.capabilities = capabilities;
    message.collation = 45;
    message.status = status_set{status_flag::autocommit};
    if (capabilities.has(capability::plugin_auth)) message.auth_plugin = "mysql_native_password";
    return message;
}

[[nodiscard]] test::byte_vector encoded(const auto& message) {
    return test::payload_from([&message](auto& writer) { message.encode(writer); });
}

TEST(greeting, lies_on_the_wire_as_documented) {
    const auto payload =
        encoded(sample_greeting({capability::long_password, capability::plugin_auth}));
    const auto expected =
        test::from_hex("0a 382e302e333600 4d000000 0102030405060708 00 0100 2d 0200 0800 15") +
        test::from_hex("00000000000000000000 090a0b0c0d0e0f1011121314 00") +
        test::bytes(std::string_view("mysql_native_password\0", 22));
    EXPECT_EQ(test::view(payload), test::view(expected));
}

TEST(greeting, comes_back_as_it_was_written) {
    const capability_set rows[] = {
        {capability::long_password, capability::protocol_41},
        {capability::long_password,
         capability::protocol_41,
         capability::plugin_auth,
         capability::deprecate_eof},
        {capability::plugin_auth, capability::progress, capability::cache_metadata},
    };
    for (const capability_set capabilities : rows) {
        SCOPED_TRACE(capabilities.value());
        const auto message = sample_greeting(capabilities);
        const auto payload = encoded(message);
        const auto decoded = greeting::decode(test::view(payload));
        ASSERT_TRUE(decoded);
        EXPECT_EQ(*decoded, message);
    }
}

TEST(greeting, refuses_another_protocol_and_truncation) {
    auto payload = encoded(sample_greeting({capability::long_password}));
    for (std::size_t size = 0; size < payload.size(); ++size) {
        EXPECT_FALSE(greeting::decode(test::view(payload).first(size))) << size;
    }
    payload[0] = std::byte{9};
    EXPECT_EQ(
        greeting::decode(test::view(payload)).error(), make_error_code(errc::unsupported_protocol)
    );
}

constexpr capability_set login_base{
    capability::long_password, capability::protocol_41, capability::secure_connection};

[[nodiscard]] handshake_response sample_login(capability_set capabilities) {
    handshake_response message;
    message.capabilities = capabilities;
    message.max_packet = 1U << 24U;
    message.collation = 45;
    message.user = "user";
    message.auth_response = wire::bytes_of("12345678901234567890");
    if (capabilities.has(capability::connect_with_db)) message.schema = "schema";
    if (capabilities.has(capability::plugin_auth)) message.auth_plugin = "mysql_native_password";
    if (capabilities.has(capability::connect_attrs)) message.attributes = test::view(attributes);
    if (capabilities.has(capability::zstd_compression)) message.zstd_level = 3;
    return message;
}

TEST(handshake_response, comes_back_as_it_was_written) {
    const capability_set rows[] = {
        login_base,
        login_base.without(capability::secure_connection),
        login_base.with(capability::connect_with_db),
        login_base.with(capability::plugin_auth).with(capability::plugin_auth_lenenc_data),
        login_base.with(capability::connect_attrs).with(capability::zstd_compression),
        login_base.with(capability::connect_with_db)
            .with(capability::plugin_auth)
            .with(capability::connect_attrs),
        login_base.without(capability::long_password).with(capability::stmt_bulk_operations),
    };
    for (const capability_set capabilities : rows) {
        SCOPED_TRACE(capabilities.value());
        const auto message = sample_login(capabilities);
        const auto payload = encoded(message);
        const auto decoded = handshake_response::decode(test::view(payload));
        ASSERT_TRUE(decoded);
        EXPECT_EQ(*decoded, message);
    }
}

TEST(handshake_response, reads_fields_missing_at_the_end_as_empty) {
    const auto capabilities = login_base.with(capability::connect_with_db)
                                  .with(capability::plugin_auth)
                                  .with(capability::connect_attrs);
    auto message = sample_login(login_base);
    const auto payload = encoded(message);
    auto longer = payload;
    protocol::wire::store_little<4>(longer, capabilities.base());
    const auto decoded = handshake_response::decode(test::view(longer));
    ASSERT_TRUE(decoded);
    EXPECT_TRUE(decoded->schema.empty());
    EXPECT_TRUE(decoded->auth_plugin.empty());
    const auto with_schema = longer + test::bytes("test");
    const auto unterminated = handshake_response::decode(test::view(with_schema));
    ASSERT_TRUE(unterminated);
    EXPECT_EQ(unterminated->schema, "test");
}

TEST(handshake_response, refuses_the_login_of_protocol_320) {
    const auto payload = test::from_hex("0524 000000 6f6c6400");
    EXPECT_EQ(
        handshake_response::decode(test::view(payload)).error(),
        make_error_code(errc::unsupported_protocol)
    );
}

TEST(handshake_response, drops_extended_capabilities_of_a_client_that_is_not_mariadb) {
    auto payload = encoded(sample_login(login_base));
    payload[28] = std::byte{0xFF};
    const auto decoded = handshake_response::decode(test::view(payload));
    ASSERT_TRUE(decoded);
    EXPECT_EQ(decoded->capabilities.extended(), 0U);
}

TEST(ssl_request, is_told_from_a_login_by_size_and_flag) {
    const ssl_request message{login_base.with(capability::ssl), 1U << 24U, 45};
    const auto payload = encoded(message);
    EXPECT_EQ(payload.size(), 32U);
    EXPECT_TRUE(ssl_request::matches(test::view(payload)));
    const auto decoded = ssl_request::decode(test::view(payload));
    ASSERT_TRUE(decoded);
    EXPECT_EQ(*decoded, message);
    EXPECT_FALSE(ssl_request::matches(test::view(encoded(ssl_request{login_base, 0, 45}))));
    EXPECT_FALSE(
        ssl_request::matches(test::view(encoded(sample_login(login_base.with(capability::ssl)))))
    );
    EXPECT_FALSE(ssl_request::matches({}));
}

TEST(connect_attribute_reader, walks_pairs_and_stops_at_a_broken_one) {
    connect_attribute_reader reader(test::view(attributes));
    EXPECT_EQ(*reader.next(), (connect_attribute{"_client_name", "weir"}));
    EXPECT_EQ(*reader.next(), (connect_attribute{"empty", ""}));
    EXPECT_FALSE(*reader.next());
    connect_attribute_reader broken(test::view(attributes).first(14));
    EXPECT_EQ(broken.next().error(), make_error_code(wire::errc::truncated));
}

TEST(change_user, comes_back_as_it_was_written) {
    const capability_set rows[] = {
        {},
        {capability::secure_connection},
        {capability::secure_connection, capability::plugin_auth, capability::connect_attrs},
    };
    for (const capability_set capabilities : rows) {
        SCOPED_TRACE(capabilities.value());
        change_user message;
        message.user = "user";
        message.auth_response = wire::bytes_of("proof");
        message.schema = "schema";
        message.collation = 255;
        if (capabilities.has(capability::plugin_auth)) message.auth_plugin = "client_ed25519";
        if (capabilities.has(capability::connect_attrs))
            message.attributes = test::view(attributes);
        const auto payload = test::payload_of(message, capabilities);
        const auto decoded = change_user::decode(test::view(payload), capabilities);
        ASSERT_TRUE(decoded);
        EXPECT_EQ(*decoded, message);
    }
}

TEST(change_user, accepts_a_packet_that_ends_with_the_schema) {
    const auto payload = test::from_hex("11 7500 00 6400");
    const auto decoded = change_user::decode(test::view(payload), {capability::secure_connection});
    ASSERT_TRUE(decoded);
    EXPECT_EQ(decoded->schema, "d");
    EXPECT_EQ(decoded->collation, 0);
}

TEST(auth_switch_request, comes_back_as_it_was_written) {
    const auth_switch_request message{"mysql_native_password", wire::bytes_of("scramble")};
    const auto payload = test::payload_of(message);
    EXPECT_EQ(*wire::decode<auth_switch_request>(test::view(payload)), message);
    // Servers before 4.1 ask for their old hash by the first byte alone.
    EXPECT_FALSE(wire::decode<auth_switch_request>(test::view(payload).first(1)));
}

TEST(auth_more_data, comes_back_as_it_was_written) {
    const auto payload = test::payload_of(auth_more_data{wire::bytes_of("\x04")});
    EXPECT_EQ(test::view(payload), test::view(test::from_hex("01 04")));
    EXPECT_EQ(wire::decode<auth_more_data>(test::view(payload))->data, wire::bytes_of("\x04"));
}

}  // namespace
}  // namespace weir::protocol::mysql
