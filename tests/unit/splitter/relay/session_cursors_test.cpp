// Cursors of prepared statements: their connections are kept, and the session uses others
// meanwhile.

#include "protocol/mysql/messages/stmt_execute.hpp"
#include "splitter/relay/session_core.hpp"
#include "splitter/session/holds.hpp"

#include "tests/support/session_script.hpp"

#include <gtest/gtest.h>

#include <string_view>

namespace weir::splitter {
namespace {

using namespace weir::test;  // the whole file speaks the script's language
using role = session_script::role;
using kind = session_action::kind;
using protocol::mysql::command;

constexpr status_set cursor_open = idle.with(status_flag::cursor_exists);
constexpr status_set last_row = idle.with(status_flag::last_row_sent);

byte_vector with_cursor(std::uint32_t id) {
    return stmt_execute_bare(id, protocol::mysql::stmt_execute::cursor_read_only);
}

byte_vector fetch(std::uint32_t id) {
    return statement_command(command::stmt_fetch, id, number(10));
}

byte_vector opened_answer() {
    return frames_of({bytes({1}), definition_payload(), ok_payload(cursor_open, 0xFE)});
}

byte_vector fetched_answer(status_set status) {
    return frames_of({text_row_payload("1"), ok_payload(status, 0xFE)});
}

/// A session that has opened a cursor of "SELECT a FROM t" on a replica, where its id is 71.
struct session_cursors : testing::Test {
    session_cursors() {
        script.run(stmt_prepare("SELECT a FROM t"), replica, prepared_answer(71, 0));
        script.client_sends(with_cursor(1));
        EXPECT_EQ(script.stop().where.role, server_role::replica);
        script.lease(replica);
        script.backend_sends(opened_answer());
        (void)script.take_client_bytes();
        (void)script.take_trace();
    }

    session_script script;
    scripted_backend& replica = script.connection(role::replica);
    scripted_backend& primary = script.connection(role::primary);
};

TEST(session_cursors_without_room, leave_the_next_statement_open_until_it_has_run) {
    environment world;
    world.limits.backend_statements = 1;
    session_script script(session_capabilities, world);
    auto& replica = script.connection(role::replica);
    script.run(stmt_prepare("SELECT a FROM t"), replica, prepared_answer(71, 0));
    script.run(with_cursor(1), replica, opened_answer());
    script.run(stmt_prepare("SELECT b FROM t"), replica, prepared_answer(72, 0));
    script.run(with_cursor(2), replica, opened_answer());
    EXPECT_EQ(replica.last_sent(), with_cursor(72)) << "not closed and prepared for ever";
}

TEST_F(session_cursors, keep_their_connection_while_others_are_used) {
    EXPECT_EQ(script.leased(), nullptr);
    EXPECT_TRUE(replica.state.is_kept());
    script.run(query("UPDATE t SET a=1"), primary, ok_answer());
    EXPECT_EQ(primary.last_sent(), query("UPDATE t SET a=1"));
    script.client_sends(fetch(1));
    ASSERT_EQ(script.stop().where.connection, &replica.state);
    script.lease(replica);
    EXPECT_EQ(replica.last_sent(), statement_command(command::stmt_fetch, 71, number(10)));
    script.backend_sends(fetched_answer(cursor_open));
    EXPECT_TRUE(replica.state.is_kept());
    script.run(fetch(1), replica, fetched_answer(last_row));
    EXPECT_FALSE(replica.state.is_kept());
    (void)script.take_client_bytes();
    script.client_sends(fetch(1));
    EXPECT_EQ(error_in(script.take_client_bytes()), 1421) << "all rows were read";
}

TEST_F(session_cursors, are_read_in_the_middle_of_a_transaction_elsewhere) {
    script.run(query("BEGIN"), primary, ok_answer(in_transaction));
    (void)script.take_client_bytes();
    (void)script.take_trace();
    script.client_sends(fetch(1));
    EXPECT_EQ(script.take_trace(), "release acquire:home");
    EXPECT_TRUE(primary.state.is_kept()) << "its transaction is open";
    script.lease(replica);
    script.backend_sends(fetched_answer(cursor_open));
    EXPECT_EQ(
        script.take_client_bytes(), fetched_answer(in_transaction.with(status_flag::cursor_exists))
    );
    ASSERT_EQ(script.stop().where.connection, &primary.state);
    script.lease(primary);
    EXPECT_EQ(script.stop().what, kind::read_client);
    EXPECT_TRUE(script.core().facts().transaction.open);
    script.run(query("COMMIT"), primary, ok_answer());
    EXPECT_EQ(primary.last_sent(), query("COMMIT"));
    EXPECT_FALSE(primary.state.is_kept());
}

/// The end of a FETCH, as a client of this form has it.
byte_vector fetched_by(capability_set form, status_set status) {
    const bool has_eofs = !form.has(capability::deprecate_eof);
    return frames_of(
        {text_row_payload("1"), has_eofs ? eof_payload(status) : ok_payload(status, 0xFE)}
    );
}

TEST(session_cursors_elsewhere, tell_how_the_sessions_transaction_stands) {
    const status_set no_autocommit = status_set{};

    const struct {
        std::string_view name;
        std::string_view before;
        status_set session;
        capability_set server;
        capability_set client;
    } rows[]{
        {"none", "UPDATE t SET a=1", idle, with_eofs, with_eofs},
        {"an open one", "BEGIN", in_transaction, with_eofs, with_eofs},
        {"without EOFs", "BEGIN", in_transaction, session_capabilities, session_capabilities},
        {"one that only reads, on the primary",
         "/* weir:primary */ START TRANSACTION READ ONLY",
         in_reading_transaction,
         with_eofs,
         with_eofs},
        {"in another form", "BEGIN", in_transaction, session_capabilities, with_eofs},
        {"no autocommit", "SET autocommit=0", no_autocommit, with_eofs, with_eofs},
    };

    for (const auto& row : rows) {
        session_script script(row.client);
        auto& replica = script.connection(role::replica);
        auto& primary = script.connection(role::primary);
        script.run(stmt_prepare("SELECT a FROM t"), replica, prepared_answer(71, 0));
        script.run(with_cursor(1), replica, opened_answer());
        script.run(query(row.before), primary, ok_answer(row.session));
        replica.state.capabilities = row.server;
        (void)script.take_client_bytes();
        script.run(fetch(1), replica, fetched_by(row.server, cursor_open));
        EXPECT_EQ(
            script.take_client_bytes(),
            fetched_by(row.client, row.session.with(status_flag::cursor_exists))
        ) << row.name;
        if (script.core().facts().transaction.open) script.lease(primary);
        script.run(statement_command(command::stmt_reset, 1), replica, ok_answer());
        EXPECT_EQ(script.take_client_bytes(), ok_answer(row.session)) << row.name;
    }
}

TEST_F(session_cursors, that_are_reset_elsewhere_have_counted_no_rows) {
    script.run(query("BEGIN"), primary, ok_answer(in_transaction));
    script.run(query("SELECT a FROM t FOR UPDATE"), primary, rows_answer("1", in_transaction));
    EXPECT_EQ(script.core().facts().last.row_count, -1);
    script.client_sends(statement_command(command::stmt_reset, 1));
    script.lease(replica);
    script.backend_sends(ok_answer());
    script.lease(primary);
    EXPECT_EQ(script.core().facts().last.row_count, 0);
    EXPECT_EQ(script.core().facts().last.at, nullptr) << "the held connection knows another number";
}

TEST_F(session_cursors, end_the_session_only_if_its_transaction_is_gone_when_it_comes_back) {
    script.run(query("BEGIN"), primary, ok_answer(in_transaction));
    script.client_sends(fetch(1));
    script.lease(replica);
    script.backend_sends(fetched_answer(cursor_open));
    script.refuse_lease(protocol::mysql::server_errc::network_read_error);
    EXPECT_EQ(script.stop().what, kind::close);
}

TEST_F(session_cursors, are_said_to_be_lost_with_their_connection) {
    const struct {
        std::string_view name;
        bool in_transaction;
    } rows[]{{"free", false}, {"in a transaction elsewhere", true}};

    for (const auto& row : rows) {
        if (row.in_transaction) {
            script.run(with_cursor(1), replica, opened_answer());
            script.run(query("BEGIN"), primary, ok_answer(in_transaction));
        }
        (void)script.take_client_bytes();
        script.client_sends(fetch(1));
        script.lease(replica);
        script.backend_fails();
        if (row.in_transaction) script.lease(primary);
        EXPECT_EQ(error_in(script.take_client_bytes()), 1158) << row.name;
        script.client_sends(fetch(1));
        EXPECT_EQ(error_in(script.take_client_bytes()), 1421) << row.name << ": said once";
    }
}

TEST_F(session_cursors, end_with_what_ends_them_on_one_server) {
    auto& other = script.connection(role::replica);

    const struct {
        std::string_view name;
        byte_vector sent;
        scripted_backend* at;  ///< null: it is answered here
        byte_vector answer;
        byte_vector last_sent;  ///< to the cursor's connection
    } rows[]{
        {"a reset",
         statement_command(command::stmt_reset, 1),
         &replica,
         ok_answer(),
         statement_command(command::stmt_reset, 71)},
        {"a run elsewhere", stmt_execute_bare(1), &other, rows_answer(), {}},
        {"a failed run elsewhere", stmt_execute_bare(1), &other, error_answer(1242), {}},
        {"COM_RESET_CONNECTION, over which servers keep what the cursor has found",
         test::command(command::reset_connection),
         &replica,
         row_answer({"0", "1"}),
         {}},
    };

    for (const auto& row : rows) {
        session_script session;
        auto& home = session.connection(role::replica);
        auto& elsewhere = session.connection(role::replica);
        session.run(stmt_prepare("SELECT a FROM t"), home, prepared_answer(71, 0));
        session.run(with_cursor(1), home, opened_answer());
        auto& at = row.at == &replica ? home : elsewhere;
        session.client_sends(row.sent);
        if (row.at != nullptr) session.lease(at);
        if (&at == &elsewhere && row.at != nullptr) session.backend_sends(prepared_answer(9, 0));
        if (row.at != nullptr) session.backend_sends(row.answer);
        EXPECT_EQ(session.stop().what, kind::read_client) << row.name;
        EXPECT_FALSE(home.state.is_kept()) << row.name;
        EXPECT_TRUE(row.last_sent.empty() || home.last_sent() == row.last_sent) << row.name;
        const bool is_to_be_closed = !home.state.unwanted_statements.empty();
        EXPECT_EQ(is_to_be_closed, row.last_sent.empty()) << row.name;
    }
}

TEST_F(session_cursors, outlive_a_run_that_the_server_could_not_read) {
    auto& other = script.connection(role::replica);
    script.client_sends(stmt_execute_bare(1));
    script.lease(other);
    script.backend_sends(prepared_answer(9, 0));
    script.backend_sends(error_answer(1835));
    EXPECT_TRUE(replica.state.is_kept());
}

TEST_F(session_cursors, are_closed_at_once_where_they_are) {
    const struct {
        std::string_view name;
        bool in_transaction;
    } rows[]{{"free", false}, {"in a transaction elsewhere", true}};

    for (const auto& row : rows) {
        session_script session;
        auto& home = session.connection(role::replica);
        auto& held = session.connection(role::primary);
        session.run(stmt_prepare("SELECT a FROM t"), home, prepared_answer(71, 0));
        session.run(with_cursor(1), home, opened_answer());
        if (row.in_transaction) session.run(query("BEGIN"), held, ok_answer(in_transaction));
        session.client_sends(statement_command(command::stmt_close, 1));
        session.lease(home);
        EXPECT_EQ(home.last_sent(), statement_command(command::stmt_close, 71)) << row.name;
        if (row.in_transaction) session.lease(held);
        EXPECT_EQ(session.stop().what, kind::read_client) << row.name;
        EXPECT_FALSE(home.state.is_kept()) << row.name;
        EXPECT_EQ(session.leased() == &held, row.in_transaction) << row.name;
    }
}

TEST_F(session_cursors, of_one_text_do_not_disturb_each_other) {
    script.run(stmt_prepare("SELECT a FROM t"), replica, prepared_answer(72, 0));
    script.client_sends(with_cursor(2));
    script.lease(replica);
    EXPECT_EQ(replica.last_sent(), stmt_execute_bare(72, 1)) << "71 has a cursor open";
    script.backend_sends(opened_answer());
    script.run(fetch(1), replica, fetched_answer(cursor_open));
    EXPECT_EQ(replica.last_sent(), statement_command(command::stmt_fetch, 71, number(10)));
    script.run(fetch(2), replica, fetched_answer(last_row));
    EXPECT_EQ(replica.last_sent(), statement_command(command::stmt_fetch, 72, number(10)));
}

TEST_F(session_cursors, are_listed_but_tie_the_session_to_nothing) {
    const auto holds = holds_of(script.core().facts());
    ASSERT_EQ(holds.size(), 1U);
    EXPECT_EQ(holds[0], (hold{"open cursor", "", 1, "SELECT a FROM t"}));
    EXPECT_EQ(held_by(script.core().facts()), "");
    EXPECT_FALSE(script.core().is_quiet()) << "a drain waits for it";
}

TEST_F(session_cursors, of_a_transaction_stay_with_it) {
    script.run(query("BEGIN"), primary, ok_answer(in_transaction));
    script.client_sends(with_cursor(1));
    ASSERT_EQ(script.leased(), &primary);
    script.backend_sends(prepared_answer(5, 0));
    EXPECT_EQ(primary.last_sent(), stmt_execute_bare(5, 1));
    script.backend_sends(frames_of(
        {bytes({1}),
         definition_payload(),
         ok_payload(in_transaction.with(status_flag::cursor_exists), 0xFE)}
    ));
    EXPECT_FALSE(replica.state.is_kept()) << "the former one is closed";
    script.run(query("COMMIT"), primary, ok_answer());
    EXPECT_TRUE(primary.state.is_kept()) << "a cursor outlives it";
    script.run(fetch(1), primary, fetched_answer(last_row));
    EXPECT_FALSE(primary.state.is_kept());
}

}  // namespace
}  // namespace weir::splitter
