// What a session remembers between commands: which connection it holds, and what it brings to one.

#include "splitter/relay/session_core.hpp"

#include "tests/support/session_script.hpp"

#include <gtest/gtest.h>

#include <string_view>

namespace weir::splitter {
namespace {

using namespace weir::test;  // the whole file speaks the script's language
using role = session_script::role;
using kind = session_action::kind;

constexpr status_set autocommit_off{};

// --- holding a lease ----------------------------------------------------------------------------

TEST(session_lease, is_held_while_a_transaction_is_open) {
    session_script script;
    auto& primary = script.connection(role::primary);
    script.run(query("BEGIN"), primary, ok_answer(in_transaction));
    EXPECT_EQ(script.leased(), &primary);
    script.run(query("SELECT 1"), primary, rows_answer("1", in_transaction));
    EXPECT_EQ(script.leased(), &primary);
    script.run(query("COMMIT"), primary, ok_answer());
    EXPECT_EQ(script.leased(), nullptr);
}

TEST(session_lease, follows_the_servers_flags_and_not_the_text) {
    session_script script;
    auto& primary = script.connection(role::primary);
    script.run(query("BEGIN"), primary, ok_answer(in_transaction));
    script.run(query("COMMIT AND CHAIN"), primary, ok_answer(in_transaction));
    EXPECT_EQ(script.leased(), &primary) << "case 33: another one is open";
    script.run(query("CREATE TABLE x (a INT)"), primary, ok_answer());
    EXPECT_EQ(script.leased(), nullptr) << "case 32: committed implicitly";
}

TEST(session_lease, is_held_without_autocommit_while_something_may_be_left_there) {
    struct row {
        const char* name;
        const char* statement;
        status_set status;  ///< of its answer
        bool is_held;
    };

    constexpr status_set open = status_set{protocol::mysql::status_flag::in_transaction};
    const std::vector<row> rows{
        {"nothing has begun", "SET autocommit=0", autocommit_off, false},
        {"no table, no transaction", "SELECT 1", autocommit_off, false},
        {"a read that begins a transaction", "SELECT a FROM t", open, true},
        {"within it", "SELECT 1", open, true},
        {"its end", "COMMIT", autocommit_off, false},
        {"a table without transactions stays locked", "SELECT a FROM t", autocommit_off, true},
        {"until then", "SELECT 1", autocommit_off, true},
        {"the lock's end", "ROLLBACK", autocommit_off, false},
        {"a savepoint", "SAVEPOINT s", autocommit_off, true},
        {"the way back to it", "ROLLBACK TO SAVEPOINT s", autocommit_off, true},
        {"a savepoint behind a commit", "COMMIT; SAVEPOINT s", autocommit_off, true},
        {"an implicit commit after a write", "INSERT INTO t VALUES (1)", open, true},
        {"is an end, too", "CREATE TABLE x (a INT)", autocommit_off, false},
    };
    session_script script;
    auto& primary = script.connection(role::primary);
    for (const row& each : rows) {
        script.run(query(each.statement), primary, ok_answer(each.status));
        EXPECT_EQ(script.leased(), each.is_held ? &primary : nullptr) << each.name;
    }
}

TEST(session_lease, is_held_without_autocommit_where_that_cannot_be_carried) {
    session_script script;
    auto& primary = script.connection(role::primary);
    primary.state.tracks_variables = false;
    script.run(query("DO 1"), primary, ok_answer(autocommit_off));
    EXPECT_EQ(script.leased(), &primary) << "as of a server whose sessions begin without";
    script.run(query("COMMIT"), primary, ok_answer());
    EXPECT_EQ(script.leased(), nullptr);
}

TEST(session_lease, has_autocommit_again_after_a_reset_without_a_server) {
    session_script script;
    auto& primary = script.connection(role::primary);
    script.run(
        query("SET autocommit=0"),
        primary,
        ok_answer(autocommit_off, {variable("autocommit", "OFF")})
    );
    EXPECT_EQ(script.leased(), nullptr);
    script.client_sends(test::command(protocol::mysql::command::reset_connection));
    EXPECT_TRUE(script.core().facts().transaction.autocommit);
}

TEST(session_lease, stays_with_the_replica_of_a_read_only_transaction) {
    session_script script;
    auto& replica = script.connection(role::replica);
    const status_set read_only = in_transaction.with(status_flag::in_transaction_read_only);
    script.run(query("START TRANSACTION READ ONLY"), replica, ok_answer(read_only));
    (void)script.take_client_bytes();
    script.run(query("UPDATE t SET a=1"), replica, error_answer(1290, "running with --read-only"));
    EXPECT_EQ(error_in(script.take_client_bytes()), 1792)
        << "case 28: as the primary would, not as a server that is read-only";
    script.run(query("UPDATE missing SET a=1"), replica, error_answer(1146, "no such table"));
    EXPECT_EQ(error_in(script.take_client_bytes()), 1146);
    EXPECT_EQ(script.leased(), &replica);
    script.run(query("SELECT 1"), replica, rows_answer("1", read_only));
}

TEST(session_lease, waits_for_the_transaction_that_set_transaction_announced) {
    session_script script;
    auto& replica = script.connection(role::replica);
    script.run(query("SET TRANSACTION READ ONLY"), replica, ok_answer());
    EXPECT_EQ(script.leased(), &replica) << "case 30: it must not be lost on the way";
    script.run(test::command(protocol::mysql::command::ping), replica, ok_answer());
    script.run(stmt_prepare("SELECT 1"), replica, prepared_answer(7, 0));
    EXPECT_EQ(script.leased(), &replica) << "neither has run a statement";
    script.run(query("BEGIN"), replica, ok_answer(in_transaction));
    script.run(query("COMMIT"), replica, ok_answer());
    EXPECT_EQ(script.leased(), nullptr);
}

TEST(session_lease, waits_for_what_begins_one_where_one_was_announced) {
    const struct {
        std::string_view sql;
        byte_vector answer;
        bool begins;
    } rows[]{
        {"nonsense", error_answer(1064), false},
        {"UPDATE t SET a=1", error_answer(1792), false},
        {"SELECT a FROM nowhere", error_answer(1146), false},
        {"USE test", ok_answer(), false},
        {"DO 1", ok_answer(), false},
        {"SELECT 1", rows_answer(), false},
        {"SELECT a FROM t", rows_answer(), true},
        {"UPDATE t SET a=1", error_answer(1062), true},
        {"COMMIT", ok_answer(), true},
        {"CREATE TABLE u (a INT)", ok_answer(), true},
    };

    for (const auto& row : rows) {
        session_script script;
        auto& primary = script.connection(role::primary);
        script.run(query("SET TRANSACTION ISOLATION LEVEL READ COMMITTED"), primary, ok_answer());
        ASSERT_EQ(script.leased(), &primary);
        script.run(query(row.sql), primary, row.answer);
        EXPECT_EQ(script.leased() == nullptr, row.begins) << row.sql;
    }
}

TEST(session_lease, sets_nothing_by_preparing_a_set_transaction) {
    session_script script;
    script.run(
        stmt_prepare("SET TRANSACTION READ ONLY"),
        script.connection(role::replica),
        prepared_answer(7, 0)
    );
    EXPECT_EQ(script.leased(), nullptr);
}

TEST(session_lease, is_held_to_the_end_by_what_pins) {
    constexpr std::string_view pinning[]{
        "SELECT @a:=1",
        "SELECT GET_LOCK('j',5)",
        "CREATE TEMPORARY TABLE x (a INT)",
        "LOCK TABLES t READ",
        "HANDLER t OPEN",
        "PREPARE s FROM 'SELECT 1'",
        "XA START 'a'",
    };
    for (const std::string_view sql : pinning) {
        session_script script;
        auto& primary = script.connection(role::primary);
        script.run(query(sql), primary, ok_answer());
        EXPECT_EQ(script.leased(), &primary) << sql;
        EXPECT_TRUE(script.core().is_pinned()) << sql;
        EXPECT_FALSE(script.core().is_quiet()) << sql;
        script.run(query("SELECT 1"), primary, rows_answer());
        EXPECT_EQ(script.leased(), &primary) << sql;
    }
}

TEST(session_lease, is_pinned_by_a_variable_of_one_connection) {
    session_script script;
    auto& primary = script.connection(role::primary);
    script.run(query("SET timestamp=1"), primary, ok_answer(idle, {variable("timestamp", "1")}));
    EXPECT_TRUE(script.core().is_pinned());
}

TEST(session_lease, is_pinned_by_settings_on_a_server_that_does_not_report_them) {
    session_script script;
    auto& old = script.connection(role::primary);
    old.state.tracks_variables = false;
    script.run(query("SET time_zone='UTC'"), old, ok_answer());
    EXPECT_TRUE(script.core().is_pinned());
}

TEST(session_lease, ends_the_session_when_a_pinned_connection_is_lost) {
    session_script script;
    script.run(query("SELECT @a:=1"), script.connection(role::primary), rows_answer());
    EXPECT_EQ(script.take_client_bytes(), rows_answer());
    script.client_sends(query("SELECT @a"));
    script.backend_fails();
    EXPECT_TRUE(script.take_client_bytes().empty());
    EXPECT_EQ(script.stop().what, kind::close);
}

TEST(session_lease, ends_with_the_session_after_rollback_release) {
    session_script script;
    auto& primary = script.connection(role::primary);
    script.run(query("BEGIN"), primary, ok_answer(in_transaction));
    script.run(query("ROLLBACK RELEASE"), primary, ok_answer());
    EXPECT_EQ(script.stop().what, kind::close);
}

TEST(session_lease, ends_with_the_session_after_a_prepared_commit_release_has_run) {
    session_script script;
    auto& primary = script.connection(role::primary);
    script.run(stmt_prepare("COMMIT RELEASE"), primary, prepared_answer(7, 0));
    EXPECT_EQ(script.stop().what, kind::read_client);
    script.run(stmt_execute(1, bound::types), primary, ok_answer());
    EXPECT_EQ(script.stop().what, kind::close);
}

// --- bringing the session's state along ---------------------------------------------------------

/// The text of the last command a connection was sent, without header and command byte.
std::string last_text(const scripted_backend& backend) {
    const byte_vector sent = backend.last_sent();
    return std::string(protocol::wire::as_text(view(sent).subspan(5)));
}

TEST(session_lease, brings_schema_and_variables_before_the_statement_runs) {
    session_script script;
    auto& primary = script.connection(role::primary);
    auto& replica = script.connection(role::replica);
    script.run(init_db("shop"), primary, ok_answer());
    script.run(
        query("SET time_zone='UTC'"), primary, ok_answer(idle, {variable("time_zone", "UTC")})
    );
    ASSERT_FALSE(script.take_client_bytes().empty());
    script.client_sends(query("SELECT 1"));
    script.lease(replica);
    EXPECT_EQ(replica.last_sent(), init_db("shop"));
    script.backend_sends(ok_answer());
    EXPECT_EQ(last_text(replica), "SET SESSION time_zone='UTC'");
    script.backend_sends(ok_answer());
    EXPECT_EQ(replica.last_sent(), query("SELECT 1"));
    script.backend_sends(rows_answer());
    EXPECT_EQ(script.take_client_bytes(), rows_answer()) << "none of it shows";
    replica.sent.clear();
    script.run(query("SELECT 2"), replica, rows_answer());
    EXPECT_EQ(replica.sent.size(), 1U) << "the next statement finds all in place";
}

TEST(session_lease, says_the_scope_of_a_setting_that_mariadb_would_not_report) {
    session_script script;
    auto& primary = script.connection(role::primary);
    script.world().flavor = protocol::mysql::server_flavor::mariadb;
    script.run(query("SET @@sql_mode='ANSI'"), primary, ok_answer());
    EXPECT_EQ(primary.last_sent(), query("SET @@session.sql_mode='ANSI'"));
    script.world().flavor = protocol::mysql::server_flavor::mysql;
    script.run(query("SET @@sql_mode='ANSI'"), primary, ok_answer());
    EXPECT_EQ(primary.last_sent(), query("SET @@sql_mode='ANSI'"));
}

TEST(session_lease, asks_a_fresh_connection_to_report_changes_once) {
    session_script script;
    auto& fresh = script.fresh_connection(role::primary);
    script.client_sends(query("UPDATE t SET a=1"));
    script.lease(fresh);
    EXPECT_EQ(last_text(fresh), tracking_setup(fresh.state));
    script.backend_sends(ok_answer(idle, {variable("sql_mode", "ANSI_QUOTES")}));
    EXPECT_EQ(fresh.last_sent(), query("UPDATE t SET a=1"));
    script.backend_sends(ok_answer());
    EXPECT_EQ(script.take_client_bytes(), ok_answer());
    EXPECT_TRUE(script.core().facts().state.ansi_quotes());
    EXPECT_TRUE(script.core().facts().state.variables().empty()) << "nothing to replay";
}

TEST(session_lease, serves_on_a_server_that_cannot_report_changes) {
    session_script script;
    auto& fresh = script.fresh_connection(role::primary);
    script.client_sends(query("UPDATE t SET a=1"));
    script.lease(fresh);
    script.backend_sends(error_answer(1193));
    EXPECT_EQ(fresh.last_sent(), query("UPDATE t SET a=1"));
    EXPECT_FALSE(fresh.state.tracks_variables);
}

TEST(session_lease, goes_to_the_primary_when_a_replica_refuses_the_sessions_state) {
    session_script script;
    auto& primary = script.connection(role::primary);
    auto& replica = script.connection(role::replica);
    script.run(init_db("fresh"), primary, ok_answer());
    EXPECT_EQ(script.take_client_bytes(), ok_answer());
    script.client_sends(query("SELECT 1"));
    script.lease(replica);
    script.backend_sends(error_answer(1049));
    ASSERT_EQ(script.stop().what, kind::acquire_backend);
    EXPECT_EQ(script.stop().where.role, server_role::primary);
    EXPECT_EQ(replica.last_sent(), init_db("fresh")) << "the statement never ran there";
    script.lease(primary);
    script.backend_sends(rows_answer());
    EXPECT_EQ(script.take_client_bytes(), rows_answer());
}

TEST(session_lease, passes_on_why_the_primary_refuses_the_sessions_state) {
    session_script script;
    auto& first = script.connection(role::primary);
    auto& second = script.connection(role::primary);
    script.run(init_db("gone"), first, ok_answer());
    EXPECT_EQ(script.take_client_bytes(), ok_answer());
    script.client_sends(query("UPDATE t SET a=1"));
    script.lease(second);
    script.backend_sends(error_answer(1049));
    EXPECT_EQ(script.take_client_bytes(), error_answer(1049));
    EXPECT_EQ(second.last_sent(), init_db("gone"));
    EXPECT_EQ(script.stop().what, kind::read_client);
}

TEST(session_lease, does_not_remember_a_statement_whose_connection_could_not_be_prepared) {
    session_script script;
    script.run(init_db("gone"), script.connection(role::primary), ok_answer());
    script.client_sends(stmt_prepare("UPDATE t SET a=?"));
    script.lease(script.connection(role::primary));
    script.backend_sends(error_answer(1049));
    EXPECT_EQ(script.core().facts().statements.size(), 0U);
}

TEST(session_lease, keeps_a_failed_use_from_changing_the_schema) {
    session_script script;
    script.run(init_db("none"), script.connection(role::primary), error_answer(1049));
    EXPECT_EQ(script.core().facts().state.schema(), "");
}

TEST(session_lease, knows_the_schema_from_the_servers_report) {
    session_script script;
    script.run(
        query("USE shop"),
        script.connection(role::primary),
        ok_answer(idle, {{protocol::mysql::session_track_type::schema, "", "shop"}})
    );
    EXPECT_EQ(script.core().facts().state.schema(), "shop");
}

TEST(session_lease, knows_the_schema_from_the_text_where_no_server_reports_it) {
    for (const std::string_view sql : {"USE shop", "use `shop`;", "/* x */ USE shop -- y"}) {
        session_script script;
        auto& primary = script.connection(role::primary);
        script.run(init_db("another"), primary, ok_answer());
        script.run(query(sql), primary, ok_answer());
        EXPECT_EQ(script.core().facts().state.schema(), "shop") << sql;
        script.run(query("USE nothing"), primary, error_answer(1049));
        EXPECT_EQ(script.core().facts().state.schema(), "shop") << sql;
    }
    session_script script;
    script.run(query("USE `a``b```"), script.connection(role::primary), ok_answer());
    EXPECT_EQ(script.core().facts().state.schema(), "a`b`");
}

// --- COM_RESET_CONNECTION -----------------------------------------------------------------------

TEST(session_lease, forgets_everything_on_reset_connection_here_and_elsewhere) {
    using protocol::mysql::command;
    const byte_vector reset = test::command(command::reset_connection);
    session_script script;
    auto& primary = script.connection(role::primary);
    auto& replica = script.connection(role::replica);
    script.run(query("SELECT 1"), replica, rows_answer());
    script.run(
        query("SET time_zone='UTC'"), primary, ok_answer(idle, {variable("time_zone", "UTC")})
    );
    script.run(query("SELECT @a:=1"), primary, rows_answer());
    EXPECT_TRUE(script.core().is_pinned());
    script.run(reset, primary, ok_answer());
    EXPECT_FALSE(script.core().is_pinned());
    EXPECT_EQ(script.leased(), nullptr);
    script.client_sends(query("SELECT 2"));
    script.lease(replica);
    EXPECT_EQ(
        last_text(replica),
        "SET SESSION character_set_client=DEFAULT, SESSION character_set_results=DEFAULT, SESSION "
        "character_set_connection=DEFAULT, SESSION collation_connection=DEFAULT"
    ) << "as the server does, and without a time zone, which this connection was never told";
    script.backend_sends(ok_answer());
    EXPECT_EQ(replica.last_sent(), query("SELECT 2"));
}

TEST(session_lease, answers_reset_connection_itself_where_nothing_is_held) {
    session_script script;
    auto& primary = script.connection(role::primary);
    script.run(
        query("SET time_zone='UTC'"), primary, ok_answer(idle, {variable("time_zone", "UTC")})
    );
    (void)script.take_client_bytes();
    script.client_sends(test::command(protocol::mysql::command::reset_connection));
    EXPECT_EQ(script.take_client_bytes(), ok_answer());
    script.client_sends(query("UPDATE t SET a=1"));
    script.lease(primary);
    EXPECT_NE(last_text(primary).find("time_zone=DEFAULT"), std::string::npos);
}

// --- connections that are idle ------------------------------------------------------------------

TEST(session_lease, leaves_on_a_connection_what_only_that_can_tell) {
    const status_set cursor = idle.with(status_flag::cursor_exists);

    const struct {
        std::string_view name;
        std::vector<std::pair<byte_vector, byte_vector>> commands;  ///< and their answers
        bool is_missed;
    } rows[]{
        {"fresh", {}, false},
        {"a read", {{query("SELECT 1"), rows_answer()}}, false},
        {"a write that made no id", {{query("INSERT INTO t VALUES (1)"), ok_answer()}}, false},
        {"a call", {{query("CALL p()"), ok_answer()}}, true},
        {"a write that failed", {{query("INSERT INTO t VALUES (1)"), error_answer(1062)}}, true},
        {"a write, then a reset",
         {{query("INSERT INTO t VALUES (1)"), error_answer(1062)},
          {test::command(protocol::mysql::command::reset_connection), {}}},
         false},
        {"an open cursor",
         {{stmt_prepare("SELECT a FROM t"), prepared_answer(7, 0)},
          {stmt_execute_bare(1, 1),
           frames_of({bytes({1}), definition_payload(), ok_payload(cursor, 0xFE)})}},
         true},
        {"a cursor read to its end",
         {{stmt_prepare("SELECT a FROM t"), prepared_answer(7, 0)},
          {stmt_execute_bare(1, 1), rows_answer()}},
         false},
    };

    for (const auto& row : rows) {
        session_script script;
        auto& primary = script.connection(role::primary);
        for (const auto& [sent, answer] : row.commands) {
            script.client_sends(sent);
            if (answer.empty()) continue;  // it is our own
            if (script.leased() == nullptr) script.lease(primary);
            script.backend_sends(answer);
        }
        const bool is_missed = primary.state.left.is_asked_for() || primary.state.is_kept();
        EXPECT_EQ(is_missed, row.is_missed) << row.name;
    }
}

// --- reads that see the session's writes --------------------------------------------------------

TEST(session_lease, asks_for_a_replica_that_has_the_sessions_write) {
    session_script script;
    auto& primary = script.connection(role::primary);
    primary.state.flavor = protocol::mysql::server_flavor::mariadb;
    script.run(
        query("INSERT INTO t VALUES (1)"),
        primary,
        ok_answer(idle, {variable("last_gtid", "0-1-7")})
    );
    script.client_sends(query("SELECT * FROM t"));
    ASSERT_EQ(script.stop().what, kind::acquire_backend);
    EXPECT_EQ(script.stop().where.role, server_role::replica);
    ASSERT_NE(script.stop().where.must_contain, nullptr);
    EXPECT_EQ(script.stop().where.must_contain->to_string(), "0-1-7");
}

/// A session that has written a transaction, and reads on a replica that is not known to have it.
struct read_behind : testing::Test {
    read_behind() {
        primary.state.flavor = replica.state.flavor = protocol::mysql::server_flavor::mariadb;
        script.run(
            query("INSERT INTO t VALUES (1)"),
            primary,
            ok_answer(idle, {variable("last_gtid", "0-1-7")})
        );
        (void)script.take_client_bytes();
        script.client_sends(query("SELECT * FROM t"));
        script.lease_behind(replica);
    }

    session_script script;
    scripted_backend& primary = script.connection(role::primary);
    scripted_backend& replica = script.connection(role::replica);
};

TEST_F(read_behind, has_the_replica_wait_first) {
    EXPECT_EQ(last_text(replica), "SELECT MASTER_GTID_WAIT('0-1-7', 0.050)");
    script.backend_sends(rows_answer("0"));
    EXPECT_EQ(replica.last_sent(), query("SELECT * FROM t"));
    script.backend_sends(rows_answer());
    EXPECT_EQ(script.take_client_bytes(), rows_answer());
}

TEST_F(read_behind, goes_to_the_primary_if_the_replica_is_too_late) {
    for (const std::string_view told : {"-1", "1"}) {
        if (script.stop().what != kind::read_backend) script.client_sends(query("SELECT 2 FROM t"));
        if (script.leased() == nullptr) script.lease_behind(replica);
        script.backend_sends(rows_answer(told));
        ASSERT_EQ(script.stop().what, kind::acquire_backend);
        EXPECT_EQ(script.stop().where.role, server_role::primary);
        script.run({}, primary, rows_answer());
    }
}

TEST_F(read_behind, goes_to_the_primary_if_the_replica_cannot_wait) {
    script.backend_sends(error_answer(1227));
    ASSERT_EQ(script.stop().what, kind::acquire_backend);
    EXPECT_EQ(script.stop().where.role, server_role::primary);
}

struct write_row {
    std::string_view name;
    std::string_view sql;
    byte_vector answer;
    bool reports_gtids;
    server_role read_goes_to;
};

TEST(session_lease, knows_when_only_the_primary_surely_has_a_write) {
    const write_row rows[]{
        {"an OK without a GTID says nothing was written",
         "UPDATE t SET a=1",
         ok_answer(),
         true,
         server_role::replica},
        {"a server that reports none",
         "UPDATE t SET a=1",
         ok_answer(),
         false,
         server_role::primary},
        {"an error after a part of the work",
         "UPDATE t SET a=1",
         error_answer(1062),
         true,
         server_role::primary},
        {"a read changes nothing",
         "SELECT 1 FOR UPDATE",
         rows_answer(),
         true,
         server_role::replica},
    };
    for (const auto& row : rows) {
        session_script script;
        auto& primary = script.connection(role::primary);
        primary.state.tracks_gtids = row.reports_gtids;
        script.run(query(row.sql), primary, row.answer);
        script.client_sends(query("SELECT * FROM t"));
        ASSERT_EQ(script.stop().what, kind::acquire_backend) << row.name;
        EXPECT_EQ(
            script.stop().where.role == server_role::replica,
            row.read_goes_to == server_role::replica
        ) << row.name;
    }
}

// --- a connection's end -------------------------------------------------------------------------

TEST(session_lease, ends_in_order_between_commands_only) {
    session_script script;
    auto& primary = script.connection(role::primary);
    script.run(query("BEGIN"), primary, ok_answer(in_transaction));
    EXPECT_TRUE(script.core().is_backend_quiet());
    script.client_sends(query("SELECT 1"));
    EXPECT_FALSE(script.core().is_backend_quiet()) << "an answer is on its way";
    script.backend_sends(rows_answer("1", in_transaction));
    EXPECT_TRUE(script.core().is_backend_quiet());
    script.client_sends(test::command(protocol::mysql::command::quit));
    EXPECT_EQ(script.stop().what, kind::close);
    EXPECT_TRUE(script.core().is_backend_quiet()) << "the client has quit";
}

TEST(session_lease, does_not_end_in_order_with_an_answer_under_way) {
    session_script script;
    auto& primary = script.connection(role::primary);
    script.run(query("BEGIN"), primary, ok_answer(in_transaction));
    script.client_sends(query("UPDATE t SET a=1"));
    script.backend_fails();
    EXPECT_EQ(script.stop().what, kind::close);
    EXPECT_FALSE(script.core().is_backend_quiet());
}

}  // namespace
}  // namespace weir::splitter
