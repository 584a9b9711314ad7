// A transaction whose connection is lost: run again elsewhere, or the end of the session.

#include "splitter/relay/session_core.hpp"

#include "tests/support/session_script.hpp"

#include <gtest/gtest.h>

#include <string_view>
#include <vector>

namespace weir::splitter {
namespace {

using namespace weir::test;  // the whole file speaks the script's language
using role = session_script::role;
using kind = session_action::kind;

environment replaying() {
    environment world;
    world.routing.transaction_replay = true;
    return world;
}

byte_vector written(std::uint64_t rows) {
    protocol::mysql::ok message;
    message.status = in_transaction;
    message.affected_rows = rows;
    return frames_of({payload_of(message, session_capabilities)});
}

/// BEGIN, one UPDATE of one row, one read.
void run_transaction(session_script& script, scripted_backend& on) {
    script.run(query("BEGIN"), on, ok_answer(in_transaction));
    script.run(query("UPDATE t SET a=1"), on, written(1));
    script.run(query("SELECT a FROM t"), on, rows_answer("1", in_transaction));
    (void)script.take_client_bytes();
}

TEST(session_replay, runs_the_transaction_again_and_goes_on_where_it_was) {
    session_script script(session_capabilities, replaying());
    run_transaction(script, script.connection(role::primary));
    script.client_sends(query("SELECT b FROM t"));
    script.backend_fails();
    auto& other = script.connection(role::primary);
    script.lease(other);
    EXPECT_EQ(other.last_sent(), query("BEGIN"));
    script.backend_sends(ok_answer(in_transaction));
    EXPECT_EQ(other.last_sent(), query("UPDATE t SET a=1"));
    script.backend_sends(written(1));
    EXPECT_EQ(other.last_sent(), query("SELECT a FROM t"));
    script.backend_sends(rows_answer("1", in_transaction));
    EXPECT_EQ(other.last_sent(), query("SELECT b FROM t"));
    EXPECT_TRUE(script.take_client_bytes().empty()) << "the client has these answers";
    script.backend_sends(rows_answer("2", in_transaction));
    EXPECT_EQ(script.take_client_bytes(), rows_answer("2", in_transaction));
    script.run(query("COMMIT"), other, ok_answer());
    EXPECT_EQ(script.take_client_bytes(), ok_answer());
    EXPECT_EQ(script.leased(), nullptr) << "the transaction is over";
}

TEST(session_replay, gives_up_when_an_answer_is_another) {
    const struct {
        std::string_view name;
        std::vector<byte_vector> answers;  ///< of the second run
    } rows[]{
        {"other rows affected", {ok_answer(in_transaction), written(2)}},
        {"another value",
         {ok_answer(in_transaction), written(1), rows_answer("3", in_transaction)}},
        {"an error", {ok_answer(in_transaction), error_answer(1062)}},
        {"no transaction", {ok_answer(idle)}},
    };

    for (const auto& row : rows) {
        session_script script(session_capabilities, replaying());
        run_transaction(script, script.connection(role::primary));
        script.client_sends(query("SELECT b FROM t"));
        script.backend_fails();
        script.lease(script.connection(role::primary));
        for (const byte_vector& answer : row.answers)
            script.backend_sends(answer);
        EXPECT_EQ(script.stop().what, kind::close) << row.name;
        EXPECT_TRUE(script.take_client_bytes().empty()) << row.name;
    }
}

TEST(session_replay, begins_anew_when_the_other_server_fails_too) {
    session_script script(session_capabilities, replaying());
    run_transaction(script, script.connection(role::primary));
    script.client_sends(query("SELECT b FROM t"));
    script.backend_fails();
    script.lease(script.connection(role::primary));
    script.backend_sends(ok_answer(in_transaction));
    script.backend_fails();
    auto& third = script.connection(role::primary);
    script.lease(third);
    EXPECT_EQ(third.last_sent(), query("BEGIN"));
}

TEST(session_replay, ends_at_some_point) {
    session_script script(session_capabilities, replaying());
    run_transaction(script, script.connection(role::primary));
    script.client_sends(query("SELECT b FROM t"));
    int attempts = 0;
    while (script.stop().what != kind::close && attempts < 100) {
        ++attempts;
        if (script.stop().what == kind::acquire_backend)
            script.lease(script.connection(role::primary));
        script.backend_fails();
    }
    EXPECT_LT(attempts, 100);
}

TEST(session_replay, needs_a_server_to_run_on) {
    session_script script(session_capabilities, replaying());
    run_transaction(script, script.connection(role::primary));
    script.client_sends(query("SELECT b FROM t"));
    script.backend_fails();
    script.refuse_lease(protocol::mysql::server_errc::unknown_error);
    EXPECT_EQ(script.stop().what, kind::close);
    EXPECT_TRUE(script.take_client_bytes().empty());
}

/// What the last statement of the transaction is, and whether its loss can be mended.
TEST(session_replay, knows_what_may_be_run_again) {
    const struct {
        std::string_view name;
        bool replays_writes;  ///< routing.transaction_replay
        std::vector<std::string_view> before;
        std::string_view last;
        bool is_replayed;
    } rows[]{
        {"reads only", false, {"SELECT 1"}, "SELECT 2", true},
        {"a write under way", false, {"SELECT 1"}, "UPDATE t SET a=1", false},
        {"a write before", false, {"UPDATE t SET a=1"}, "SELECT 2", false},
        {"a write before, asked for", true, {"UPDATE t SET a=1"}, "SELECT 2", true},
        {"a write under way, asked for", true, {"SELECT 1"}, "UPDATE t SET a=1", true},
        {"rows locked", true, {"SELECT a FROM t FOR UPDATE"}, "SELECT 2", true},
        {"a commit under way", true, {"UPDATE t SET a=1"}, "COMMIT", false},
        {"a rollback under way", true, {"UPDATE t SET a=1"}, "ROLLBACK", false},
        {"a procedure before", true, {"CALL p()"}, "SELECT 2", false},
        {"a procedure under way", true, {"SELECT 1"}, "CALL p()", false},
        {"DDL under way", true, {"SELECT 1"}, "CREATE TABLE u (a INT)", false},
        {"a savepoint before", true, {"SAVEPOINT s"}, "SELECT 2", false},
        {"another transaction begins", true, {"SELECT 1"}, "BEGIN", false},
        {"an id of before the transaction",
         true,
         {"INSERT INTO t VALUES (LAST_INSERT_ID())"},
         "SELECT 2",
         false},
        {"a pin", true, {"SELECT GET_LOCK('a', 1)"}, "SELECT 2", false},
        {"a SET before", true, {"SET time_zone='+00:00'"}, "SELECT 2", false},
    };

    for (const auto& row : rows) {
        environment world;
        world.routing.transaction_replay = row.replays_writes;
        session_script script(session_capabilities, world);
        auto& primary = script.connection(role::primary);
        script.run(query("BEGIN"), primary, ok_answer(in_transaction));
        for (const std::string_view sql : row.before)
            script.run(query(sql), primary, ok_answer(in_transaction));
        script.client_sends(query(row.last));
        script.backend_fails();
        EXPECT_EQ(script.stop().what == kind::acquire_backend, row.is_replayed) << row.name;
    }
}

TEST(session_replay, forgets_a_transaction_that_may_have_been_rolled_back) {
    const struct {
        int error;
        bool is_replayed;
    } rows[]{{1062, true}, {1213, false}, {1205, false}, {1180, false}};

    for (const auto& row : rows) {
        session_script script(session_capabilities, replaying());
        auto& primary = script.connection(role::primary);
        script.run(query("BEGIN"), primary, ok_answer(in_transaction));
        script.run(
            query("INSERT INTO t VALUES (1)"),
            primary,
            error_answer(static_cast<std::uint16_t>(row.error))
        );
        script.client_sends(query("SELECT 2"));
        script.backend_fails();
        EXPECT_EQ(script.stop().what == kind::acquire_backend, row.is_replayed) << row.error;
    }
}

TEST(session_replay, runs_again_in_front_of_a_commit_that_was_not_sent) {
    session_script script(session_capabilities, replaying());
    run_transaction(script, script.connection(role::primary));
    script.fail_next_write();
    script.client_sends(query("COMMIT"));
    ASSERT_EQ(script.stop().what, kind::acquire_backend);
    auto& other = script.connection(role::primary);
    script.lease(other);
    script.backend_sends(ok_answer(in_transaction));
    script.backend_sends(written(1));
    script.backend_sends(rows_answer("1", in_transaction));
    EXPECT_EQ(other.last_sent(), query("COMMIT"));
    script.backend_sends(ok_answer());
    EXPECT_EQ(script.take_client_bytes(), ok_answer());
}

TEST(session_replay, has_limits) {
    const struct {
        std::string_view name;
        std::uint32_t statements;
        std::uint64_t bytes;
        int seconds_later;
        bool is_replayed;
    } rows[]{
        {"within all", 2, 1000, 1, true},
        {"too many statements", 1, 1000, 1, false},
        {"too many bytes", 2, 20, 1, false},
        {"too old", 2, 1000, 31, false},
    };

    for (const auto& row : rows) {
        environment world = replaying();
        world.routing.replay_statements = row.statements;
        world.routing.replay_size = row.bytes;
        session_script script(session_capabilities, world);
        auto& primary = script.connection(role::primary);
        script.run(query("BEGIN"), primary, ok_answer(in_transaction));
        script.run(query("SELECT 1"), primary, rows_answer("1", in_transaction));
        script.advance_clock(std::chrono::seconds(row.seconds_later));
        script.client_sends(query("SELECT 2"));
        script.backend_fails();
        EXPECT_EQ(script.stop().what == kind::acquire_backend, row.is_replayed) << row.name;
    }
}

TEST(session_replay, opens_a_read_only_transaction_at_another_replica) {
    session_script script;
    auto& first = script.connection(role::replica);
    script.run(query("START TRANSACTION READ ONLY"), first, ok_answer(in_reading_transaction));
    script.run(query("SELECT a FROM t"), first, rows_answer("1", in_reading_transaction));
    (void)script.take_client_bytes();
    script.client_sends(query("SELECT b FROM t"));
    EXPECT_TRUE(script.core().may_leave_replica());
    script.backend_fails();
    ASSERT_EQ(script.stop().what, kind::acquire_backend);
    EXPECT_EQ(script.stop().where.role, server_role::replica);
    EXPECT_EQ(script.stop().where.attempt, 1U);
    auto& other = script.connection(role::replica);
    script.lease(other);
    script.backend_sends(ok_answer(in_reading_transaction));
    script.backend_sends(rows_answer("1", in_reading_transaction));
    EXPECT_EQ(other.last_sent(), query("SELECT b FROM t"));
}

TEST(session_replay, keeps_the_answer_that_the_client_has_begun_to_read) {
    const byte_vector answer = rows_answer("2", in_transaction);
    session_script script(session_capabilities, replaying());
    run_transaction(script, script.connection(role::primary));
    script.client_sends(query("SELECT b FROM t"));
    script.backend_sends({answer.begin(), answer.begin() + 12});
    script.backend_fails();
    EXPECT_EQ(script.stop().what, kind::close);
}

TEST(session_replay, binds_prepared_statements_as_they_were_bound) {
    session_script script(session_capabilities, replaying());
    auto& first = script.connection(role::primary);
    script.run(query("BEGIN"), first, ok_answer(in_transaction));
    script.run(stmt_prepare("UPDATE t SET a=?"), first, prepared_answer(40));
    script.run(stmt_execute(1, bound::types, 5), first, written(1));
    script.run(stmt_execute(1, bound::nothing, 6), first, written(1));
    (void)script.take_client_bytes();
    script.client_sends(stmt_execute(1, bound::nothing, 7));
    script.backend_fails();
    auto& other = script.connection(role::primary);
    script.lease(other);
    script.backend_sends(ok_answer(in_transaction));
    EXPECT_EQ(other.last_sent(), stmt_prepare("UPDATE t SET a=?"));
    script.backend_sends(prepared_answer(90));
    EXPECT_EQ(other.last_sent(), stmt_execute(90, bound::types, 5));
    script.backend_sends(written(1));
    EXPECT_EQ(other.last_sent(), stmt_execute(90, bound::nothing, 6));
    script.backend_sends(written(1));
    EXPECT_EQ(other.last_sent(), stmt_execute(90, bound::nothing, 7));
    script.backend_sends(written(1));
    EXPECT_EQ(script.take_client_bytes(), written(1));
}

TEST(session_replay, runs_again_what_the_client_has_closed_since) {
    session_script script(session_capabilities, replaying());
    auto& first = script.connection(role::primary);
    script.run(query("BEGIN"), first, ok_answer(in_transaction));
    script.run(stmt_prepare("UPDATE t SET a=?"), first, prepared_answer(40));
    script.run(stmt_execute(1, bound::types, 5), first, written(1));
    script.client_sends(statement_command(protocol::mysql::command::stmt_close, 1));
    script.client_sends(query("SELECT 1"));
    script.backend_fails();
    auto& other = script.connection(role::primary);
    script.lease(other);
    script.backend_sends(ok_answer(in_transaction));
    EXPECT_EQ(other.last_sent(), stmt_prepare("UPDATE t SET a=?"));
    script.backend_sends(prepared_answer(90));
    EXPECT_EQ(other.last_sent(), stmt_execute(90, bound::types, 5));
    script.backend_sends(written(1));
    EXPECT_EQ(other.last_sent(), query("SELECT 1"));
}

TEST(session_replay, remembers_what_began_without_begin) {
    session_script script(session_capabilities, replaying());
    auto& primary = script.connection(role::primary);
    const status_set off{};
    script.run(query("SET autocommit=0"), primary, ok_answer(off));
    const status_set open = off.with(status_flag::in_transaction);
    script.run(query("UPDATE t SET a=1"), primary, ok_answer(open));
    script.client_sends(query("SELECT 1"));
    script.backend_fails();
    ASSERT_EQ(script.stop().what, kind::acquire_backend);
    auto& other = script.connection(role::primary);
    script.lease(other);
    EXPECT_EQ(other.last_sent(), query("UPDATE t SET a=1"));
}

}  // namespace
}  // namespace weir::splitter
