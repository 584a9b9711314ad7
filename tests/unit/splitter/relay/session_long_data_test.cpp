// Long data of prepared statements: kept here, and sent to whoever runs them.

#include "splitter/relay/session_core.hpp"

#include "tests/support/session_script.hpp"

#include <gtest/gtest.h>

#include <string_view>

namespace weir::splitter {
namespace {

using namespace weir::test;  // the whole file speaks the script's language
using role = session_script::role;
using kind = session_action::kind;
using protocol::mysql::command;

const byte_vector no_parameter = bytes({0, 0});

byte_vector long_data_of(std::uint32_t id, std::string_view text, unsigned parameter = 0) {
    return statement_command(
        command::stmt_send_long_data, id, bytes({parameter, 0}) + bytes(std::string(text).c_str())
    );
}

/// A session that has prepared "SELECT ?" on a replica, where its id is 71. The client's is 1.
struct session_long_data : testing::Test {
    session_long_data() {
        script.run(stmt_prepare("SELECT ?"), replica, prepared_answer(71));
        (void)script.take_client_bytes();
    }

    session_script script;
    scripted_backend& replica = script.connection(role::replica);
    scripted_backend& other = script.connection(role::replica);
};

TEST_F(session_long_data, goes_to_the_replica_that_runs_the_statement) {
    script.client_sends(long_data_of(1, "ab"));
    script.client_sends(long_data_of(1, "cd"));
    EXPECT_EQ(script.take_client_bytes(), byte_vector{}) << "there is no answer";
    EXPECT_EQ(script.stop().what, kind::read_client) << "and no connection is needed";
    script.client_sends(stmt_execute(1, bound::types));
    ASSERT_EQ(script.stop().where.role, server_role::replica);
    script.lease(other);
    script.backend_sends(prepared_answer(9));
    ASSERT_EQ(other.sent.size(), 3U);
    EXPECT_EQ(other.sent[1], long_data_of(9, "ab") + long_data_of(9, "cd"));
    EXPECT_EQ(other.sent[2], stmt_execute(9, bound::types));
    script.backend_sends(rows_answer());
    script.run(stmt_execute(1, bound::types), other, rows_answer());
    EXPECT_EQ(other.sent.size(), 4U) << "used up by the run";
}

TEST_F(session_long_data, goes_to_another_server_when_the_first_one_dies) {
    script.client_sends(long_data_of(1, "ab"));
    script.client_sends(stmt_execute(1, bound::types));
    script.lease(replica);
    EXPECT_EQ(replica.sent[1], long_data_of(71, "ab"));
    script.backend_fails();
    script.lease(other);
    script.backend_sends(prepared_answer(9));
    EXPECT_EQ(other.sent[1], long_data_of(9, "ab"));
    script.backend_sends(rows_answer());
    EXPECT_EQ(script.take_client_bytes(), rows_answer());
}

TEST_F(session_long_data, ends_as_servers_end_it) {
    const byte_vector reset = statement_command(command::stmt_reset, 1);
    constexpr std::string_view too_long =
        "Parameter of prepared statement which is set through mysql_send_long_data() is longer";

    const struct {
        std::string_view name;
        unsigned parameter;
        byte_vector answer;
        bool is_sent_again;
    } rows[]{
        {"it has run", 0, rows_answer(), false},
        {"it has failed", 0, error_answer(1062), false},
        {"it could not be read", 0, error_answer(1835), true},
        {"it was longer than the server takes", 0, error_answer(1105, too_long), true},
        {"another error of that number", 0, error_answer(1105, "XPATH"), false},
        {"it was for a parameter that there is not", 1, error_answer(1210), true},
    };

    for (const auto& row : rows) {
        session_script session;
        auto& server = session.connection(role::replica);
        session.run(stmt_prepare("SELECT ?"), server, prepared_answer(71));
        session.client_sends(long_data_of(1, "ab", row.parameter));
        session.run(stmt_execute(1, bound::types), server, row.answer);
        const std::size_t before = server.sent.size();
        session.client_sends(stmt_execute(1, bound::types));
        session.lease(server);
        if (row.is_sent_again) {
            // What the server kept of it is nobody else's: the statement is closed there.
            EXPECT_EQ(server.sent[before], statement_command(command::stmt_close, 71)) << row.name;
            session.backend_sends(prepared_answer(72));
            EXPECT_EQ(server.sent[before + 2], long_data_of(72, "ab", row.parameter)) << row.name;
        } else {
            EXPECT_EQ(server.sent[before], stmt_execute(71, bound::types)) << row.name;
        }
        session.backend_sends(rows_answer());
        session.client_sends(reset);
        const std::size_t at_reset = server.sent.size();
        session.client_sends(stmt_execute(1, bound::types));
        session.lease(server);
        EXPECT_NE(server.sent[at_reset], long_data_of(72, "ab", row.parameter)) << row.name;
    }
}

TEST_F(session_long_data, is_taken_back_by_a_reset_and_by_closing) {
    script.client_sends(long_data_of(1, "ab"));
    script.client_sends(statement_command(command::stmt_reset, 1));
    EXPECT_EQ(error_in(script.take_client_bytes()), 0);
    script.run(stmt_execute(1, bound::types), replica, rows_answer());
    EXPECT_EQ(replica.last_sent(), stmt_execute(71, bound::types));
    EXPECT_EQ(replica.sent.size(), 2U);
    script.client_sends(long_data_of(1, "ab"));
    script.client_sends(statement_command(command::stmt_close, 1));
    EXPECT_EQ(script.stop().what, kind::read_client);
    EXPECT_EQ(script.core().facts().statements.size(), 0U);
}

TEST_F(session_long_data, beyond_the_limit_is_refused_at_the_run_until_a_reset) {
    script.world().limits.long_data = 20;
    script.client_sends(long_data_of(1, "0123456789"));
    script.client_sends(long_data_of(1, "0123456789"));
    for (int i = 0; i < 2; ++i) {
        script.client_sends(stmt_execute(1, bound::types));
        EXPECT_EQ(error_in(script.take_client_bytes()), 1105);
    }
    script.client_sends(statement_command(command::stmt_reset, 1));
    (void)script.take_client_bytes();
    script.run(stmt_execute(1, bound::types), replica, rows_answer());
    EXPECT_EQ(script.take_client_bytes(), rows_answer());
}

TEST_F(session_long_data, that_is_cut_or_for_an_unknown_statement_is_answered_as_the_server_would) {
    using protocol::mysql::server_flavor;
    const byte_vector cut = test::command(command::stmt_send_long_data, bytes({1}));
    script.client_sends(long_data_of(77, "ab"));
    EXPECT_EQ(script.take_client_bytes(), byte_vector{});
    script.client_sends(cut);
    EXPECT_EQ(error_in(script.take_client_bytes()), 1835) << "MySQL answers that";
    script.world().flavor = server_flavor::mariadb;
    script.client_sends(cut);
    EXPECT_EQ(script.take_client_bytes(), byte_vector{}) << "MariaDB does not";
}

TEST_F(session_long_data, makes_its_transaction_one_that_cannot_be_run_again) {
    auto& primary = script.connection(role::primary);
    script.run(query("BEGIN"), primary, ok_answer(in_transaction));
    script.client_sends(long_data_of(1, "ab"));
    script.client_sends(stmt_execute(1, bound::types));
    script.backend_sends(prepared_answer(5));
    script.backend_sends(rows_answer("x", in_transaction));
    script.client_sends(query("SELECT 1"));
    script.backend_fails();
    EXPECT_EQ(script.stop().what, kind::close);
}

}  // namespace
}  // namespace weir::splitter
