#include "splitter/sql/session_scope.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace weir::splitter {
namespace {

TEST(with_session_scope, writes_the_scope_that_the_tracker_needs) {
    const struct {
        std::string_view sql;
        std::string_view expected;  ///< empty: left as it is
    } rows[] = {
        {"SET @@sql_mode='ANSI'", "SET @@session.sql_mode='ANSI'"},
        {"set @@a = 1, b = 2, @@c := 3", "set @@session.a = 1, b = 2, @@session.c := 3"},
        {"SET @x = @@y, @@z = @@w + 1", "SET @x = @@y, @@session.z = @@w + 1"},
        {"SET @@a = CONCAT('x', @@b), @@c = 1",
         "SET @@session.a = CONCAT('x', @@b), @@session.c = 1"},
        {"/*!40101 SET @@time_zone='+00:00' */", "/*!40101 SET @@session.time_zone='+00:00' */"},
        {"/* why */ SET @@`sql_mode`=''", "/* why */ SET @@session.`sql_mode`=''"},
        {"SELECT 1; SET @@a=1; SET @@b=2", "SELECT 1; SET @@session.a=1; SET @@session.b=2"},
        {"SET @@session.a=1, @@global.b=2, @@local.c=3", ""},
        {"SET a=1, SESSION b=2", ""},
        {"SET @a=@@b", ""},
        {"SET @a='@@b=1', c=2", ""},
        {"SET @@tx_isolation='SERIALIZABLE', @@transaction_read_only=1", ""},
        {"SELECT @@a", ""},
        {"UPDATE t SET a=1 WHERE b, @@c = 1", ""},
        {"CREATE PROCEDURE p() BEGIN SELECT 1; SET @@a=1; END", ""},
        {"BEGIN NOT ATOMIC SELECT 1; SET @@a=1; END", ""},
        {"SET STATEMENT a=1 FOR SELECT 1, @@b", ""},
        {"SET", ""},
        {"", ""},
    };

    lexer_options mariadb;
    mariadb.flavor = protocol::mysql::server_flavor::mariadb;
    mariadb.server_version = 101100;
    for (const auto& row : rows)
        EXPECT_EQ(with_session_scope(row.sql, mariadb).text, row.expected) << row.sql;
}

TEST(with_session_scope, tells_what_it_says_a_scope_of) {
    lexer_options mariadb;
    mariadb.flavor = protocol::mysql::server_flavor::mariadb;
    const auto alone = with_session_scope("SET @@Time_Zone='+00:00'", mariadb).unscoped;
    EXPECT_EQ(alone.names, std::vector<std::string>{"time_zone"});
    EXPECT_TRUE(alone.are_all);
    const auto both = with_session_scope("SET @@time_zone='+00:00', sql_mode=''", mariadb).unscoped;
    EXPECT_EQ(both.names, std::vector<std::string>{"time_zone"});
    EXPECT_FALSE(both.are_all);
}

}  // namespace
}  // namespace weir::splitter
