// What a failure makes of a command: run elsewhere, told to the client, or the end of the session.

#include "splitter/relay/session_core.hpp"

#include "tests/support/session_script.hpp"

#include <gtest/gtest.h>

#include <string_view>

namespace weir::splitter {
namespace {

using namespace weir::test;  // the whole file speaks the script's language
using role = session_script::role;
using kind = session_action::kind;

TEST(session_failure, runs_a_read_elsewhere_if_nothing_of_its_answer_was_passed_on) {
    session_script script;
    auto& first = script.connection(role::replica);
    auto& second = script.connection(role::replica);
    script.client_sends(query("SELECT 1"));
    script.lease(first);
    script.backend_fails();
    ASSERT_EQ(script.stop().what, kind::acquire_backend);
    EXPECT_EQ(script.stop().where.role, server_role::replica);
    EXPECT_EQ(script.stop().where.attempt, 1U);
    script.lease(second);
    EXPECT_EQ(second.last_sent(), query("SELECT 1"));
    script.backend_sends(rows_answer());
    EXPECT_EQ(script.take_client_bytes(), rows_answer()) << "the client has seen nothing of it";
}

TEST(session_failure, gives_up_on_a_read_after_some_attempts) {
    session_script script;
    script.client_sends(query("SELECT 1"));
    int attempts = 0;
    while (script.stop().what == kind::acquire_backend && attempts < 100) {
        ++attempts;
        script.lease(script.connection(role::replica));
        script.backend_fails();
    }
    EXPECT_LT(attempts, 100);
    EXPECT_GT(attempts, 1);
    EXPECT_EQ(error_in(script.take_client_bytes()), 1105);
    EXPECT_EQ(script.stop().what, kind::read_client) << "nothing is lost, the session goes on";
}

TEST(session_failure, never_sends_a_write_twice) {
    constexpr std::string_view writes[]{
        "UPDATE t SET a=1",
        "INSERT INTO t VALUES (1)",
        "CALL p()",
        "SELECT * FROM t FOR UPDATE",
        "SELECT f(1)",
        "CREATE TABLE t (a INT)",
        "COMMIT",
        "SELECT 1; DELETE FROM t",
        "anything else",
    };
    for (const std::string_view sql : writes) {
        session_script script;
        auto& primary = script.connection(role::primary);
        script.client_sends(query(sql));
        script.lease(primary);
        script.backend_fails();
        EXPECT_TRUE(script.take_client_bytes().empty()) << sql;
        EXPECT_EQ(script.stop().what, kind::close) << sql;
        EXPECT_EQ(primary.sent.size(), 1U) << sql;
    }
}

TEST(session_failure, leaves_a_quiet_replica_only_under_what_may_run_elsewhere) {
    const byte_vector rows = rows_answer();
    const byte_vector some_rows{rows.begin(), rows.begin() + 12};
    const byte_vector nothing;
    const status_set read_only = in_transaction.with(status_flag::in_transaction_read_only);

    const struct {
        std::string_view name;
        role server;
        std::string_view before;  ///< a statement that is answered; empty: none
        std::string_view sql;
        byte_vector answered;  ///< of `sql`, before the server goes quiet
        bool leaves;
    } rows_of_table[]{
        {"a read", role::replica, "", "SELECT 1", nothing, true},
        {"half a header of its answer", role::replica, "", "SELECT 1", {rows[0]}, true},
        {"a read whose answer has begun", role::replica, "", "SELECT 1", some_rows, false},
        {"a read whose answer is over", role::replica, "", "SELECT 1", rows, false},
        {"a read on the primary", role::primary, "", "SELECT 1", nothing, false},
        {"a write", role::primary, "", "UPDATE t SET a=1", nothing, false},
        {"opening a transaction", role::replica, "", "START TRANSACTION READ ONLY", nothing, true},
        {"a read behind a pin", role::primary, "SELECT @a:=1", "SELECT 1", nothing, false},
    };

    for (const auto& row : rows_of_table) {
        session_script script;
        auto& quiet = script.connection(row.server);
        if (!row.before.empty()) script.run(query(row.before), quiet, ok_answer(read_only));
        script.client_sends(query(row.sql));
        if (script.stop().what == kind::acquire_backend) script.lease(quiet);
        if (!row.answered.empty()) script.backend_sends(row.answered);
        EXPECT_EQ(script.core().may_leave_replica(), row.leaves) << row.name;
        if (!row.leaves) continue;
        script.backend_fails();
        script.lease(script.connection(role::primary));
        script.backend_sends(rows);
        EXPECT_EQ(script.take_client_bytes(), rows) << row.name;
    }
}

TEST(session_failure, leaves_a_quiet_replica_while_its_connection_is_prepared) {
    session_script script;
    auto& quiet = script.fresh_connection(role::replica);
    script.client_sends(query("SELECT 1"));
    script.lease(quiet);
    ASSERT_EQ(script.stop().what, kind::read_backend) << "the tracking set-up is under way";
    EXPECT_TRUE(script.core().may_leave_replica());
}

TEST(session_failure, leaves_a_server_that_asks_for_a_file_in_answer_to_our_own_statement) {
    session_script script;
    auto& odd = script.fresh_connection(role::replica);
    script.client_sends(query("SELECT 1"));
    script.lease(odd);
    script.backend_sends(frames_of({bytes("\xFB/etc/passwd")}));
    EXPECT_TRUE(script.take_client_bytes().empty());
    ASSERT_EQ(script.stop().what, kind::acquire_backend);
    EXPECT_EQ(script.stop().where.attempt, 1U);
    EXPECT_EQ(odd.sent.size(), 1U) << "the tracking set-up, and no file";
}

TEST(session_failure, has_no_replica_to_leave_between_commands) {
    session_script script;
    EXPECT_FALSE(script.core().may_leave_replica());
    script.client_sends(query("SELECT 1"));
    EXPECT_FALSE(script.core().may_leave_replica()) << "none is leased yet";
}

TEST(session_failure, tries_a_write_elsewhere_that_was_not_sent_yet) {
    session_script script;
    auto& stale = script.fresh_connection(role::primary);
    auto& good = script.connection(role::primary);
    script.client_sends(query("UPDATE t SET a=1"));
    script.lease(stale);
    ASSERT_EQ(stale.sent.size(), 1U) << "the tracking set-up";
    script.backend_fails();
    ASSERT_EQ(script.stop().what, kind::acquire_backend);
    script.lease(good);
    script.backend_sends(ok_answer());
    EXPECT_EQ(good.last_sent(), query("UPDATE t SET a=1"));
    EXPECT_EQ(script.take_client_bytes(), ok_answer());
}

TEST(session_failure, cuts_the_client_off_when_a_server_fails_in_the_middle_of_an_answer) {
    const byte_vector answer = rows_answer();
    session_script script;
    script.run(
        query("SELECT 1"), script.connection(role::replica), {answer.begin(), answer.begin() + 12}
    );
    ASSERT_FALSE(script.take_client_bytes().empty());
    script.backend_fails();
    EXPECT_EQ(script.stop().what, kind::close);
    EXPECT_EQ(script.stop().why.origin, failure_origin::backend);
    EXPECT_TRUE(script.take_client_bytes().empty()) << "an error would be read as data";
}

TEST(session_failure, treats_nonsense_from_a_server_as_a_failure) {
    session_script script;
    auto& primary = script.connection(role::primary);
    script.client_sends(query("UPDATE t SET a=1"));
    script.lease(primary);
    script.backend_sends(frames_of({bytes({0xFF})}));  // an error without a number
    EXPECT_TRUE(script.take_client_bytes().empty());
    EXPECT_EQ(script.stop().what, kind::close);
}

TEST(session_failure, ends_the_session_when_an_open_transaction_is_lost) {
    session_script script;
    auto& primary = script.connection(role::primary);
    script.run(query("BEGIN"), primary, ok_answer(in_transaction));
    EXPECT_EQ(script.take_client_bytes(), ok_answer(in_transaction));
    script.client_sends(query("UPDATE t SET a=1"));
    script.backend_fails();
    EXPECT_TRUE(script.take_client_bytes().empty());
    EXPECT_EQ(script.stop().what, kind::close);
}

TEST(session_failure, tells_the_client_why_no_server_could_be_had_and_goes_on) {
    session_script script;
    script.client_sends(query("UPDATE t SET a=1"));
    script.refuse_lease(protocol::mysql::server_errc::unknown_error);
    EXPECT_EQ(error_in(script.take_client_bytes()), 1105);
    EXPECT_EQ(script.stop().what, kind::read_client);
    script.run(query("SELECT 1"), script.connection(role::replica), rows_answer());
    EXPECT_EQ(script.take_client_bytes(), rows_answer());
}

TEST(session_failure, runs_a_read_on_the_primary_when_the_error_is_the_replicas_own) {
    for (const int code : {1044, 1049, 1054, 1146, 1290, 1305, 1792, 1836}) {
        session_script script;
        auto& replica = script.connection(role::replica);
        auto& primary = script.connection(role::primary);
        script.run(
            query("SELECT * FROM fresh"), replica, error_answer(static_cast<std::uint16_t>(code))
        );
        ASSERT_EQ(script.stop().what, kind::acquire_backend) << code;
        EXPECT_EQ(script.stop().where.role, server_role::primary) << code;
        script.lease(primary);
        script.backend_sends(rows_answer());
        EXPECT_EQ(script.take_client_bytes(), rows_answer()) << code;
    }
}

TEST(session_failure, takes_a_servers_farewell_for_the_loss_that_it_is) {
    using protocol::mysql::server_flavor;

    const struct {
        std::string_view name;
        server_flavor flavor;
        role server;
        std::string_view before;  ///< a statement that is answered; empty: none
        std::string_view sql;
        int error;
        bool runs_elsewhere;
    } rows[]{
        {"a read, a shutdown", server_flavor::mysql, role::primary, "", "SELECT 1", 1053, true},
        {"at a replica", server_flavor::mysql, role::replica, "", "SELECT 1", 1053, true},
        {"a write, a shutdown",
         server_flavor::mysql,
         role::primary,
         "",
         "DELETE FROM t",
         1053,
         false},
        {"a read, a kill", server_flavor::mariadb, role::replica, "", "SELECT 1", 1927, true},
        {"another server's number",
         server_flavor::mysql,
         role::replica,
         "",
         "SELECT 1",
         1927,
         false},
        {"a write after a long idle time",
         server_flavor::mysql,
         role::primary,
         "",
         "DELETE FROM t",
         4031,
         true},
        {"its number elsewhere",
         server_flavor::mariadb,
         role::primary,
         "",
         "SELECT 1",
         4031,
         false},
        {"in a pinned session",
         server_flavor::mysql,
         role::primary,
         "SELECT @a:=1",
         "SELECT 1",
         1053,
         false},
    };

    for (const auto& row : rows) {
        session_script script;
        auto& server = script.connection(row.server);
        server.state.flavor = row.flavor;
        if (!row.before.empty()) script.run(query(row.before), server, ok_answer());
        (void)script.take_client_bytes();
        script.run(query(row.sql), server, error_answer(static_cast<std::uint16_t>(row.error)));
        if (!row.runs_elsewhere) {
            EXPECT_EQ(error_in(script.take_client_bytes()), row.error) << row.name;
            continue;
        }
        EXPECT_TRUE(script.take_client_bytes().empty()) << row.name;
        ASSERT_EQ(script.stop().what, kind::acquire_backend) << row.name;
        script.lease(script.connection(row.server));
        script.backend_sends(ok_answer());
        EXPECT_EQ(script.take_client_bytes(), ok_answer()) << row.name;
    }
}

TEST(session_failure, runs_a_write_elsewhere_whose_last_byte_was_not_sent) {
    session_script script;
    auto& good = script.connection(role::primary);
    script.fail_next_write();
    script.client_sends(query("UPDATE t SET a=1"));
    script.lease(script.connection(role::primary));
    ASSERT_EQ(script.stop().what, kind::acquire_backend);
    script.lease(good);
    script.backend_sends(ok_answer());
    EXPECT_EQ(script.take_client_bytes(), ok_answer());
}

TEST(session_failure, passes_on_errors_that_are_the_statements_own) {
    for (const int code : {1064, 1062, 1365, 3024}) {
        session_script script;
        script.run(
            query("SELECT 1"),
            script.connection(role::replica),
            error_answer(static_cast<std::uint16_t>(code))
        );
        EXPECT_EQ(script.take_client_bytes(), error_answer(static_cast<std::uint16_t>(code)))
            << code;
        EXPECT_EQ(script.stop().what, kind::read_client) << code;
    }
}

TEST(session_failure, believes_the_primary_when_it_repeats_the_replicas_error) {
    session_script script;
    script.run(query("SELECT * FROM none"), script.connection(role::replica), error_answer(1146));
    script.lease(script.connection(role::primary));
    script.backend_sends(error_answer(1146));
    EXPECT_EQ(script.take_client_bytes(), error_answer(1146));
    EXPECT_EQ(script.stop().what, kind::read_client);
}

/// One row, and one warning about it.
byte_vector warned_answer() {
    protocol::mysql::ok end;
    end.header = 0xFE;
    end.status = idle;
    end.warnings = 1;
    return frames_of(
        {bytes({1}),
         definition_payload(),
         text_row_payload("value"),
         payload_of(end, session_capabilities)}
    );
}

TEST(session_failure, asks_for_warnings_where_the_statement_before_ran) {
    for (const role ran_on : {role::replica, role::primary}) {
        session_script script;
        auto& before = script.connection(ran_on);
        script.run(query("SELECT 1/0"), before, warned_answer());
        script.client_sends(query("SHOW WARNINGS"));
        ASSERT_EQ(script.stop().what, kind::acquire_backend);
        EXPECT_EQ(script.stop().where.connection, &before.state);
    }
}

TEST(session_failure, answers_for_warnings_that_nobody_can_tell_any_more) {
    session_script script;
    auto& replica = script.connection(role::replica);
    script.run(query("SELECT 1/0"), replica, warned_answer());
    (void)script.take_client_bytes();
    script.client_sends(query("SHOW COUNT(*) WARNINGS"));
    script.lease(replica);
    script.backend_fails();
    EXPECT_EQ(script.stop().what, kind::read_client);
    EXPECT_FALSE(script.take_client_bytes().empty());
}

TEST(session_failure, knows_that_there_are_no_warnings) {
    session_script script;
    script.run(query("SELECT 1"), script.connection(role::replica), rows_answer());
    (void)script.take_client_bytes();
    script.client_sends(query("SHOW WARNINGS"));
    EXPECT_EQ(script.stop().what, kind::read_client);
    EXPECT_FALSE(script.take_client_bytes().empty()) << "an empty result";
}

}  // namespace
}  // namespace weir::splitter
