#include "splitter/sql/own_statement.hpp"

#include "tests/unit/splitter/sql/statement_row.hpp"

#include <gtest/gtest.h>

namespace weir::splitter::testing {
namespace {

using kind = own_statement::kind;

TEST(own_statement, is_told_by_its_words) {
    struct row {
        std::string_view text;
        own_statement expected;
    };

    const std::vector<row> rows{
        {"EXPLAIN ROUTE SELECT 1", {kind::explain_route, "SELECT 1"}},
        {"explain /* now */ route\n(SELECT 1)", {kind::explain_route, "(SELECT 1)"}},
        {"EXPLAIN ROUTE /* weir:primary */ SELECT 1",
         {kind::explain_route, "/* weir:primary */ SELECT 1"}},
        {"EXPLAIN ROUTE COMMIT;", {kind::explain_route, "COMMIT;"}},
        {"EXPLAIN ROUTE TABLE t", {kind::explain_route, "TABLE t"}},
        {"EXPLAIN ROUTE EXPLAIN ROUTE SELECT 1", {kind::explain_route, "EXPLAIN ROUTE SELECT 1"}},
        {"EXPLAIN ROUTE FOR SELECT 1", {kind::malformed, "FOR SELECT 1"}},
        {"EXPLAIN ROUTE 1 + 1", {kind::malformed, "1 + 1"}},
        {"SHOW WEIR PINS", {kind::show_pins}},
        {"show weir pins ;", {kind::show_pins}},
        {"SHOW PROCESSLIST", {kind::show_processlist}},
        {"show full /* all */ processlist;", {kind::show_processlist, {}, true}},
        {"SHOW WEIR", {kind::malformed, "WEIR"}},
        {"SHOW WEIR PINS LIMIT 1", {kind::malformed, "WEIR PINS LIMIT 1"}},
        {"SET weir_trace = 1", {kind::set_trace, {}, true}},
        {"set session WEIR_TRACE := on", {kind::set_trace, {}, true}},
        {"SET @@weir_trace='on'", {kind::set_trace, {}, true}},
        {"SET @@session.weir_trace=0;", {kind::set_trace, {}, false}},
        {"SET LOCAL weir_trace = DEFAULT", {kind::set_trace, {}, false}},
        {"SET weir_trace = 7", {kind::bad_value, "7"}},
        {"SELECT @@weir_gtid", {kind::show_gtid, "@@weir_gtid"}},
        {"select @@session.WEIR_GTID as token;", {kind::show_gtid, "token"}},
        {"SELECT @@weir_gtid token", {kind::show_gtid, "token"}},
        {"SET weir_gtid = '0-1-7'", {kind::set_gtid, "0-1-7"}},
        {"SET SESSION weir_gtid=''", {kind::set_gtid, ""}},
    };
    for (const row& each : rows) {
        SCOPED_TRACE(each.text);
        EXPECT_EQ(parse_own_statement(each.text, mysql_97()), each.expected);
    }
}

TEST(own_statement, leaves_to_the_server_what_a_server_understands) {
    for (const std::string_view text :
         {"",
          "EXPLAIN SELECT 1",
          "EXPLAIN ROUTE",
          "EXPLAIN route;",
          "EXPLAIN route stop_name",
          "EXPLAIN route 'stop%'",
          "EXPLAIN route.stops",
          "EXPLAIN `route` SELECT",
          "DESCRIBE route",
          "SHOW TABLES",
          "SHOW `WEIR`",
          "SHOW FULL WEIR PINS",
          "SHOW FULL TABLES",
          "SHOW PROCESSLIST LIKE 'a'",
          "SET @weir_trace = 1",
          "SET GLOBAL weir_trace = 1",
          "SET @@global.weir_trace = 1",
          "SET weir_trace = 1, autocommit = 0",
          "SET weir_trace = 1 + 1",
          "SET weir_trac = 1",
          "SELECT @@weir_gtid, 1",
          "SELECT @@global.weir_gtid",
          "SELECT @weir_gtid",
          "SELECT 'EXPLAIN ROUTE SELECT 1'"}) {
        SCOPED_TRACE(text);
        EXPECT_EQ(parse_own_statement(text, mysql_97()), std::nullopt);
    }
}

TEST(count_parameters, counts_what_a_client_will_bind) {
    EXPECT_EQ(
        count_parameters("EXPLAIN ROUTE SELECT ?, '?' /* ? */ FROM t WHERE a=?", mysql_97()), 2U
    );
    EXPECT_EQ(count_parameters("SHOW WEIR PINS", mysql_97()), 0U);
}

}  // namespace
}  // namespace weir::splitter::testing
