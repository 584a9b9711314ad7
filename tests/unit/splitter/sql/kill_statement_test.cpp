#include "splitter/sql/kill_statement.hpp"

#include "tests/unit/splitter/sql/statement_row.hpp"

#include <gtest/gtest.h>

namespace weir::splitter::testing {
namespace {

using scope = kill_statement::scope;
using force = kill_statement::force;

TEST(kill_statement, names_a_connection_by_its_number) {
    struct row {
        std::string_view text;
        kill_statement expected;
    };

    const std::vector<row> rows{
        {"KILL 12", {12, scope::connection, force::unsaid}},
        {"kill connection 12", {12, scope::connection, force::unsaid}},
        {"KILL QUERY 12", {12, scope::query, force::unsaid}},
        {"KILL /*!50001 QUERY */ 12", {12, scope::query, force::unsaid}},
        {"KILL 12;", {12, scope::connection, force::unsaid}},
        {"KILL 12 ; -- over", {12, scope::connection, force::unsaid}},
        {"/* a tool */ KILL /* it */ QUERY\n12 # now", {12, scope::query, force::unsaid}},
        {"KILL HARD 12", {12, scope::connection, force::hard}},
        {"KILL SOFT QUERY 12", {12, scope::query, force::soft}},
        {"KILL 4294967295", {4294967295U, scope::connection, force::unsaid}},
    };
    for (const row& each : rows) {
        SCOPED_TRACE(each.text);
        EXPECT_EQ(parse_kill(each.text, mysql_97()), each.expected);
    }
}

TEST(kill_statement, has_the_number_that_its_parameter_stands_for) {
    EXPECT_EQ(
        parse_kill("KILL QUERY ?", mysql_97(), 12),
        (kill_statement{12, scope::query, force::unsaid})
    );
    EXPECT_FALSE(parse_kill("KILL QUERY 7 + ?", mysql_97(), 12));
    EXPECT_FALSE(parse_kill("KILL ? ?", mysql_97(), 12));
}

TEST(kill_statement, is_nothing_else) {
    for (const std::string_view text :
         {"",
          "SELECT 12",
          "KILL",
          "KILL QUERY",
          "KILL QUERY ID 12",
          "KILL USER app",
          "KILL QUERY USER app",
          "KILL CONNECTION_ID()",
          "KILL @id",
          "KILL ?",
          "KILL -12",
          "KILL 12.0",
          "KILL 1e3",
          "KILL 0x0C",
          "KILL 12 + 1",
          "KILL 4294967296",
          "KILL '12'",
          "KILL 12; SELECT 1",
          "KILL 12;;",
          "KILL 12; KILL 13",
          "`KILL` 12",
          "KILL 12 /*"}) {
        EXPECT_FALSE(parse_kill(text, mysql_97())) << text;
    }
}

TEST(kill_statement, is_written_for_another_number) {
    EXPECT_EQ(kill_text({1, scope::connection, force::unsaid}, 7), "KILL CONNECTION 7");
    EXPECT_EQ(kill_text({1, scope::query, force::unsaid}, 7), "KILL QUERY 7");
    EXPECT_EQ(kill_text({1, scope::query, force::soft}, 7), "KILL SOFT QUERY 7");
    EXPECT_EQ(kill_text({1, scope::connection, force::hard}, 7), "KILL HARD CONNECTION 7");
}

}  // namespace
}  // namespace weir::splitter::testing
