// Servers that send more than was asked, in other pieces or in another form than the client's.

#include "splitter/relay/session_core.hpp"

#include "tests/support/session_script.hpp"

#include <gtest/gtest.h>

#include <array>
#include <string_view>

namespace weir::splitter {
namespace {

using namespace weir::test;  // the whole file speaks the script's language
using role = session_script::role;
using kind = session_action::kind;

TEST(session_peers, completes_an_answer_whose_last_packet_is_not_for_the_client) {
    session_script script;
    auto& replica = script.connection(role::replica);
    replica.state.capabilities = with_eofs;
    const auto prepare_ok =
        payload_of(protocol::mysql::stmt_prepare_ok{7, 0, 1, 0, true}, session_capabilities);
    const byte_vector last = frames_of({eof_payload()}, 3);
    script.run(stmt_prepare("SELECT ?"), replica, frames_of({prepare_ok, definition_payload("?")}));
    EXPECT_EQ(script.stop().what, kind::read_backend);
    script.backend_sends(last);
    EXPECT_EQ(script.stop().what, kind::read_client);
    EXPECT_EQ(script.leased(), nullptr);
}

TEST(session_peers, numbers_the_answer_to_a_file_behind_it_whatever_the_form) {
    for (const capability_set server : {session_capabilities, with_eofs}) {
        session_script script(session_capabilities.with(capability::local_files));
        auto& primary = script.connection(role::primary);
        primary.state.capabilities = server.with(capability::local_files);
        script.run(
            query("LOAD DATA LOCAL INFILE 'f' INTO TABLE t"),
            primary,
            frames_of({bytes({0xFB}) + bytes("f")})
        );
        script.client_sends(frames_of({bytes("1,2\n"), {}}, 2));
        (void)script.take_client_bytes();
        const byte_vector answer = frames_of({ok_payload(idle)}, 4);
        script.backend_sends(answer);
        EXPECT_EQ(script.take_client_bytes(), answer);
    }
}

/// MariaDB's clients read one field more in a definition if the primary offers it; an older replica
/// sends none.
TEST(session_peers, gives_definitions_the_form_that_the_client_reads) {
    const capability_set client = session_capabilities.with(capability::extended_metadata);
    session_script script(client);
    protocol::mysql::column_definition definition;
    definition.name = "a";
    const auto answer = [&](capability_set form) {
        return frames_of(
            {bytes({1}),
             payload_of(definition, form),
             text_row_payload("v"),
             ok_payload(idle, 0xFE)}
        );
    };
    script.run(
        query("SELECT a FROM t"), script.connection(role::replica), answer(session_capabilities)
    );
    EXPECT_EQ(script.take_client_bytes(), answer(client));
}

TEST(session_peers, hides_the_tracking_that_it_asked_for_itself_whatever_the_form) {
    for (const capability_set server : {session_capabilities, with_eofs}) {
        session_script script;
        auto& primary = script.connection(role::primary);
        primary.state.capabilities = server;
        script.run(
            query("SET sql_safe_updates=1"),
            primary,
            ok_answer(idle, {variable("sql_safe_updates", "ON"), variable("time_zone", "UTC")})
        );
        EXPECT_EQ(script.take_client_bytes(), ok_answer(idle, {variable("time_zone", "UTC")}));
    }
}

TEST(session_peers, does_not_look_into_a_command_that_a_file_has_replaced) {
    session_script script(session_capabilities.with(capability::local_files));
    auto& primary = script.connection(role::primary);
    primary.state.capabilities = session_capabilities.with(capability::local_files);
    script.run(
        query("SET NAMES utf8mb4 COLLATE utf8mb4_bin"),
        primary,
        frames_of({bytes({0xFB}) + bytes("f")})
    );
    script.client_sends(frames_of({byte_vector(100'000), {}}, 2));
    byte_vector answer = ok_answer(idle, {variable("character_set_connection", "utf8mb4")});
    answer[3] = std::byte{4};
    script.backend_sends(answer);
    for (const auto& one : script.core().facts().state.variables()) {
        EXPECT_NE(one.name, "collation_connection");
    }
}

/// What a server sends behind an answer would be taken for the answer to another command.
TEST(session_peers, takes_nothing_behind_an_answer_for_another_answer) {
    struct row {
        std::string_view sql;
        role where;
        byte_vector answer;
        std::string_view outcome;
    };

    const std::array rows{
        row{"SELECT 1", role::replica, rows_answer(), "write_client drop read_client"},
        row{"SELECT 1", role::replica, error_answer(1146), "drop acquire:primary"},
        row{"UPDATE t SET a=1", role::primary, ok_answer(), "write_client drop read_client"},
        row{"BEGIN", role::primary, ok_answer(in_transaction), "write_client close"},
    };
    for (const row& one : rows) {
        session_script script;
        auto& server = script.connection(one.where);
        script.client_sends(query(one.sql));
        script.lease(server);
        (void)script.take_trace();
        script.backend_sends(one.answer + ok_answer());
        EXPECT_EQ(script.take_trace(), one.outcome) << one.sql;
    }
}

TEST(session_peers, takes_nothing_behind_the_answer_to_a_preparation_for_another_answer) {
    session_script script;
    script.client_sends(query("SELECT 1"));
    script.lease(script.fresh_connection(role::replica));
    (void)script.take_trace();
    script.backend_sends(ok_answer() + ok_answer());
    EXPECT_EQ(script.take_trace(), "drop acquire:replica");
}

}  // namespace
}  // namespace weir::splitter
