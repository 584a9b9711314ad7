// Questions about the last statement in which weir, or more than one connection, has a part.

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

struct session_questions : last_statement_fixture {};

TEST_F(session_questions, have_their_conditions_told_before_what_was_filled_from_them) {
    read_with_warning();
    script.run(query("GET DIAGNOSTICS @n = NUMBER"), replica, ok_answer());
    script.client_sends(query("SELECT @n"));
    EXPECT_EQ(last_query(replica), "SHOW WARNINGS") << "which the next question would clear";
    script.backend_sends(row_answer({"Warning", "1292", "wrong"}));
    EXPECT_EQ(last_query(replica), "SELECT @`n` LIMIT 1");
    script.backend_sends(row_answer({"1"}));
    ASSERT_NE(last().conditions, nullptr);
    EXPECT_EQ(last().conditions->front().code, 1292U);
}

TEST_F(session_questions, fill_variables_where_the_session_keeps_its_own) {
    use_mariadb();
    script.run(stmt_prepare("SELECT a FROM t"), primary, prepared_answer(5, 0));
    script.run(query("SELECT @a := 1"), primary, rows_answer("1"));
    ASSERT_EQ(script.leased(), &primary);
    script.client_sends(statement_command(command::stmt_fetch, 1, number(2)));
    ASSERT_NE(last().conditions, nullptr);
    (void)script.take_client_bytes();
    script.client_sends(query("GET DIAGNOSTICS CONDITION 1 @e = MYSQL_ERRNO, @n = MYSQL_ERRNO"));
    EXPECT_EQ(last_query(primary), "SET @`e`=CAST(1421 AS UNSIGNED), @`n`=CAST(1421 AS UNSIGNED)");
    script.backend_sends(ok_answer());
    EXPECT_EQ(script.take_client_bytes(), ok_answer());
    EXPECT_EQ(last().row_count, -1) << "that of the last statement";
    EXPECT_EQ(last().at, nullptr) << "which its connection cannot tell";
    EXPECT_EQ(script.leased(), &primary);
}

TEST_F(session_questions, fill_variables_where_they_are_kept_with_what_another_connection_lists) {
    use_mariadb();
    read_with_warning();
    script.run(query("SELECT @a := 1"), primary, rows_answer("1"));
    ASSERT_EQ(last().conditions_at, &replica.state) << "it uses no tables";
    (void)script.take_client_bytes();
    script.client_sends(query("GET DIAGNOSTICS CONDITION 1 @e = MYSQL_ERRNO"));
    script.lease(replica);
    EXPECT_EQ(last_query(replica), "SHOW WARNINGS");
    script.backend_sends(row_answer({"Warning", "1292", "wrong"}));
    ASSERT_EQ(script.stop().what, kind::acquire_backend);
    EXPECT_EQ(script.stop().where.connection, &primary.state);
    script.lease(primary);
    EXPECT_EQ(last_query(primary), "SET @`e`=CAST(1292 AS UNSIGNED)");
    script.backend_sends(ok_answer());
    EXPECT_EQ(script.take_client_bytes(), ok_answer());
    EXPECT_EQ(script.leased(), &primary);
}

TEST_F(session_questions, have_their_conditions_before_that_of_a_refused_fetch_on_mysql) {
    script.run(stmt_prepare("SELECT a FROM t"), replica, prepared_answer(5, 0));
    script.run(query("INSERT INTO nowhere VALUES (1)"), primary, error_answer(1146));
    script.client_sends(statement_command(command::stmt_fetch, 1, number(2)));
    script.lease(primary);
    EXPECT_EQ(last_query(primary), "SHOW WARNINGS");
    script.backend_sends(row_answer({"Error", "1146", "no such table"}));
    ASSERT_NE(last().conditions, nullptr);
    EXPECT_EQ(last().conditions->size(), 2U);
    EXPECT_EQ(last().errors, 2U);
    EXPECT_EQ(last().own_warnings, 1U);
}

TEST_F(session_questions, have_conditions_beyond_the_most_that_are_listed_counted) {
    use_mariadb();
    script.run(stmt_prepare("SELECT a FROM t"), primary, prepared_answer(5, 0));
    (void)script.core().facts().state.on_variable("max_error_count", "0");
    script.client_sends(statement_command(command::stmt_fetch, 1, number(2)));
    ASSERT_NE(last().conditions, nullptr);
    EXPECT_TRUE(last().conditions->empty());
    EXPECT_EQ(last().warnings, 1U);
    EXPECT_EQ(last().errors, 1U);
}

TEST_F(session_questions, are_asked_about_where_they_ran_by_what_is_executed_at_once) {
    use_mariadb();
    for (const std::string_view text :
         {"SELECT ROW_COUNT()", "SELECT FOUND_ROWS()", "SHOW COUNT(*) WARNINGS"}) {
        read_with_warning();
        script.client_sends(query("EXECUTE IMMEDIATE '" + std::string(text) + "'"));
        EXPECT_EQ(script.stop().where.connection, &replica.state) << text;
        script.lease(replica);
        EXPECT_EQ(last_query(replica), text);
        script.backend_sends(rows_answer("1"));
    }
}

TEST_F(session_questions, find_a_row_where_they_execute_a_count) {
    use_mariadb();
    script.run(query("PREPARE p FROM 'SHOW COUNT(*) ERRORS'"), primary, ok_answer());
    script.run(query("SELECT a FROM t FOR UPDATE"), primary, row_answer({"1", "2"}));
    script.run(query("EXECUTE p"), primary, rows_answer("0"));
    EXPECT_EQ(last_query(primary), "EXECUTE p");
    EXPECT_EQ(last().found_rows, 1U);
    EXPECT_EQ(last().found_rows_at, &primary.state);
}

TEST_F(session_questions, have_found_rows_that_are_fetched_before_a_reset) {
    use_mariadb();
    script.run(query("SELECT 1 UNION SELECT 2"), replica, rows_answer("1"));
    (void)script.take_client_bytes();
    script.client_sends(test::command(command::reset_connection));
    script.lease(replica);
    EXPECT_EQ(last_query(replica), "SELECT LAST_INSERT_ID(), FOUND_ROWS()");
    script.backend_sends(row_answer({"0", "2"}));
    EXPECT_EQ(script.take_client_bytes(), ok_answer());
    EXPECT_EQ(last().found_rows, 2U);
}

TEST_F(session_questions, are_not_sure_what_was_found_in_common_tables_on_mariadb) {
    use_mariadb();
    script.run(query("WITH w AS (SELECT 1) SELECT COUNT(*) FROM w"), replica, rows_answer("0"));
    EXPECT_EQ(last().found_rows, 1U);
    EXPECT_EQ(last().who_found_rows(), &replica.state);
    script.run(query("SELECT a FROM w"), replica, rows_answer("0"));
    EXPECT_EQ(last().who_found_rows(), nullptr);
}

TEST_F(session_questions, have_found_rows_that_are_fetched_for_an_execute) {
    use_mariadb();
    script.run(query("SELECT 1 UNION SELECT 2"), replica, rows_answer("1"));
    script.run(query("PREPARE q FROM 'SELECT FOUND_ROWS() AS n'"), primary, ok_answer());
    ASSERT_EQ(script.leased(), &primary);
    script.client_sends(query("EXECUTE q"));
    script.lease(replica);
    EXPECT_EQ(last_query(replica), "SELECT LAST_INSERT_ID(), FOUND_ROWS()");
    script.backend_sends(row_answer({"0", "2"}));
    script.lease(primary);
    EXPECT_EQ(last_query(primary), "SELECT (9223372036854775807-9223372036854775805) AS n");
}

TEST_F(session_questions, have_found_rows_that_are_fetched_where_they_are_reset) {
    use_mariadb();
    script.run(query("SELECT @a := 1 UNION SELECT 2"), primary, rows_answer("1"));
    ASSERT_EQ(script.leased(), &primary);
    script.client_sends(test::command(command::reset_connection));
    EXPECT_EQ(last_query(primary), "SELECT LAST_INSERT_ID(), FOUND_ROWS()");
    script.backend_sends(row_answer({"0", "2"}));
    EXPECT_EQ(primary.last_sent(), test::command(command::reset_connection));
    script.backend_sends(ok_answer());
    EXPECT_EQ(last().found_rows, 2U);
    EXPECT_EQ(script.leased(), nullptr);
}

TEST_F(session_questions, keep_conditions_on_mariadb_where_they_name_no_table_themselves) {
    use_mariadb();

    const struct {
        std::string_view sql;
        bool keeps;
    } rows[] = {
        {"CREATE FUNCTION f() RETURNS INT RETURN (SELECT COUNT(*) FROM t)", true},
        {"CREATE OR REPLACE DEFINER = a@b PROCEDURE p() SELECT a FROM t", true},
        {"CREATE PROCEDURE p() BEGIN COMMIT; END", true},
        {"SHOW CREATE PROCEDURE p", true},
        {"SHOW GRANTS", true},
        {"DROP EVENT e", true},
        {"SHOW CREATE TABLE t", false},
        {"SHOW TABLES", false},
        {"CREATE TABLE u (a INT)", false},
        {"CREATE TRIGGER r BEFORE INSERT ON t FOR EACH ROW SET @a = 1", false},
    };

    for (const auto& row : rows) {
        script.run(query("INSERT IGNORE INTO t VALUES (1)"), primary, ok_with_warnings(1));
        script.run(query(row.sql), primary, ok_answer());
        EXPECT_EQ(last().warnings == 1, row.keeps) << row.sql;
    }
}

byte_vector ok_of_update(std::uint64_t changed, std::string_view info) {
    protocol::mysql::ok message;
    message.affected_rows = changed;
    message.status = idle;
    message.info = info;
    return frames_of({payload_of(message, session_capabilities)});
}

TEST_F(session_questions, find_the_rows_that_an_update_has_matched_on_mysql) {
    script.run(query("SELECT a FROM t"), replica, rows_answer("1"));
    script.run(
        query("UPDATE t SET a = 1"),
        primary,
        ok_of_update(1, "Rows matched: 3  Changed: 1  Warnings: 0")
    );
    EXPECT_EQ(last().found_rows, 3U);
    EXPECT_FALSE(primary.state.left.found_rows) << "nobody has to ask";
    script.run(query("DELETE FROM t"), primary, ok_answer());
    script.run(query("INSERT INTO t VALUES (1)"), primary, ok_answer());
    script.run(query("UPDATE t SET a = 1"), primary, error_answer(1062));
    EXPECT_EQ(last().found_rows, 3U);
    EXPECT_EQ(last().who_found_rows(), nullptr);
    script.run(query("DO 1"), primary, ok_answer());
    EXPECT_EQ(last().found_rows, 1U);
}

TEST_F(session_questions, have_what_a_write_may_have_found_fetched_on_mysql) {
    auto& other = script.connection(role::primary);
    script.run(query("SELECT a FROM t"), replica, rows_answer("1"));
    script.run(query("DELETE t FROM t JOIN u"), primary, ok_answer());
    EXPECT_FALSE(primary.state.left.found_rows) << "this client has never asked";
    script.run(query("COMMIT"), other, ok_answer());
    script.client_sends(query("SELECT FOUND_ROWS() AS n"));
    EXPECT_TRUE(primary.state.left.found_rows);
    script.lease(primary);
    EXPECT_EQ(last_query(primary), "SELECT LAST_INSERT_ID(), FOUND_ROWS()");
    script.backend_sends(row_answer({"0", "0"}));
    script.lease(other);
    EXPECT_EQ(last_query(other), "SELECT (9223372036854775807-9223372036854775807) AS n");
    script.backend_sends(rows_answer("0"));
    script.run(query("DELETE t FROM t JOIN u"), primary, ok_answer());
    EXPECT_TRUE(primary.state.left.found_rows) << "it may ask again";
}

TEST_F(session_questions, have_found_what_was_found_before_if_a_write_cannot_be_asked) {
    auto& other = script.connection(role::primary);
    script.run(query("SELECT a FROM t"), replica, rows_answer("1"));
    script.run(query("DELETE t FROM t JOIN u"), primary, ok_answer());
    script.core().on_connection_closed(primary.state);
    script.client_sends(query("SELECT FOUND_ROWS() AS n"));
    script.lease(other);
    EXPECT_EQ(last_query(other), "SELECT (9223372036854775807-9223372036854775806) AS n");
}

TEST_F(session_questions, have_found_on_mariadb_what_was_found_before_an_execute_of_a_write) {
    use_mariadb();
    script.run(query("PREPARE p FROM 'INSERT INTO t VALUES (?)'"), primary, ok_answer());
    script.run(query("SELECT a FROM t"), primary, rows_answer("1"));
    script.run(query("EXECUTE p USING @a"), primary, ok_answer());
    EXPECT_EQ(last().found_rows, 1U) << "USING joins nothing";
    script.run(query("EXECUTE nobody_knows"), primary, ok_answer());
    EXPECT_FALSE(last().found_rows);
}

TEST_F(session_questions, have_no_former_conditions_on_mariadb_after_an_execute_that_uses_tables) {
    use_mariadb();

    const struct {
        std::string_view sql;
        bool clears;
    } rows[] = {
        {"EXECUTE IMMEDIATE 'INSERT INTO t VALUES (?)' USING 1", true},
        {"EXECUTE IMMEDIATE 'SELECT a FROM t'", true},
        {"EXECUTE IMMEDIATE 'SELECT 1'", false},
        {"EXECUTE IMMEDIATE 'CALL p()'", false},
    };

    for (const auto& row : rows) {
        script.run(query("INSERT IGNORE INTO t VALUES (1)"), primary, ok_with_warnings(1));
        script.run(query(row.sql), primary, ok_answer());
        EXPECT_EQ(last().warnings == 0, row.clears) << row.sql;
    }
}

}  // namespace
}  // namespace weir::splitter
