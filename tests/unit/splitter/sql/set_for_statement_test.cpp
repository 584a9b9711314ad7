#include "splitter/sql/set_for_statement.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace weir::splitter {
namespace {

using names = std::vector<std::string>;

lexer_options mariadb_options() {
    lexer_options options;
    options.flavor = protocol::mysql::server_flavor::mariadb;
    options.server_version = 101100;
    return options;
}

TEST(parse_set_for_statement, names_what_is_set_and_finds_the_statement) {
    const auto one = parse_set_for_statement(
        "SET STATEMENT `Time_Zone` = '+01:00' FOR SELECT 1", mariadb_options()
    );
    ASSERT_TRUE(one);
    EXPECT_EQ(one->names, names{"time_zone"});
    EXPECT_EQ(one->statement, " SELECT 1");
    const auto two = parse_set_for_statement(
        "/* x */ set statement a=CONCAT('x', 'y'), b=(SELECT 1 FOR UPDATE) for SET c=1",
        mariadb_options()
    );
    ASSERT_TRUE(two);
    EXPECT_EQ(two->names, (names{"a", "b"}));
    EXPECT_EQ(two->statement, " SET c=1");
}

TEST(parse_set_for_statement, finds_nothing_in_other_texts) {
    for (const auto* const sql : {"SET a=1", "SELECT 1", "", "SET STATEMENT a=1", "SET"})
        EXPECT_FALSE(parse_set_for_statement(sql, mariadb_options())) << sql;
}

TEST(variables_set_by, names_them_whatever_the_form) {
    const struct {
        std::string_view sql;
        names expected;
    } rows[] = {
        {"SET A=1, @b=2, @@session.c := 3", {"a", "c"}},
        {"SET STATEMENT a=1 FOR SET b=2", {"b", "a"}},
        {"SET NAMES latin1",
         {"character_set_client",
          "character_set_connection",
          "character_set_results",
          "collation_connection"}},
        {"SELECT 1", {}},
    };

    for (const auto& row : rows)
        EXPECT_EQ(variables_set_by(row.sql, mariadb_options()), row.expected) << row.sql;
}

}  // namespace
}  // namespace weir::splitter
