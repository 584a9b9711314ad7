#include "protocol/mysql/auth/native_password.hpp"
#include "protocol/mysql/messages/auth_switch_request.hpp"
#include "protocol/mysql/messages/change_user.hpp"
#include "splitter/relay/backend_handshake.hpp"

#include "tests/support/packets.hpp"

#include <gtest/gtest.h>

#include <array>

namespace weir::splitter {
namespace {

using namespace weir::test;  // builders of packets
namespace native = protocol::mysql::auth::native_password;
using protocol::mysql::capability;
using protocol::mysql::capability_set;
using protocol::wire::bytes_view;
using protocol::wire::send_buffer;
using backend_step = backend_handshake::step::kind;

constexpr capability_set negotiated{
    capability::protocol_41,
    capability::secure_connection,
    capability::plugin_auth,
    capability::multi_statements,
};

/// A connection that another account was logged in on, and the command that makes it app's.
struct changing_user {
    explicit changing_user(credential of_app = {credential::kind::none, {}})
        : proof(std::move(of_app)), handshake(settings()) {
        there.capabilities = negotiated;
        there.version_number = 90700;
        there.thread_id = 17;
        handshake.change_user(there, false, out);
        command = take();
    }

    backend_handshake::settings settings() {
        who.user = "app";
        who.collation = 45;
        backend_handshake::settings given;
        given.who = &who;
        given.proof = &proof;
        given.schema = "shop";
        given.probable_method = native::plugin_name;
        return given;
    }

    byte_vector take() {
        byte_vector bytes = copy_of(out.view());
        out.clear();
        return bytes;
    }

    /// The server wants an answer to this scramble.
    backend_handshake::step on_switch() {
        std::vector<std::byte> data(21, std::byte{0x41});
        data.back() = std::byte{0};
        send_buffer payload;
        protocol::wire::byte_writer writer(payload);
        protocol::wire::encode(
            writer,
            protocol::mysql::auth_switch_request{
                native::plugin_name, bytes_view(std::span<const std::byte>(data))}
        );
        return handshake.on_packet(payload.view(), 1, out);
    }

    login_request who;
    credential proof;
    backend_state there;
    backend_handshake handshake;
    send_buffer out;
    byte_vector command;
};

TEST(change_of_user, names_the_user_and_leaves_no_answer_to_a_used_scramble) {
    const changing_user changing;
    const bytes_view packet{std::span<const std::byte>(changing.command)};
    EXPECT_EQ(packet[3], std::byte{0});
    const auto sent = protocol::mysql::change_user::decode(packet.subspan(4), negotiated);
    ASSERT_TRUE(sent);
    EXPECT_EQ(sent->user, "app");
    EXPECT_EQ(sent->schema, "shop");
    EXPECT_EQ(sent->collation, 45);
    EXPECT_TRUE(sent->auth_response.empty());
    EXPECT_NE(sent->auth_plugin, native::plugin_name);
}

TEST(change_of_user, answers_the_new_scramble_with_what_is_known) {
    changing_user changing(
        {credential::kind::native_key, native::key_from_password("Sesame-4711-open")}
    );
    EXPECT_EQ(changing.on_switch().what, backend_step::read);
    const byte_vector answer = changing.take();
    ASSERT_EQ(answer.size(), 4U + 20U);
    EXPECT_EQ(answer[3], std::byte{2});
    const std::array<std::byte, 7> ok{};
    EXPECT_EQ(
        changing.handshake.on_packet(std::span<const std::byte>(ok), 3, changing.out).what,
        backend_step::done
    );
}

TEST(change_of_user, asks_the_client_where_nothing_is_known) {
    changing_user changing;
    const auto step = changing.on_switch();
    EXPECT_EQ(step.what, backend_step::ask_client);
    EXPECT_EQ(step.method, native::plugin_name);
}

TEST(change_of_user, keeps_what_the_connection_has_negotiated) {
    const changing_user changing;
    EXPECT_EQ(changing.handshake.capabilities(), negotiated);
    EXPECT_EQ(changing.handshake.thread_id(), 17U);
    EXPECT_EQ(changing.handshake.version_number(), 90700U);
}

TEST(change_of_user, leaves_nothing_of_the_former_session_on_record) {
    backend_state there;
    there.capabilities = negotiated;
    there.tracking_asked = true;
    there.tracks_variables = true;
    there.initial = {{"sql_mode", "ANSI"}};
    there.variables = {{"time_zone", "+03:00"}};
    there.user_variables = {{"a", "1"}};
    there.unwanted_statements = {4};
    there.insert_id = 9;
    there.multi_statements = true;
    there.on_user_changed();
    EXPECT_FALSE(there.tracking_asked);
    EXPECT_FALSE(there.tracks_variables);
    EXPECT_TRUE(there.initial.empty());
    EXPECT_TRUE(there.variables.empty());
    EXPECT_TRUE(there.user_variables.empty());
    EXPECT_TRUE(there.unwanted_statements.empty());
    EXPECT_EQ(there.insert_id, 0U);
    EXPECT_TRUE(there.multi_statements) << "the option outlives the user";
}

}  // namespace
}  // namespace weir::splitter
