// KILL with the id of one of our sessions, and with any other id.

#include "splitter/relay/session_core.hpp"

#include "tests/support/session_script.hpp"

#include <gtest/gtest.h>

#include <string_view>

namespace weir::splitter {
namespace {

using namespace weir::test;  // the whole file speaks the script's language
using role = session_script::role;
using scope = kill_statement::scope;

byte_vector process_kill(std::uint32_t id) {
    return test::command(protocol::mysql::command::process_kill, number(id));
}

TEST(session_kill, asks_the_shell_in_each_form) {
    struct row {
        std::string_view name;
        byte_vector sent;
        kill_statement expected;
    };

    const std::vector<row> rows{
        {"command", process_kill(12), {12, scope::connection}},
        {"statement", query("KILL 12"), {12, scope::connection}},
        {"only the query", query("KILL QUERY 12;"), {12, scope::query}},
        {"MariaDB's", query("KILL SOFT QUERY 12"), {12, scope::query, kill_statement::force::soft}},
    };
    for (const row& each : rows) {
        SCOPED_TRACE(each.name);
        session_script script;
        script.client_sends(each.sent);
        EXPECT_EQ(script.take_trace(), "read_client kill:12");
        EXPECT_EQ(script.stop().kill, each.expected);
        script.kill_answers(std::nullopt);
        EXPECT_EQ(script.take_client_bytes(), frames_of({ok_payload(idle)}));
        EXPECT_EQ(script.take_trace(), "write_client read_client");
    }
}

TEST(session_kill, passes_the_error_on) {
    session_script script;
    script.client_sends(query("KILL 12"));
    script.kill_answers(local_error{protocol::mysql::server_errc::kill_denied, "not owner"});
    EXPECT_EQ(error_in(script.take_client_bytes()), 1095);
    script.run(query("SELECT 1"), script.connection(role::replica), rows_answer());
    EXPECT_EQ(script.take_client_bytes(), rows_answer()) << "the session lives";
}

TEST(session_kill, of_an_id_that_is_not_ours_goes_to_the_primary_as_it_is) {
    for (const byte_vector& sent : {process_kill(12), query("KILL QUERY 12")}) {
        session_script script;
        auto& primary = script.connection(role::primary);
        script.client_sends(sent);
        script.kill_finds_nobody();
        EXPECT_EQ(script.take_trace(), "read_client kill:12 acquire:primary");
        script.lease(primary);
        EXPECT_EQ(primary.last_sent(), sent);
        script.backend_sends(error_answer(1094));
        EXPECT_EQ(script.take_client_bytes(), error_answer(1094));
    }
}

TEST(session_kill, leaves_an_open_transaction_as_it_is) {
    session_script script;
    auto& primary = script.connection(role::primary);
    script.run(query("BEGIN"), primary, ok_answer(in_transaction));
    script.client_sends(query("KILL 12"));
    (void)script.take_client_bytes();
    script.kill_answers(std::nullopt);
    EXPECT_EQ(script.take_client_bytes(), frames_of({ok_payload(in_transaction)}));
    EXPECT_EQ(script.leased(), &primary);
    script.run(query("COMMIT"), primary, ok_answer());
    EXPECT_EQ(script.leased(), nullptr);
}

TEST(session_kill, ends_the_session_if_the_connection_that_it_holds_breaks) {
    session_script script;
    script.run(query("BEGIN"), script.connection(role::primary), ok_answer(in_transaction));
    script.client_sends(query("KILL 12"));
    script.backend_fails();
    EXPECT_EQ(script.stop().what, session_action::kind::close);
}

TEST(session_kill, of_anything_else_is_a_statement_like_others) {
    for (const std::string_view text :
         {"KILL CONNECTION_ID()", "KILL QUERY ID 12", "KILL USER u"}) {
        session_script script;
        script.client_sends(query(text));
        EXPECT_EQ(script.take_trace(), "read_client acquire:primary") << text;
    }
}

}  // namespace
}  // namespace weir::splitter
