// Sessions that take turns on one connection: what the one has left there when the other comes.

#include "splitter/relay/session_core.hpp"

#include "tests/support/session_script.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace weir::splitter {
namespace {

using namespace weir::test;  // the whole file speaks the script's language
using role = session_script::role;
using kind = session_action::kind;

byte_vector ok_of_insert(std::uint64_t insert_id, std::uint16_t warnings) {
    protocol::mysql::ok message;
    message.affected_rows = 1;
    message.last_insert_id = insert_id;
    message.status = idle;
    message.warnings = warnings;
    return frames_of({payload_of(message, session_capabilities)});
}

/// Two sessions of one worker, and the one connection to the primary that they share.
struct two_sessions : testing::Test {
    session_script first;
    session_script second{session_capabilities, {}, 2};
    scripted_backend& shared = first.connection(role::primary);

    /// What the newest command to the shared connection was.
    [[nodiscard]] std::string last_query() const {
        const byte_vector sent = shared.last_sent();
        return sent.size() < 5 ? "" : std::string(protocol::wire::as_text(view(sent).subspan(5)));
    }
};

TEST_F(two_sessions, have_their_own_last_insert_id) {
    first.run(query("INSERT INTO t VALUES (NULL)"), shared, ok_of_insert(7, 0));
    second.client_sends(query("INSERT INTO t SELECT LAST_INSERT_ID()"));
    second.lease(shared);
    EXPECT_EQ(last_query(), "SELECT LAST_INSERT_ID(), FOUND_ROWS()");
    second.backend_sends(row_answer({"6", "1"}));
    EXPECT_EQ(last_query(), "SET SESSION last_insert_id=0");
    second.backend_sends(ok_answer());
    EXPECT_EQ(last_query(), "INSERT INTO t SELECT LAST_INSERT_ID()");
    second.backend_sends(ok_of_insert(0, 0));
    EXPECT_EQ(first.core().facts().insert_id.value, 6U) << "the server's word, not the OK's";
    first.client_sends(query("SELECT LAST_INSERT_ID()"));
    EXPECT_EQ(first.stop().where.preferred, nullptr);
    first.lease(shared);
    EXPECT_EQ(last_query(), "SELECT LAST_INSERT_ID(), FOUND_ROWS()") << "now the second's is asked";
    first.backend_sends(row_answer({"9", "1"}));
    EXPECT_EQ(last_query(), "SET SESSION last_insert_id=6");
}

TEST(session_remnant, is_fetched_before_a_transaction_begins_elsewhere) {
    session_script script;
    auto& primary = script.connection(role::primary);
    auto& replica = script.connection(role::replica);
    const auto last_query = [](const scripted_backend& to) {
        const byte_vector sent = to.last_sent();
        return sent.size() < 5 ? "" : std::string(protocol::wire::as_text(view(sent).subspan(5)));
    };
    script.run(query("INSERT INTO t VALUES (NULL)"), primary, ok_of_insert(7, 0));
    script.client_sends(query("START TRANSACTION READ ONLY"));
    EXPECT_EQ(script.stop().where.preferred, &primary.state);
    script.lease(primary);
    EXPECT_EQ(last_query(primary), "SELECT LAST_INSERT_ID(), FOUND_ROWS()");
    script.backend_sends(row_answer({"6", "1"}));
    ASSERT_EQ(script.stop().what, kind::acquire_backend);
    EXPECT_EQ(script.stop().where.role, server_role::replica);
    script.lease(replica);
    EXPECT_EQ(last_query(replica), "START TRANSACTION READ ONLY");
    const status_set open = in_transaction.with(status_flag::in_transaction_read_only);
    script.backend_sends(ok_answer(open));
    script.client_sends(query("SELECT LAST_INSERT_ID()"));
    EXPECT_EQ(last_query(replica), "SET SESSION last_insert_id=6");
    script.backend_sends(ok_answer(open));
    script.backend_sends(rows_answer("6", open));
    script.client_sends(query("SELECT LAST_INSERT_ID(3)"));
    script.backend_sends(rows_answer("3", open));
    script.run(query("COMMIT"), replica, ok_answer());
    script.client_sends(query("UPDATE t SET a = 1"));
    script.lease(replica);
    EXPECT_EQ(last_query(replica), "SELECT LAST_INSERT_ID(), FOUND_ROWS()");
    script.backend_sends(row_answer({"3", "1"}));
    script.lease(primary);
    EXPECT_EQ(last_query(primary), "SET SESSION last_insert_id=3");
}

TEST(session_remnant, is_fetched_before_a_transaction_is_announced_elsewhere) {
    session_script script;
    auto& primary = script.connection(role::primary);
    script.run(query("INSERT INTO t VALUES (NULL)"), primary, ok_of_insert(7, 0));
    script.client_sends(query("SET TRANSACTION READ ONLY"));
    EXPECT_EQ(script.stop().where.preferred, &primary.state);
    script.lease(primary);
    script.backend_sends(row_answer({"6", "1"}));
    EXPECT_EQ(script.stop().where.role, server_role::replica);
}

/// One that is set to NULL keeps its type.
TEST_F(two_sessions, leave_no_user_variables_to_each_other) {
    first.run(query("SET @a = 1"), shared, ok_answer());
    second.run(query("INSERT IGNORE INTO t VALUES (1)"), shared, byte_vector{});
    EXPECT_EQ(shared.last_sent(), bytes({1, 0, 0, 0, 0x1F})) << "COM_RESET_CONNECTION";
    second.backend_sends(ok_answer());
    EXPECT_TRUE(shared.state.user_variables.empty());
}

TEST_F(two_sessions, tell_their_warnings_before_a_variable_of_the_other_is_taken_away) {
    second.run(query("SELECT LAST_INSERT_ID(5)"), shared, rows_answer("5"));
    shared.state.user_variables = {{"a", "1"}};
    second.client_sends(query("SELECT @b"));
    second.lease(shared);
    EXPECT_EQ(last_query(), "SELECT LAST_INSERT_ID(), FOUND_ROWS()");
    second.backend_sends(row_answer({"5", "1"}));
    EXPECT_EQ(shared.last_sent(), bytes({1, 0, 0, 0, 0x1F}));
}

TEST(session_remnant, is_no_type_of_a_variable_that_is_null) {
    session_script script;
    auto& primary = script.connection(role::primary);
    auto& replica = script.connection(role::replica);
    script.run(query("SET @a = 'x', @b = NULL"), primary, ok_answer());
    script.run(query("SET @a = NULL, @b = NULL"), primary, ok_answer());
    script.client_sends(query("SELECT @a, @b"));
    script.lease(replica);
    EXPECT_EQ(replica.last_sent(), query("SET @`a`='x', @`a`=NULL, @`b`=NULL"));
}

TEST_F(two_sessions, keep_what_is_open_in_spite_of_a_variable_of_the_other) {
    first.run(query("BEGIN"), shared, ok_answer(in_transaction));
    shared.state.user_variables = {{"a", "1"}};
    first.client_sends(query("SELECT @b"));
    EXPECT_EQ(last_query(), "SET @`a`=NULL");
    first.backend_sends(ok_answer(in_transaction));
    first.backend_sends(rows_answer("", in_transaction));
    first.run(query("COMMIT"), shared, ok_answer());
    shared.state.user_variables = {{"a", "1"}};
    first.client_sends(query("BEGIN"));
    first.lease(shared);
    EXPECT_EQ(shared.last_sent(), bytes({1, 0, 0, 0, 0x1F})) << "before another one begins";
}

TEST_F(two_sessions, have_their_own_warnings) {
    first.run(query("INSERT IGNORE INTO t VALUES (1)"), shared, ok_of_insert(0, 1));
    (void)first.take_client_bytes();
    second.client_sends(query("UPDATE t SET a=1"));
    second.lease(shared);
    EXPECT_EQ(last_query(), "SHOW WARNINGS");
    second.backend_sends(row_answer({"Warning", "1062", "Duplicate entry"}));
    EXPECT_EQ(last_query(), "UPDATE t SET a=1");
    first.client_sends(query("SHOW WARNINGS"));
    EXPECT_EQ(first.stop().what, kind::read_client) << "answered without a server";
    const byte_vector answer = first.take_client_bytes();
    EXPECT_NE(protocol::wire::as_text(view(answer)).find("Duplicate entry"), std::string::npos);
}

TEST_F(two_sessions, ask_for_nothing_where_nothing_is_left) {
    first.run(query("UPDATE t SET a=1"), shared, ok_of_insert(0, 0));
    second.client_sends(query("UPDATE t SET a=2"));
    second.lease(shared);
    EXPECT_EQ(last_query(), "UPDATE t SET a=2");
    second.backend_sends(ok_of_insert(0, 0));
    first.client_sends(query("SELECT ROW_COUNT()"));
    first.lease(shared);
    EXPECT_NE(last_query().find(" AS `ROW_COUNT()`"), std::string::npos);
}

TEST_F(two_sessions, count_rows_as_of_before_a_prepare) {
    second.run(query("UPDATE t SET a=1"), shared, ok_of_insert(0, 0));
    first.client_sends(query("SHOW WARNINGS"));
    EXPECT_EQ(first.stop().what, kind::read_client) << "answered without a server";
    first.client_sends(stmt_prepare("COMMIT"));
    first.lease(shared);
    first.backend_sends(prepared_answer(1, 0));
    first.client_sends(query("SELECT ROW_COUNT()"));
    EXPECT_EQ(first.stop().where.connection, nullptr);
    first.lease(shared);
    EXPECT_EQ(last_query(), "SELECT (-9223372036854775807+9223372036854775806) AS `ROW_COUNT()`")
        << "-1, of the type that the function has";
}

TEST_F(two_sessions, take_back_what_the_other_has_set) {
    first.run(
        query("SET time_zone='UTC', sql_mode='ANSI'"),
        shared,
        ok_answer(idle, {variable("time_zone", "UTC"), variable("sql_mode", "ANSI")})
    );
    second.client_sends(query("UPDATE t SET a=1"));
    second.lease(shared);
    EXPECT_EQ(last_query(), "SET SESSION time_zone=DEFAULT, SESSION sql_mode=DEFAULT");
    second.backend_sends(error_answer(1231));
    EXPECT_EQ(shared.last_sent(), test::command(protocol::mysql::command::reset_connection))
        << "where a value cannot be taken back by itself";
}

TEST_F(two_sessions, wait_for_each_other_while_one_asks) {
    first.run(query("INSERT INTO t VALUES (NULL)"), shared, ok_of_insert(7, 0));
    second.client_sends(query("UPDATE t SET a=1"));
    second.lease(shared);
    first.client_sends(query("SELECT LAST_INSERT_ID()"));
    EXPECT_TRUE(first.core().waits_for_remnant());
    second.backend_sends(row_answer({"7", "1"}));
    EXPECT_FALSE(first.core().waits_for_remnant());
}

TEST(session_remnant, is_not_asked_for_once_its_session_has_ended) {
    session_script second(session_capabilities, {}, 2);
    auto& shared = second.connection(role::primary);
    {
        session_script first;
        first.run(query("INSERT INTO t VALUES (NULL)"), shared, ok_of_insert(7, 0));
    }
    second.client_sends(query("UPDATE t SET a=1"));
    second.lease(shared);
    EXPECT_EQ(shared.sent.size(), 2U) << "only its own id is brought";
}

}  // namespace
}  // namespace weir::splitter
