#include "splitter/relay/client_handshake.hpp"

#include "protocol/mysql/auth/native_password.hpp"
#include "protocol/mysql/messages/auth_more_data.hpp"
#include "protocol/mysql/messages/auth_switch_request.hpp"
#include "protocol/mysql/messages/change_user.hpp"
#include "protocol/mysql/messages/handshake_response.hpp"
#include "protocol/mysql/messages/ssl_request.hpp"

#include "tests/support/packets.hpp"

#include <gtest/gtest.h>

#include <string_view>

namespace weir::splitter {
namespace {

using namespace weir::test;  // builders of packets
namespace sha2 = protocol::mysql::auth::caching_sha2_password;
using protocol::mysql::capability;
using protocol::mysql::capability_set;
using protocol::wire::send_buffer;
using client_step = client_handshake::step::kind;

constexpr capability_set offered{
    capability::long_password,
    capability::protocol_41,
    capability::secure_connection,
    capability::plugin_auth,
    capability::plugin_auth_lenenc_data,
    capability::connect_with_db,
    capability::ssl,
};

const sha2::rsa_key_pair& keys() {
    static const sha2::rsa_key_pair pair = *sha2::rsa_key_pair::generate();
    return pair;
}

/// A handshake that has greeted, and its packets to the client.
struct greeted {
    explicit greeted(bool tls_required = false) : handshake(settings_with(tls_required)) {
        handshake.greet(out);
        greeting = take();
    }

    static client_handshake::settings settings_with(bool tls_required) {
        client_handshake::settings settings;
        settings.offer.server_version = "9.7.0";
        settings.offer.capabilities = offered;
        settings.offer.auth_plugin = sha2::plugin_name;
        settings.offer.scramble.fill(std::byte{0x42});
        settings.tls_required = tls_required;
        return settings;
    }

    byte_vector take() {
        byte_vector bytes = copy_of(out.view());
        out.clear();
        return bytes;
    }

    client_handshake::step log_in(
        std::string_view method, const byte_vector& response, transport way = transport::plain
    ) {
        protocol::mysql::handshake_response login;
        login.capabilities = offered.without(capability::ssl).with(capability::local_files);
        login.user = "anna";
        login.schema = "shop";
        login.auth_plugin = method;
        login.auth_response = view(response);
        const byte_vector payload = payload_from([&](auto& writer) { login.encode(writer); });
        return handshake.on_login_packet(view(payload), way == transport::tls ? 2 : 1, way, out);
    }

    client_handshake::step answer(const byte_vector& payload, std::uint8_t sequence) {
        return handshake.on_answer(view(payload), sequence, keys(), out);
    }

    client_handshake handshake;
    send_buffer out;
    byte_vector greeting;
};

byte_vector more_data(const byte_vector& data) {
    return bytes({0x01}) + data;
}

TEST(client_handshake, greets_with_what_it_was_told_to_offer) {
    const greeted client;
    const auto offer = protocol::mysql::greeting::decode(view(client.greeting).subspan(4));
    ASSERT_TRUE(offer);
    EXPECT_EQ(offer->capabilities, offered);
    EXPECT_EQ(offer->server_version, "9.7.0");
    EXPECT_EQ(client.greeting[3], std::byte{0});
}

TEST(client_handshake, reads_who_logs_in_and_how_it_is_proven) {
    greeted client;
    EXPECT_EQ(client.log_in("mysql_native_password", bytes("proof")).what, client_step::proof);
    EXPECT_EQ(client.handshake.request().user, "anna");
    EXPECT_EQ(client.handshake.request().schema, "shop");
    EXPECT_EQ(client.handshake.method(), "mysql_native_password");
    EXPECT_EQ(copy_of(client.handshake.response()), bytes("proof"));
    EXPECT_FALSE(client.handshake.request().capabilities.has(capability::local_files))
        << "not offered";
}

TEST(client_handshake, accepts_a_native_login_without_a_further_word) {
    greeted client;
    ASSERT_EQ(client.log_in("mysql_native_password", bytes("proof")).what, client_step::proof);
    client.handshake.accept(view(ok_payload()), client.out);
    EXPECT_EQ(client.take(), frames_of({ok_payload()}, 2));
}

TEST(client_handshake, says_that_the_fast_path_was_enough) {
    greeted client;
    ASSERT_EQ(client.log_in(sha2::plugin_name, bytes("proof")).what, client_step::proof);
    client.handshake.accept(view(ok_payload()), client.out);
    EXPECT_EQ(client.take(), frames_of({more_data(bytes({3})), ok_payload()}, 2));
}

TEST(client_handshake, accepts_an_empty_password_without_the_fast_paths_word) {
    greeted client;
    ASSERT_EQ(client.log_in(sha2::plugin_name, {}).what, client_step::proof);
    client.handshake.accept(view(ok_payload()), client.out);
    EXPECT_EQ(client.take(), frames_of({ok_payload()}, 2));
}

TEST(client_handshake, gets_the_password_encrypted_over_a_plain_connection) {
    greeted client;
    ASSERT_EQ(client.log_in(sha2::plugin_name, bytes("proof")).what, client_step::proof);
    client.handshake.ask_password(client.out);
    EXPECT_EQ(client.take(), frames_of({more_data(bytes({4}))}, 2));
    ASSERT_EQ(client.answer(bytes({2}), 3).what, client_step::read);
    EXPECT_EQ(client.take(), frames_of({more_data(bytes(keys().public_pem()))}, 4));
    const auto encrypted =
        sha2::encrypt_password("secret", client.handshake.scramble(), keys().public_pem());
    ASSERT_EQ(client.answer(bytes(*encrypted), 5).what, client_step::password);
    EXPECT_EQ(client.handshake.take_password().text(), "secret");
    client.handshake.accept(view(ok_payload()), client.out);
    EXPECT_EQ(client.take(), frames_of({ok_payload()}, 6));
}

TEST(client_handshake, takes_a_password_that_was_encrypted_with_a_key_known_before) {
    greeted client;
    ASSERT_EQ(client.log_in(sha2::plugin_name, bytes("proof")).what, client_step::proof);
    client.handshake.ask_password(client.out);
    const auto encrypted =
        sha2::encrypt_password("secret", client.handshake.scramble(), keys().public_pem());
    EXPECT_EQ(client.answer(bytes(*encrypted), 3).what, client_step::password);
}

TEST(client_handshake, takes_the_bare_password_where_nobody_listens_and_only_there) {
    for (const transport way : {transport::tls, transport::local, transport::plain}) {
        greeted client;
        std::uint8_t sequence = 3;
        if (way == transport::tls) {
            ASSERT_EQ(client.log_in("", {}, transport::plain).what, client_step::proof);
            sequence = 4;
        }
        ASSERT_EQ(client.log_in(sha2::plugin_name, bytes("proof"), way).what, client_step::proof);
        client.handshake.ask_password(client.out);
        const auto given = client.answer(bytes("secret") + bytes({0}), sequence);
        EXPECT_EQ(
            given.what, way == transport::plain ? client_step::refuse : client_step::password
        );
    }
}

TEST(client_handshake, starts_tls_when_asked_to) {
    greeted client;
    const byte_vector request = payload_from([](auto& writer) {
        protocol::mysql::ssl_request{offered, 1 << 24, 45}.encode(writer);
    });
    EXPECT_EQ(
        client.handshake.on_login_packet(view(request), 1, transport::plain, client.out).what,
        client_step::start_tls
    );
    EXPECT_TRUE(client.take().empty());
    EXPECT_EQ(client.log_in("mysql_native_password", {}, transport::tls).what, client_step::proof);
}

TEST(client_handshake, does_not_start_tls_inside_tls) {
    greeted client;
    const byte_vector request = payload_from([](auto& writer) {
        protocol::mysql::ssl_request{offered, 1 << 24, 45}.encode(writer);
    });
    EXPECT_EQ(
        client.handshake.on_login_packet(view(request), 1, transport::tls, client.out).what,
        client_step::refuse
    );
}

TEST(client_handshake, refuses_plain_clients_where_tls_is_required) {
    struct refusal_row {
        std::string_view name;
        bool tls_required;
        transport way;
        client_step expected;
    };

    constexpr refusal_row rows[]{
        {"plain", true, transport::plain, client_step::refuse},
        {"Unix socket", true, transport::local, client_step::proof},
        {"not required", false, transport::plain, client_step::proof},
    };
    for (const auto& row : rows) {
        greeted client(row.tls_required);
        EXPECT_EQ(client.log_in("mysql_native_password", {}, row.way).what, row.expected)
            << row.name;
        const byte_vector sent = client.take();
        if (row.expected != client_step::refuse) continue;
        const auto error = protocol::mysql::err::decode(view(sent).subspan(4));
        ASSERT_TRUE(error);
        EXPECT_EQ(error->code, 3159);
    }
}

TEST(client_handshake, refuses_what_is_no_login) {
    greeted client;
    const byte_vector nonsense = bytes("nonsense");
    EXPECT_EQ(
        client.handshake.on_login_packet(view(nonsense), 1, transport::plain, client.out).what,
        client_step::refuse
    );
    greeted another;
    EXPECT_EQ(
        another.handshake.on_login_packet(view(nonsense), 7, transport::plain, another.out).what,
        client_step::refuse
    ) << "out of order";
}

TEST(client_handshake, asks_for_another_method_and_takes_the_answer_to_its_scramble) {
    greeted client;
    ASSERT_EQ(client.log_in(sha2::plugin_name, bytes("proof")).what, client_step::proof);
    const byte_vector scramble(20, std::byte{0x51});
    client.handshake.ask_method("mysql_native_password", view(scramble), client.out);
    const byte_vector data = scramble + bytes({0});
    EXPECT_EQ(
        client.take(),
        frames_of(
            {payload_of(protocol::mysql::auth_switch_request{"mysql_native_password", view(data)})},
            2
        )
    );
    ASSERT_EQ(client.answer(bytes("another proof"), 3).what, client_step::proof);
    EXPECT_EQ(client.handshake.method(), "mysql_native_password");
    EXPECT_EQ(copy_of(client.handshake.response()), bytes("another proof"));
    EXPECT_EQ(copy_of(client.handshake.scramble()), scramble);
    client.handshake.accept(view(ok_payload()), client.out);
    EXPECT_EQ(client.take(), frames_of({ok_payload()}, 4));
}

TEST(client_handshake, refuses_an_answer_that_was_not_asked_for_or_is_out_of_order) {
    greeted client;
    ASSERT_EQ(client.log_in("mysql_native_password", bytes("proof")).what, client_step::proof);
    EXPECT_EQ(client.answer(bytes("more"), 2).what, client_step::refuse);
    greeted another;
    ASSERT_EQ(another.log_in(sha2::plugin_name, bytes("proof")).what, client_step::proof);
    another.handshake.ask_password(another.out);
    EXPECT_EQ(another.answer(bytes({2}), 9).what, client_step::refuse);
}

TEST(client_handshake, passes_on_a_servers_refusal_as_it_came) {
    greeted client;
    ASSERT_EQ(client.log_in("mysql_native_password", bytes("proof")).what, client_step::proof);
    client.handshake.refuse_with(view(err_payload()), client.out);
    EXPECT_EQ(client.take(), frames_of({err_payload()}, 2));
}

}  // namespace
}  // namespace weir::splitter
