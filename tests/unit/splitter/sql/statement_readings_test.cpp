#include "splitter/sql/statement_readings.hpp"

#include "tests/unit/splitter/sql/statement_row.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace weir::splitter::testing {
namespace {

/// Reads `text` as sessions do. True: it was known.
bool read_with(statement_readings& readings, std::string_view text) {
    const lexer_options options = mysql_97();
    const statement_form form({text, options, "s", 1});
    if (const auto* const known = readings.find(form)) {
        EXPECT_TRUE(known->traits == classify(text, options)) << text;
        EXPECT_EQ(known->digest, digest_of(text, options)) << text;
        return true;
    }
    readings.keep(form, {classify(text, options), digest_of(text, options)});
    return false;
}

TEST(statement_readings, knows_a_form_that_has_come_twice) {
    statement_readings readings{16};
    EXPECT_FALSE(read_with(readings, "SELECT c FROM t WHERE id=1"));
    EXPECT_FALSE(read_with(readings, "SELECT c FROM t WHERE id=2"));
    EXPECT_TRUE(read_with(readings, "SELECT c FROM t WHERE id=3"));
    EXPECT_TRUE(read_with(readings, "SELECT c FROM t WHERE id=4444444"));
    EXPECT_FALSE(read_with(readings, "SELECT c FROM t WHERE id='5'"));
    EXPECT_FALSE(read_with(readings, "SELECT C FROM t WHERE id=6"));
}

TEST(statement_readings, keeps_only_what_means_the_same_with_other_literals) {
    constexpr std::string_view kept[] = {
        "INSERT INTO t VALUES (1,'a')",
        "UPDATE t SET a=1 WHERE b='c'",
        "DELETE FROM t WHERE a=1",
        "REPLACE INTO t VALUES (1)",
        "SELECT GET_LOCK('a', 1)",
        "SELECT LAST_INSERT_ID()",
        "(SELECT 1)",
    };
    constexpr std::string_view not_kept[] = {
        "SET a=1",
        "KILL 5",
        "PREPARE s FROM 'SELECT 1'",
        "CALL p(1)",
        "SHOW WARNINGS LIMIT 1",
        "BEGIN",
        "XA START 'a'",
        "LOAD DATA INFILE 'a' INTO TABLE t",
    };
    statement_readings readings{1024};
    for (const std::string_view sql : kept) {
        read_with(readings, sql);
        read_with(readings, sql);
        EXPECT_TRUE(read_with(readings, sql)) << sql;
    }
    for (const std::string_view sql : not_kept) {
        read_with(readings, sql);
        read_with(readings, sql);
        EXPECT_FALSE(read_with(readings, sql)) << sql;
    }
}

/// In a table with one place, for two forms.
TEST(statement_readings, gives_the_older_one_up) {
    statement_readings readings{2};
    for (const std::string_view sql : {"SELECT a", "SELECT a", "SELECT b", "SELECT b"})
        EXPECT_FALSE(read_with(readings, sql));
    EXPECT_TRUE(read_with(readings, "SELECT a"));
    EXPECT_TRUE(read_with(readings, "SELECT b"));
    // What comes once pushes nothing out.
    for (const std::string_view sql : {"SELECT c", "SELECT d", "SELECT e"})
        EXPECT_FALSE(read_with(readings, sql));
    EXPECT_TRUE(read_with(readings, "SELECT a"));
    EXPECT_FALSE(read_with(readings, "SELECT e"));
    EXPECT_TRUE(read_with(readings, "SELECT e"));
    EXPECT_TRUE(read_with(readings, "SELECT b"));
    EXPECT_FALSE(read_with(readings, "SELECT a"));
}

TEST(statement_readings, keeps_nothing_without_room) {
    statement_readings readings{0};
    for (int i = 0; i < 4; ++i)
        EXPECT_FALSE(read_with(readings, "SELECT 1"));
}

TEST(statement_readings, knows_nothing_of_what_has_no_form) {
    statement_readings readings{16};
    for (int i = 0; i < 4; ++i)
        EXPECT_FALSE(read_with(readings, "SELECT 1;"));
}

}  // namespace
}  // namespace weir::splitter::testing
