#include "splitter/sql/value_substitution.hpp"

#include <gtest/gtest.h>

namespace weir::splitter {
namespace {

#define ID "CAST(2000000001 AS UNSIGNED)"
#define MINUS_ONE "(-9223372036854775807+9223372036854775806)"
#define FIVE_COUNTED "IF(1,18446744073709551615-18446744073709551610,NULL)"
#define FIVE "(9223372036854775807-9223372036854775802)"

TEST(with_known_values, replaces_what_stands_in_the_text_and_keeps_the_names_of_columns) {
    const known_values values{
        .connection_id = 2000000001U, .row_count = -1, .found_rows = 5, .warnings = 5, .errors = 5};

    const struct {
        std::string_view sql;
        std::string_view expected;  ///< empty: left as it is
    } rows[] = {
        {"SELECT CONNECTION_ID()", "SELECT " ID " AS `CONNECTION_ID()`"},
        {"select connection_id ( ) ", "select " ID " AS `connection_id ( )` "},
        {"SELECT CONNECTION_ID() AS id", "SELECT " ID " AS id"},
        {"SELECT CONNECTION_ID() id, 1", "SELECT " ID " id, 1"},
        {"SELECT CONNECTION_ID() 'id' FROM t", "SELECT " ID " 'id' FROM t"},
        {"SELECT 1, 2 + CONNECTION_ID() FROM t",
         "SELECT 1, 2 + " ID " AS `2 + CONNECTION_ID()` FROM t"},
        {"SELECT DISTINCT CONNECTION_ID(), a FROM t",
         "SELECT DISTINCT " ID " AS `CONNECTION_ID()`, a FROM t"},
        {"SELECT CONCAT('a', CONNECTION_ID()), `b` FROM t",
         "SELECT CONCAT('a', " ID ") AS `CONCAT('a', CONNECTION_ID())`, `b` FROM t"},
        {"SELECT CASE WHEN CONNECTION_ID() THEN 1 END FROM t",
         "SELECT CASE WHEN " ID " THEN 1 END AS `CASE WHEN CONNECTION_ID() THEN 1 END` FROM t"},
        {"SELECT `a`.`b` = CONNECTION_ID(), `t`.`a` FROM t",
         "SELECT `a`.`b` = " ID " AS ```a``.``b`` = CONNECTION_ID()`, `t`.`a` FROM t"},
        {"SELECT * FROM t WHERE id = CONNECTION_ID()", "SELECT * FROM t WHERE id = " ID},
        {"SELECT (SELECT CONNECTION_ID())",
         "SELECT (SELECT " ID " AS `CONNECTION_ID()`) AS `(SELECT CONNECTION_ID())`"},
        {"SELECT * FROM (SELECT CONNECTION_ID()) x",
         "SELECT * FROM (SELECT " ID " AS `CONNECTION_ID()`) x"},
        {"SELECT 1 UNION SELECT CONNECTION_ID()",
         "SELECT 1 UNION SELECT " ID " AS `CONNECTION_ID()`"},
        {"INSERT INTO t VALUES (ROW_COUNT(), CONNECTION_ID())",
         "INSERT INTO t VALUES (" MINUS_ONE ", " ID ")"},
        {"SET @a = CONNECTION_ID()", "SET @a = " ID},
        {"KILL QUERY CONNECTION_ID()", "KILL QUERY 2000000001"},
        {"SELECT ROW_COUNT()", "SELECT " MINUS_ONE " AS `ROW_COUNT()`"},
        {"SELECT FOUND_ROWS(), @@warning_count, @@session.error_count",
         "SELECT " FIVE " AS `FOUND_ROWS()`, " FIVE_COUNTED " AS `@@warning_count`, " FIVE_COUNTED
         " AS `@@session.error_count`"},
        {"SELECT 1; SELECT ROW_COUNT(), CONNECTION_ID()",
         "SELECT 1; SELECT ROW_COUNT(), " ID " AS `CONNECTION_ID()`"},
        {"SELECT 'CONNECTION_ID()', connection_id FROM t", ""},
        {"SELECT d.connection_id() FROM t", ""},
        {"SELECT connection_id(1)", ""},
        {"SELECT * FROM information_schema.processlist WHERE id = CONNECTION_ID()", ""},
        {"SELECT IS_USED_LOCK('a') = CONNECTION_ID()", ""},
        {"CREATE PROCEDURE p() SELECT CONNECTION_ID()", ""},
        {"CREATE VIEW v AS SELECT CONNECTION_ID()", ""},
        {"SELECT CONNECTION_ID(), 'unterminated", ""},
    };

    for (const auto& row : rows) {
        EXPECT_EQ(with_known_values(row.sql, values, lexer_options{}), row.expected) << row.sql;
    }
}

TEST(with_known_values, counts_what_mysql_warns_of_in_the_text_itself) {
    known_values values{.found_rows = 5, .warnings = 0, .errors = 0};
    const lexer_options mysql{.server_version = 90700};
    EXPECT_EQ(
        with_known_values(
            "SELECT FOUND_ROWS() a, found_rows() b, @@warning_count c, @@error_count d; SELECT 1",
            values,
            mysql
        ),
        "SELECT IF(1," FIVE ",FOUND_ROWS()) a, IF(1," FIVE
        ",FOUND_ROWS()) b, IF(1,18446744073709551615-18446744073709551613,NULL) c, "
        "IF(1,18446744073709551615-18446744073709551615,NULL) d; SELECT 1"
    );
    values.has_warned = true;
    EXPECT_EQ(with_known_values("SELECT FOUND_ROWS() a", values, mysql), "SELECT " FIVE " a");
}

TEST(with_known_values, leaves_to_the_server_what_is_not_known) {
    const known_values values{.row_count = 5};
    const std::string text =
        with_known_values("SELECT ROW_COUNT() r, FOUND_ROWS()", values, lexer_options{});
    EXPECT_EQ(text, "SELECT " FIVE " r, FOUND_ROWS()");
}

TEST(with_known_values, knows_conditions_behind_what_keeps_them_on_mariadb) {
    known_values values{.row_count = 5, .warnings = 5};
    const lexer_options mariadb{.flavor = protocol::mysql::server_flavor::mariadb};

    const struct {
        std::string_view sql;
        bool is_known;
    } rows[] = {
        {"SET @m = 5; SELECT LAST_INSERT_ID(), ROW_COUNT() r; SELECT @@warning_count c", true},
        {"SET @m = 'a' + 1; SELECT @@warning_count c", false},
        {"SELECT 1 / 0; SELECT @@warning_count c", false},
        {"SELECT f(1); SELECT @@warning_count c", false},
        {"SELECT 1 FROM t; SELECT @@warning_count c", false},
    };

    for (const auto& row : rows) {
        values.knows_several = false;
        EXPECT_TRUE(with_known_values(row.sql, values, mariadb).empty()) << "an error will name it";
        values.knows_several = true;
        const std::string text = with_known_values(row.sql, values, mariadb);
        EXPECT_EQ(text.ends_with("SELECT " FIVE_COUNTED " c"), row.is_known) << row.sql;
        EXPECT_TRUE(with_known_values(row.sql, values, lexer_options{}).empty()) << "on MySQL";
    }
}

TEST(ends_with_read_of_table, looks_at_the_last_statement) {
    struct row {
        std::string_view text;
        bool expected;
    };

    const row rows[] = {
        {"SELECT 1; SELECT a FROM t", true},
        {"SELECT 1; SELECT a FROM `t` WHERE b = (SELECT 1);", true},
        {"SELECT a FROM t; SELECT 1", false},
        {"SELECT 1; SELECT 1 FROM dual", false},
        {"SELECT 1; SELECT (SELECT a FROM t)", false},
        {"SELECT 1; SELECT a FROM (SELECT 1 AS a) AS d", false},
        {"SELECT 1; DELETE FROM t", false},
        {"SELECT 1; (SELECT a FROM t)", false},
        {"SELECT 'SELECT a FROM t'; SELECT ')', EXTRACT(DAY FROM b)", false},
        {"", false},
    };
    for (const auto& [text, expected] : rows)
        EXPECT_EQ(ends_with_read_of_table(text, {}), expected) << text;
}

}  // namespace
}  // namespace weir::splitter
