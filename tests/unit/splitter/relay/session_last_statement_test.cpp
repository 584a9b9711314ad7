// What a client asks about its last statement, where that ran on another connection than the one
// that is at hand, or was answered by weir.

#include "splitter/relay/session_core.hpp"

#include "tests/unit/splitter/relay/last_statement_fixture.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace weir::splitter {
namespace {

using namespace weir::test;  // the whole file speaks the script's language
using protocol::mysql::command;
using role = session_script::role;
using kind = session_action::kind;

constexpr auto mariadb = protocol::mysql::server_flavor::mariadb;

struct last_statements : last_statement_fixture {};

TEST_F(last_statements, count_no_rows_if_they_could_not_be_prepared) {
    auto& other = script.connection(role::primary);
    script.run(query("UPDATE t SET a=1"), other, ok_answer());
    script.run(stmt_prepare("SELECT a FROM nowhere FOR UPDATE"), primary, error_answer(1146));
    EXPECT_EQ(last().row_count, -1);
    EXPECT_EQ(last().at, &primary.state);
}

TEST_F(last_statements, are_counted_by_what_mysql_answers_to_no_statement) {
    script.run(query("INSERT IGNORE INTO t VALUES (1)"), primary, ok_with_warnings(3));
    (void)script.take_client_bytes();
    script.client_sends(test::command(command::ping));
    EXPECT_EQ(script.take_client_bytes(), ok_with_warnings(3));
    script.client_sends(test::command(command::set_option, bytes({1, 0})));
    EXPECT_EQ(script.take_client_bytes(), end_with(3));
    EXPECT_EQ(last().row_count, -1);
    script.run(test::command(command::init_db, bytes("shop")), primary, ok_with_warnings(7));
    EXPECT_EQ(script.take_client_bytes(), ok_with_warnings(3)) << "not those of another session";
    EXPECT_EQ(last().warnings, 3U) << "still to be shown";
    script.run(query("SHOW COUNT(*) WARNINGS"), primary, rows_answer("3"));
    (void)script.take_client_bytes();
    script.client_sends(test::command(command::ping));
    EXPECT_EQ(script.take_client_bytes(), ok_with_warnings(0)) << "a statement without any";
}

const byte_vector warning_and_error = frames_of(
    {bytes({3}),
     definition_payload(),
     definition_payload(),
     definition_payload(),
     text_row_payload("Warning") + text_row_payload("1292") + text_row_payload("wrong"),
     text_row_payload("Error") + text_row_payload("1366") + text_row_payload("wrong"),
     ok_payload(idle, 0xFE)}
);

TEST_F(last_statements, that_failed_are_counted_by_their_connection) {
    for (const auto& [sent, answer] :
         {std::pair(test::command(command::ping), ok_with_warnings(2)),
          std::pair(test::command(command::set_option, bytes({1, 0})), end_with(2))}) {
        script.run(query("UPDATE t SET a = 'x'"), primary, error_answer(1366));
        (void)script.take_client_bytes();
        script.client_sends(sent);
        script.lease(primary);
        EXPECT_EQ(last_query(primary), "SHOW WARNINGS");
        script.backend_sends(warning_and_error);
        EXPECT_EQ(script.take_client_bytes(), answer);
        EXPECT_EQ(script.leased(), nullptr);
    }
}

TEST_F(last_statements, that_failed_are_counted_where_the_schema_is_changed) {
    script.run(query("UPDATE t SET a = 'x'"), primary, error_answer(1366));
    (void)script.take_client_bytes();
    script.client_sends(init_db("b"));
    EXPECT_EQ(script.stop().where.connection, &primary.state);
    script.lease(primary);
    EXPECT_EQ(last_query(primary), "SHOW WARNINGS");
    script.backend_sends(warning_and_error);
    EXPECT_EQ(primary.last_sent(), init_db("b"));
    script.backend_sends(ok_answer());
    EXPECT_EQ(script.take_client_bytes(), ok_with_warnings(2));
}

TEST_F(last_statements, are_followed_by_an_error_that_is_the_only_one) {
    script.run(query("SELECT a FROM nowhere"), primary, error_answer(1146));
    script.run(query("SELECT a FROM t"), replica, row_answer({"1"}));
    script.run(init_db("nowhere"), primary, error_answer(1049));
    EXPECT_EQ(last().own_warnings, 1U);
    ASSERT_NE(last().conditions, nullptr) << "the primary lists an older one too";
    EXPECT_EQ(last().conditions->size(), 1U);
    EXPECT_EQ(last().conditions_at, nullptr);
}

TEST_F(last_statements, are_listed_before_an_error_that_is_not_counted_with_them) {
    script.run(query("SELECT a FROM nowhere FOR UPDATE"), primary, error_answer(1146));
    script.run(query("SHOW WARNINGS"), primary, row_answer({"Error", "1146", "no"}));
    script.run(init_db("nowhere"), primary, error_answer(1049));
    EXPECT_EQ(last().own_warnings, 1U);
    EXPECT_EQ(last().warnings, 2U);
}

TEST_F(last_statements, keep_their_conditions_over_the_reset_of_another) {
    script.run(stmt_prepare("SELECT a FROM t FOR UPDATE"), primary, prepared_answer(5, 0));
    script.run(query("INSERT IGNORE INTO t VALUES (1)"), primary, ok_with_warnings(3));
    (void)script.take_client_bytes();
    script.client_sends(statement_command(command::stmt_reset, 1));
    EXPECT_EQ(script.take_client_bytes(), ok_with_warnings(0));
    EXPECT_EQ(last().conditions_at, &primary.state);
}

TEST_F(last_statements, go_where_the_reset_of_another_is_held) {
    script.run(stmt_prepare("SELECT a FROM t FOR UPDATE"), primary, prepared_answer(5, 0));
    script.run(query("BEGIN"), primary, ok_answer(in_transaction));
    (void)script.take_client_bytes();
    script.client_sends(statement_command(command::stmt_reset, 1));
    EXPECT_EQ(primary.last_sent(), statement_command(command::stmt_reset, 5));
    script.backend_sends(ok_answer(in_transaction));
    EXPECT_EQ(script.take_client_bytes(), ok_answer(in_transaction));
}

TEST_F(last_statements, ask_the_held_connection_for_its_flags_where_it_does_not_know_another) {
    script.run(stmt_prepare("SELECT a FROM t"), replica, prepared_answer(5, 0));
    script.run(query("BEGIN"), primary, ok_answer(in_transaction));
    (void)script.take_client_bytes();
    script.client_sends(statement_command(command::stmt_reset, 1));
    EXPECT_EQ(primary.last_sent(), test::command(command::ping));
    script.backend_sends(ok_answer(in_transaction));
    EXPECT_EQ(script.take_client_bytes(), ok_answer(in_transaction));
}

TEST_F(last_statements, that_failed_on_a_held_connection_are_not_counted_behind_a_reset) {
    script.run(stmt_prepare("SELECT a FROM t"), replica, prepared_answer(5, 0));
    script.run(query("BEGIN"), primary, ok_answer(in_transaction));
    script.run(query("UPDATE t SET a = 'x'"), primary, error_answer(1366));
    (void)script.take_client_bytes();
    script.client_sends(statement_command(command::stmt_reset, 1));
    // As far as that connection knows the error was the last statement.
    script.backend_sends(ok_with_warnings(1, in_transaction));
    EXPECT_EQ(script.take_client_bytes(), ok_with_warnings(0, in_transaction));
    script.client_sends(test::command(command::ping));
    script.backend_sends(ok_with_warnings(1, in_transaction));
    EXPECT_EQ(script.take_client_bytes(), ok_with_warnings(0, in_transaction));
}

TEST_F(last_statements, are_asked_about_before_a_run_that_only_binds_types) {
    use_mariadb();
    constexpr unsigned type_var_string = 253;
    const byte_vector without_types =
        statement_command(command::stmt_execute, 1, bytes({0, 1, 0, 0, 0, 0, 0, 1, 'x'}));
    auto& other = script.connection(role::replica);
    other.state.flavor = mariadb;
    script.run(stmt_prepare("SELECT ?"), other, prepared_answer(5));
    script.run(execute_as(1, type_var_string), other, rows_answer());
    read_with_warning();
    (void)script.core().facts().state.on_variable("character_set_client", "latin1");
    script.client_sends(without_types);
    script.lease(replica);
    while (last_query(replica) != "SHOW WARNINGS" && replica.sent.size() < 8)
        script.backend_sends(
            replica.last_sent() == stmt_prepare("SELECT ?") ? prepared_answer(6) : ok_answer()
        );
    ASSERT_EQ(last_query(replica), "SHOW WARNINGS");
    script.backend_sends(row_answer({"Warning", "1366", "no"}));
    script.backend_sends(error_answer(1210));
    for (int i = 0; i < 3 && replica.last_sent()[4] != without_types[4]; ++i)
        script.backend_sends(ok_answer());
    script.backend_sends(rows_answer());
    EXPECT_EQ(last().conditions_at, nullptr) << "another one is there now";
    EXPECT_FALSE(last().lists_conditions);
    ASSERT_NE(last().conditions, nullptr);
    EXPECT_EQ(last().conditions->at(0).code, 1366U);
}

TEST_F(last_statements, find_no_rows_that_mariadb_makes_itself) {
    use_mariadb();
    script.run(query("SELECT a FROM t"), replica, rows_answer("1"));
    for (const auto* const sql : {"SHOW CREATE TABLE t", "ANALYZE TABLE t"}) {
        script.run(query(sql), primary, rows_answer("1"));
        EXPECT_EQ(last().found_rows, 1U);
        EXPECT_EQ(last().found_rows_at, &replica.state) << sql;
    }
    script.run(query("SELECT a + 1 FROM t"), primary, error_answer(1690));
    EXPECT_EQ(last().found_rows, 0U) << "it has begun to run";
}

TEST_F(last_statements, find_rows_on_mariadb_where_they_select_or_join) {
    use_mariadb();

    const struct {
        std::string_view sql;
        bool may_find;
    } rows[] = {
        {"UPDATE t SET a = 1, b = 2", false},
        {"DELETE QUICK FROM t", false},
        {"INSERT INTO t VALUES (1), (2)", false},
        {"SET @x = 1", false},
        {"UPDATE t, u SET t.a = 1", true},
        {"DELETE t FROM t JOIN u", true},
        {"DELETE FROM t WHERE a IN (SELECT a FROM u)", true},
    };

    for (const auto& row : rows) {
        script.run(query("SELECT a FROM t"), replica, rows_answer("1"));
        script.run(query(row.sql), primary, ok_answer());
        EXPECT_EQ(!last().found_rows, row.may_find) << row.sql;
    }
}

TEST_F(last_statements, have_found_rows_that_are_fetched_over_what_finds_none) {
    use_mariadb();
    script.run(query("SELECT 1 UNION SELECT 2"), replica, rows_answer("1"));
    EXPECT_FALSE(last().found_rows) << "servers may count others";
    script.run(query("DELETE FROM t"), primary, ok_answer());
    EXPECT_EQ(last().found_rows_at, &replica.state);
    script.client_sends(query("SELECT FOUND_ROWS()"));
    script.lease(replica);
    EXPECT_EQ(last_query(replica), "SELECT LAST_INSERT_ID(), FOUND_ROWS()");
    script.backend_sends(row_answer({"0", "2"}));
    EXPECT_EQ(last().found_rows, 2U);
    script.lease(primary);
    EXPECT_EQ(
        last_query(primary), "SELECT (9223372036854775807-9223372036854775805) AS `FOUND_ROWS()`"
    );
}

TEST_F(last_statements, have_found_what_was_found_before_what_is_refused) {
    use_mariadb();

    const struct {
        std::string_view sql;
        byte_vector answer;
        bool is_known;
    } rows[] = {
        {"SELECT a FROM nowhere UNION SELECT 1", error_answer(1146), true},
        {"SELECT 1 UNION SELECT a FROM t", error_answer(1062), false},
        {"SET @m = 5; SELECT a FROM nowhere", error_answer(1146), true},
        {"INSERT INTO t SELECT nothing FROM u", error_answer(1054), true},
        {"INSERT INTO t SELECT a FROM u", error_answer(1062), false},
        {"VALUES (1), (2)", rows_answer("1"), false},
        {"SELECT a INTO @a FROM t", ok_answer(), false},
    };

    for (const auto& row : rows) {
        script.run(query("SELECT a FROM t"), primary, rows_answer("1"));
        script.run(query(row.sql), primary, row.answer);
        EXPECT_EQ(last().found_rows.has_value(), row.is_known) << row.sql;
    }
}

TEST_F(last_statements, have_found_rows_that_are_fetched_while_another_connection_is_held) {
    use_mariadb();
    script.run(query("SELECT 1 UNION SELECT 2"), replica, rows_answer("1"));
    script.run(query("BEGIN"), primary, ok_answer(in_transaction));
    script.client_sends(query("SELECT FOUND_ROWS()"));
    ASSERT_EQ(script.stop().what, session_action::kind::acquire_backend);
    EXPECT_EQ(script.stop().where.preferred, &replica.state);
    script.lease(replica);
    EXPECT_EQ(last_query(replica), "SELECT LAST_INSERT_ID(), FOUND_ROWS()");
    script.backend_sends(row_answer({"0", "2"}));
    ASSERT_EQ(script.stop().what, session_action::kind::acquire_backend);
    EXPECT_EQ(script.stop().where.connection, &primary.state) << "the transaction is there";
    script.lease(primary);
    EXPECT_EQ(
        last_query(primary), "SELECT (9223372036854775807-9223372036854775805) AS `FOUND_ROWS()`"
    );
    script.backend_sends(rows_answer("2", in_transaction));
    EXPECT_EQ(script.leased(), &primary);
}

TEST_F(last_statements, go_on_where_they_were_if_what_was_found_is_lost) {
    use_mariadb();
    script.run(query("SELECT 1 UNION SELECT 2"), replica, rows_answer("1"));
    script.run(query("BEGIN"), primary, ok_answer(in_transaction));
    script.client_sends(query("SELECT FOUND_ROWS()"));
    script.lease(replica);
    script.backend_fails();
    ASSERT_EQ(script.stop().what, session_action::kind::acquire_backend);
    EXPECT_EQ(script.stop().where.connection, &primary.state);
    script.lease(primary);
    EXPECT_EQ(last_query(primary), "SELECT FOUND_ROWS()");
    script.backend_sends(rows_answer("0", in_transaction));
    EXPECT_EQ(script.leased(), &primary);
    script.run(query("COMMIT"), primary, ok_answer());
    EXPECT_EQ(script.leased(), nullptr);
}

TEST_F(last_statements, go_on_where_they_were_if_nobody_can_be_asked_what_was_found) {
    use_mariadb();
    script.run(query("SELECT 1 UNION SELECT 2"), replica, rows_answer("1"));
    script.run(query("BEGIN"), primary, ok_answer(in_transaction));
    script.client_sends(query("SELECT FOUND_ROWS()"));
    script.refuse_lease(protocol::mysql::server_errc::too_many_connections);
    ASSERT_EQ(script.stop().what, session_action::kind::acquire_backend);
    EXPECT_EQ(script.stop().where.connection, &primary.state);
    script.lease(primary);
    EXPECT_EQ(last_query(primary), "SELECT FOUND_ROWS()");
    script.backend_sends(rows_answer("0", in_transaction));
    script.run(query("UPDATE t SET a = 1"), primary, ok_answer(in_transaction));
    EXPECT_EQ(script.leased(), &primary);
}

TEST_F(last_statements, find_the_rows_that_mariadb_selects_for_itself) {
    use_mariadb();

    const struct {
        std::string_view sql;
        byte_vector answer;
        bool selects;
    } rows[] = {
        {"CREATE TABLE u SELECT * FROM t", ok_answer(), true},
        {"CREATE OR REPLACE TEMPORARY TABLE u (a INT) SELECT 1", ok_answer(), true},
        {"DO (SELECT COUNT(*) FROM t)", ok_answer(), true},
        {"CREATE TABLE IF NOT EXISTS u SELECT * FROM t", ok_with_warnings(1), false},
        {"CREATE TABLE u (a INT)", ok_answer(), false},
        {"CREATE VIEW v AS SELECT 1", ok_answer(), false},
        {"DO 1", ok_answer(), false},
    };

    for (const auto& row : rows) {
        script.run(query("SELECT a FROM t"), primary, rows_answer("1"));
        script.run(query(row.sql), primary, row.answer);
        EXPECT_EQ(!last().found_rows, row.selects) << row.sql;
    }
}

TEST_F(last_statements, are_asked_with_what_else_the_connection_knows) {
    use_mariadb();
    script.run(query("UPDATE t JOIN u ON t.a = u.a SET t.b = 1"), primary, ok_with_warnings(2));
    (void)script.take_trace();
    script.client_sends(query("SELECT FOUND_ROWS(), LAST_INSERT_ID()"));
    EXPECT_EQ(script.take_trace(), "acquire:home");
    script.lease(primary);
    EXPECT_EQ(last_query(primary), "SELECT FOUND_ROWS(), LAST_INSERT_ID()") << "as it came";
}

TEST_F(last_statements, keep_their_conditions_over_what_gives_up_a_prepared_one) {
    use_mariadb();
    script.run(query("INSERT IGNORE INTO t VALUES (1)"), primary, ok_with_warnings(3));
    for (const auto* const sql :
         {"DROP PREPARE p", "SET STATEMENT time_zone='+01:00' FOR USE x", "--"}) {
        script.run(query(sql), primary, ok_answer());
        EXPECT_EQ(last().warnings, 3U) << sql;
    }
    script.run(query("DESCRIBE t"), primary, rows_answer("1"));
    EXPECT_EQ(last().warnings, 0U);
}

TEST_F(last_statements, keep_the_rows_found_over_a_reset) {
    script.run(query("SELECT a FROM t FOR UPDATE"), primary, rows_answer());
    script.client_sends(test::command(command::reset_connection));
    if (script.stop().what == kind::acquire_backend) script.lease(primary);
    EXPECT_EQ(last().found_rows, 1U);
}

TEST_F(last_statements, are_not_counted_by_mariadb) {
    use_mariadb();
    script.run(query("INSERT IGNORE INTO t VALUES (1)"), primary, ok_with_warnings(3));
    (void)script.take_client_bytes();
    script.client_sends(test::command(command::ping));
    EXPECT_EQ(script.take_client_bytes(), ok_with_warnings(0));
    script.client_sends(test::command(command::set_option, bytes({1, 0})));
    EXPECT_EQ(script.take_client_bytes(), end_with(0));
}

TEST_F(last_statements, set_options_where_the_next_one_runs) {
    script.client_sends(test::command(command::set_option, bytes({0, 0})));
    script.client_sends(query("UPDATE t SET a=1"));
    script.lease(primary);
    EXPECT_EQ(primary.last_sent(), test::command(command::set_option, bytes({0, 0})));
    script.backend_sends(end_with(0));
    EXPECT_EQ(last_query(primary), "UPDATE t SET a=1");
}

TEST_F(last_statements, set_options_of_a_held_connection_at_once) {
    script.run(query("BEGIN"), primary, ok_answer(test::in_transaction));
    script.run(test::command(command::set_option, bytes({0, 0})), primary, end_with(2));
    EXPECT_EQ(primary.last_sent(), test::command(command::set_option, bytes({0, 0})));
    EXPECT_EQ(last().row_count, -1);
    script.run(query("UPDATE t SET a=1"), primary, ok_answer(test::in_transaction));
    EXPECT_EQ(last_query(primary), "UPDATE t SET a=1") << "told once";
}

TEST_F(last_statements, leave_options_that_do_not_exist_to_a_server) {
    script.client_sends(test::command(command::set_option, bytes({7, 0})));
    EXPECT_EQ(script.take_trace(), "read_client acquire:primary");
}

TEST_F(last_statements, fail_with_what_is_prepared_for_them) {
    script.run(stmt_prepare("SELECT a FROM t FOR UPDATE"), primary, prepared_answer(5, 0));
    script.core().on_connection_closed(primary.state);
    auto& other = script.connection(role::primary);
    script.client_sends(stmt_execute_bare(1));
    script.lease(other);
    script.backend_sends(error_answer(1146, "no such table"));
    ASSERT_NE(last().conditions, nullptr);
    EXPECT_EQ(*last().conditions, (std::vector<condition>{{"Error", 1146, "no such table"}}));
    EXPECT_EQ(last().row_count, -1);
}

TEST_F(last_statements, keep_their_conditions_over_commands_without_tables_on_mariadb) {
    use_mariadb();

    const struct {
        std::string_view name;
        byte_vector sent;
        byte_vector answer;
    } rows[] = {
        {"init_db", test::command(command::init_db, bytes("shop")), ok_answer()},
        {"ping", test::command(command::ping), {}},
        {"set_option", test::command(command::set_option, bytes({1, 0})), {}},
        {"prepare", stmt_prepare("SELECT @a"), prepared_answer(5, 0)},
        {"PREPARE", query("PREPARE p FROM 'SELECT 1'"), ok_answer()},
        {"EXECUTE", query("EXECUTE p"), rows_answer()},
        {"DROP TRIGGER", query("DROP TRIGGER t1"), ok_answer()},
    };

    script.run(query("INSERT IGNORE INTO t VALUES (1)"), primary, ok_with_warnings(3));
    for (const auto& row : rows) {
        SCOPED_TRACE(row.name);
        script.client_sends(row.sent);
        if (script.stop().what == kind::acquire_backend) script.lease(primary);
        while (script.stop().what == kind::read_backend)
            script.backend_sends(row.answer);
        EXPECT_EQ(last().warnings, 3U);
        EXPECT_EQ(last().conditions_at, &primary.state);
    }
    script.run(query("PREPARE p FROM 'SELECT a FROM t'"), primary, ok_answer());
    EXPECT_EQ(last().warnings, 0U);
}

TEST_F(last_statements, are_not_asked_for_where_others_have_left_their_conditions) {
    use_mariadb();
    script.run(query("SELECT @a"), primary, rows_answer());
    EXPECT_EQ(last().at, &primary.state);
    EXPECT_FALSE(last().lists_conditions);
    script.client_sends(query("SELECT @@warning_count"));
    EXPECT_EQ(script.stop().where.connection, nullptr);
    script.lease(replica);
    EXPECT_NE(last_query(replica).find("IF(1,"), std::string::npos) << "known here";
}

TEST_F(last_statements, are_asked_for_from_within_a_transaction_elsewhere) {
    use_mariadb();
    read_with_warning();
    script.run(query("BEGIN"), primary, ok_answer(in_transaction));
    (void)script.take_client_bytes();
    (void)script.take_trace();
    script.client_sends(query("SHOW WARNINGS"));
    EXPECT_EQ(script.take_trace(), "release acquire:home");
    ASSERT_EQ(script.stop().where.connection, &replica.state);
    script.lease(replica);
    EXPECT_EQ(last_query(replica), "SHOW WARNINGS");
    script.backend_sends(row_answer({"Warning", "1292", "cut"}));
    const byte_vector answer = script.take_client_bytes();
    EXPECT_NE(protocol::wire::as_text(view(answer)).find("cut"), std::string_view::npos);
    ASSERT_EQ(script.stop().where.connection, &primary.state) << "and back";
    script.lease(primary);
    EXPECT_EQ(script.stop().what, kind::read_client);
    EXPECT_EQ(script.leased(), &primary);
}

TEST_F(last_statements, are_asked_about_on_a_held_connection_whatever_else_is) {
    for (const char* const text :
         {"SELECT @@identity, ROW_COUNT()",
          "INSERT INTO t SELECT ROW_COUNT()",
          "SHOW COUNT(*) WARNINGS"}) {
        script.run(query("BEGIN"), primary, ok_answer(in_transaction));
        script.client_sends(query(text));
        EXPECT_EQ(last_query(primary), text);
        script.backend_sends(ok_answer());
    }
}

TEST_F(last_statements, are_told_to_a_text_for_which_their_replica_is_left) {
    script.run(query("START TRANSACTION READ ONLY"), replica, ok_answer(in_transaction));
    script.run(query("SELECT a FROM t"), replica, row_answer({"1"}));
    script.client_sends(query("SELECT ROW_COUNT(); SELECT a FROM t FOR UPDATE"));
    EXPECT_EQ(script.stop().where.role, server_role::primary);
    script.lease(primary);
    script.backend_sends(ok_answer(in_transaction));
    EXPECT_NE(last_query(primary).find(" AS `ROW_COUNT()`; "), std::string::npos)
        << "a value in its place: " << last_query(primary);
}

TEST_F(last_statements, are_asked_about_only_where_the_newest_insert_id_is) {
    auto& other = script.connection(role::replica);
    script.run(query("SELECT LAST_INSERT_ID(9)"), replica, row_answer({"9"}));
    script.run(query("SELECT a FROM t"), other, row_answer({"1"}));
    script.client_sends(query("SELECT @@identity, @@warning_count"));
    EXPECT_EQ(script.stop().where.connection, nullptr) << "it would not have the 9";
    EXPECT_EQ(script.stop().where.preferred, &replica.state);
}

TEST_F(last_statements, are_told_to_what_is_executed_as_sql) {
    script.run(query("PREPARE p FROM 'SELECT ROW_COUNT() AS n'"), primary, ok_answer());
    script.run(query("EXECUTE P"), primary, rows_answer("0"));
    EXPECT_EQ(last_query(primary), "EXECUTE P") << "its own connection knows";
    script.client_sends(test::command(command::sleep));
    EXPECT_EQ(last().at, nullptr);
    EXPECT_NE(script.core().facts().prepared_in_sql.find("p"), nullptr);
    script.client_sends(query("EXECUTE p"));
    EXPECT_EQ(last_query(primary), "SELECT (-9223372036854775807+9223372036854775806) AS n");
    script.backend_sends(rows_answer("-1"));
    script.run(query("DEALLOCATE PREPARE p"), primary, ok_answer());
    EXPECT_TRUE(script.core().facts().prepared_in_sql.empty());
}

TEST_F(last_statements, are_told_to_a_get_diagnostics_that_no_server_can_answer) {
    script.client_sends(test::command(command::set_option, bytes({9})));  // cut short
    script.lease(primary);
    script.backend_sends(error_answer(1047));
    (void)script.take_client_bytes();
    script.client_sends(test::command(command::ping));
    EXPECT_EQ(script.stop().where.connection, &primary.state) << "it can list the conditions";
    script.lease(primary);
    EXPECT_EQ(last_query(primary), "SHOW WARNINGS");
    script.backend_sends(row_answer({"Error", "1047", "unknown"}));
    EXPECT_EQ(script.take_client_bytes(), ok_with_warnings(1));
    script.client_sends(query("GET DIAGNOSTICS @n = NUMBER, @r = ROW_COUNT"));
    EXPECT_EQ(script.take_client_bytes(), ok_answer());
    script.client_sends(query("GET DIAGNOSTICS CONDITION 1 @m = MESSAGE_TEXT"));
    EXPECT_EQ(script.take_client_bytes(), ok_answer());
    script.client_sends(query("GET DIAGNOSTICS CONDITION 2 @m = RETURNED_SQLSTATE"));
    EXPECT_EQ(script.take_client_bytes(), ok_with_warnings(1));
    EXPECT_EQ(last().conditions->back(), (condition{"Error", 1758, "Invalid condition number"}));
    EXPECT_EQ(last().row_count, -1);
    script.client_sends(query("SELECT @n, @r, @m"));
    script.lease(primary);
    EXPECT_EQ(
        last_query(primary), "SET @`n`=CAST(1 AS UNSIGNED), @`r`=0, @`m`=_utf8mb3 0x756E6B6E6F776E"
    );
    EXPECT_FALSE(script.core().is_pinned());
}

TEST_F(last_statements, are_not_asked_about_where_variables_would_have_to_be_brought_before) {
    script.run(query("PREPARE p FROM 'SELECT ROW_COUNT() AS n'"), primary, ok_answer());
    script.run(query("INSERT IGNORE INTO t VALUES (1)"), primary, ok_with_warnings(1));
    ASSERT_TRUE(script.core().facts().state.set_user_variable("a", "1"));
    script.client_sends(query("GET DIAGNOSTICS CONDITION 1 @m = MESSAGE_TEXT"));
    EXPECT_EQ(last_query(primary), "SHOW WARNINGS");
    script.backend_sends(row_answer({"Warning", "1062", "twice"}));
    script.client_sends(query("EXECUTE p"));
    EXPECT_EQ(last_query(primary), "SELECT (9223372036854775807-9223372036854775807) AS n");
}

TEST_F(last_statements, are_asked_about_before_anything_else_runs_on_their_replica) {
    script.run(query("SET TRANSACTION READ ONLY"), replica, ok_answer());
    script.run(query("SELECT (@@last_insert_id)"), replica, rows_answer("0"));
    script.run(query("COMMIT"), replica, ok_answer());
    script.client_sends(query("SELECT ROW_COUNT()"));
    script.lease(replica);
    EXPECT_EQ(last_query(replica), "SELECT ROW_COUNT()");
}

}  // namespace
}  // namespace weir::splitter
