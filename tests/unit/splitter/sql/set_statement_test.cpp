#include "splitter/sql/set_statement.hpp"

#include "tests/unit/splitter/sql/statement_row.hpp"

#include <gtest/gtest.h>

#include <string>

namespace weir::splitter::testing {
namespace {

std::string assignment_in_words(const set_assignment& assignment) {
    const auto target = [](set_target what) -> std::string {
        switch (what) {
            case set_target::session_variable: return "session";
            case set_target::unscoped_system_variable: return "@@";
            case set_target::global_variable: return "global";
            case set_target::persisted_variable: return "persist";
            case set_target::user_variable: return "@";
            case set_target::names: return "names";
            case set_target::character_set: return "charset";
        }
        return "";
    };
    const auto kind = [](set_value_kind what) -> std::string {
        switch (what) {
            case set_value_kind::number: return "number";
            case set_value_kind::string: return "string";
            case set_value_kind::word: return "word";
            case set_value_kind::expression: return "expression";
        }
        return "";
    };
    std::string words = target(assignment.target) + ' ' + std::string{assignment.name} + '=' +
                        std::string{assignment.value} + ' ' + kind(assignment.value_kind);
    if (!assignment.collation.empty()) words += " collate " + std::string{assignment.collation};
    return words;
}

std::string parsed(std::string_view text) {
    const set_statement statement = parse_set(text, mysql_97());
    if (!statement.understood()) {
        return statement.assignments().empty() ? "not understood" : "assignments left over";
    }
    std::string result;
    for (const set_assignment& assignment : statement.assignments()) {
        if (!result.empty()) result += "; ";
        result += assignment_in_words(assignment);
    }
    return result;
}

TEST(set_statement, reads_assignments) {
    struct row {
        std::string_view text;
        std::string_view expected;
    };

    for (const row& r : {
             row{"SET a=1", "session a=1 number"},
             row{" /* x */ set a := -1;", "session a=-1 number"},
             row{"SET SESSION a='x', b=ON", "not understood"},
             row{"SET a='x', b=ON, c=DEFAULT",
                 "session a='x' string; session b=ON word; session c=DEFAULT word"},
             row{"SET SESSION a=1, SESSION b=2", "session a=1 number; session b=2 number"},
             row{"SET LOCAL a=1, GLOBAL b=2", "session a=1 number; global b=2 number"},
             row{"SET GLOBAL a=1", "global a=1 number"},
             row{"SET PERSIST a=1, PERSIST_ONLY b=2", "persist a=1 number; persist b=2 number"},
             row{"SET @@a=1", "@@ a=1 number"},
             row{"SET @@session.a=1, @@LOCAL.b=2", "session a=1 number; session b=2 number"},
             row{"SET @@global.a=1, @@persist.b=2", "global a=1 number; persist b=2 number"},
             row{"SET @@hot.key_buffer_size=1", "@@ hot.key_buffer_size=1 number"},
             row{"SET hot.key_buffer_size=1", "session hot.key_buffer_size=1 number"},
             row{"SET `a`=1, @@`b`=2", "session a=1 number; @@ b=2 number"},
             row{"SET @a=1, @'b c'=2", "@ a=1 number; @ b c=2 number"},
             row{"SET a=CONCAT(@@a, ',X'), b=2",
                 "session a=CONCAT(@@a, ',X') expression; session b=2 number"},
             row{"SET a=(SELECT 1, 2)", "session a=(SELECT 1, 2) expression"},
             row{"SET a='x' 'y'", "session a='x' 'y' expression"},
             row{"SET a=@@b", "session a=@@b expression"},
             row{"SET a=?", "session a=? expression"},
             row{"SET NAMES utf8mb4", "names =utf8mb4 word"},
             row{"SET NAMES 'utf8mb4' COLLATE utf8mb4_bin",
                 "names ='utf8mb4' string collate utf8mb4_bin"},
             row{"SET NAMES DEFAULT, a=1", "names =DEFAULT word; session a=1 number"},
             row{"SET CHARACTER SET 'utf8'", "charset ='utf8' string"},
             row{"SET CHARSET binary", "charset =binary word"},
             row{"SET names=1", "session names=1 number"},
             row{"SET autocommit=0; SELECT 1", "session autocommit=0 number"},
         }) {
        EXPECT_EQ(parsed(r.text), r.expected) << r.text;
    }
}

TEST(set_statement, refuses_other_forms) {
    for (const std::string_view text :
         {"",
          "SELECT 1",
          "SET",
          "SET a",
          "SET a=",
          "SET a=1,",
          "SET =1",
          "SET a=1)",
          "SET a=(1",
          "SET a='x",
          "SET TRANSACTION READ ONLY",
          "SET SESSION TRANSACTION READ ONLY",
          "SET GLOBAL TRANSACTION READ ONLY",
          "SET PASSWORD='x'",
          "SET PASSWORD FOR u='x'",
          "SET ROLE r",
          "SET DEFAULT ROLE r TO u",
          "SET RESOURCE GROUP g",
          "SET STATEMENT a=1 FOR SELECT 1",
          "SET NAMES",

          "SET CHARACTER utf8",
          "SET `a``b`=1",
          "SET @a",
          "SET @@a",
          "SET GLOBAL a=1, b=2",
          "SET NAMES utf8 COLLATE"}) {
        EXPECT_EQ(parsed(text), "not understood") << text;
    }
}

TEST(set_statement, holds_no_more_than_its_limit) {
    std::string text = "SET a=1";
    for (std::size_t i = 1; i < set_statement::assignments_max; ++i)
        text += ", a=1";
    const set_statement full = parse_set(text, mysql_97());
    EXPECT_EQ(full.assignments().size(), set_statement::assignments_max);
    EXPECT_FALSE(parse_set(text + ", a=1", mysql_97()).understood());
}

TEST(set_statement, takes_quotes_off) {
    lexer_options options = mysql_97();
    EXPECT_EQ(unquoted("abc", options), "abc");
    EXPECT_EQ(unquoted("'abc'", options), "abc");
    EXPECT_EQ(unquoted("'it''s'", options), "it's");
    EXPECT_EQ(unquoted(R"('a\'b\n\0\x')", options), std::string("a'b\n\0x", 6));
    EXPECT_EQ(unquoted(R"("a""b")", options), "a\"b");
    EXPECT_EQ(unquoted("`a``b`", options), "a`b");
    EXPECT_EQ(unquoted(R"(`a\b`)", options), R"(a\b)");
    EXPECT_EQ(unquoted("''", options), "");
    EXPECT_EQ(unquoted("'", options), "'");
    options.no_backslash_escapes = true;
    EXPECT_EQ(unquoted(R"('a\n')", options), R"(a\n)");
    options.no_backslash_escapes = false;
    options.charset = multibyte_kind::gbk;
    EXPECT_EQ(unquoted("'\xBF\\'", options), "\xBF\\");
}

}  // namespace
}  // namespace weir::splitter::testing
