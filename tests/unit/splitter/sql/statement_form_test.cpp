#include "splitter/sql/statement_form.hpp"

#include "tests/unit/splitter/sql/statement_row.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace weir::splitter::testing {
namespace {

/// The marked text, readable: whole numbers as #, broken ones as %, strings as $; "-" if the text
/// has no form.
std::string form_in_words(std::string_view text, const lexer_options& options = mysql_97()) {
    const statement_form form({text, options, {}});
    if (!form.exists()) return "-";
    std::string words;
    for (const char c : form.marked_text()) {
        switch (c) {
            case statement_form::whole_number: words += '#'; break;
            case statement_form::broken_number: words += '%'; break;
            case statement_form::any_string: words += '$'; break;
            default: words += c;
        }
    }
    return words;
}

struct form_row {
    std::string_view sql;
    std::string_view form;
};

void expect_forms(std::initializer_list<form_row> rows) {
    for (const form_row& row : rows)
        EXPECT_EQ(form_in_words(row.sql), row.form) << row.sql;
}

TEST(statement_form, marks_plain_literals) {
    expect_forms({
        {"SELECT c FROM t WHERE id=42", "SELECT c FROM t WHERE id=#"},
        {"SELECT 1, -2,+3 , 4.5, 6.", "SELECT #, -#,+# , %, %"},
        {"INSERT INTO t VALUES (1,'a b',NULL),(2,'',7)", "INSERT INTO t VALUES (#,$,NULL),(#,$,#)"},
        {"SELECT\t'a'\r\n'b' FROM `t 1`", "SELECT\t$\r\n$ FROM `t 1`"},
        {"SELECT 'a -- b /* c */ \" ` ;' FROM t", "SELECT $ FROM t"},
        {"SELECT * FROM t LIMIT 10,20", "SELECT * FROM t LIMIT #,#"},
        {"SELECT a/2, 3-4, a%5 FROM t WHERE b=? AND c={d '2020-01-01'}",
         "SELECT a/#, #-#, a%# FROM t WHERE b=? AND c={d $}"},
        {"5", "#"},
        {"'a'", "$"},
    });
}

TEST(statement_form, keeps_digits_of_anything_else) {
    expect_forms({
        {"SELECT t1.c2, t.3, a$4 FROM t1", "SELECT t1.c2, t.3, a$4 FROM t1"},
        {"SELECT 0x41, 0b1, 1e5, 2a, 1.5e3, 1.FOR", "SELECT 0x41, 0b1, 1e5, 2a, 1.5e3, 1.FOR"},
        {"SELECT .5, 1..5, @1, @a.2, @@x.y3", "SELECT .5, 1..5, @1, @a.2, @@x.y3"},
        {"SELECT `1`, `a``2`, @`3`", "SELECT `1`, `a``2`, @`3`"},
    });
}

TEST(statement_form, has_none_where_a_lexer_is_needed) {
    for (const std::string_view sql :
         {"",
          "SELECT 1;",
          "SELECT 1 # a",
          "SELECT 1 -- a",
          "SELECT 1--1",
          "SELECT /* a */ 1",
          "SELECT /*!50000 1 */",
          "SELECT \"a\"",
          "SELECT 'a\\'b'",
          "SELECT 'a''b'",
          "SELECT 'a",
          "SELECT '",
          "SELECT `a",
          "SELECT `",
          "SELECT x'41'",
          "SELECT N'a'",
          "SELECT _utf8'a'",
          "SELECT 1'a'",
          "SELECT @'a'",
          "SELECT a@'b'",
          "SELECT \\N",
          "SELECT \xC3\xA4",
          "SELECT `\xC3\xA4`",
          "SELECT \x01"
          "1",
          "SELECT\v1",
          "SELECT\x7F"})
        EXPECT_EQ(form_in_words(sql), "-") << sql;
    EXPECT_EQ(form_in_words(std::string_view("SELECT \0", 8)), "-");
    EXPECT_EQ(form_in_words(std::string_view("SELECT `\0`", 10)), "-");
}

TEST(statement_form, has_none_beyond_its_length) {
    std::string text = "SELECT ";
    text.resize(statement_form::longest_text, 'a');
    EXPECT_EQ(form_in_words(text), text);
    EXPECT_EQ(form_in_words(text + "a"), "-");
    EXPECT_FALSE(statement_form({"SELECT 1", mysql_97(), std::string(257, 'a')}).exists());
    EXPECT_TRUE(statement_form({"SELECT 1", mysql_97(), std::string(256, 'a')}).exists());
}

TEST(statement_form, takes_any_character_in_strings_of_utf8_alone) {
    auto options = mysql_97();
    EXPECT_EQ(form_in_words("SELECT '\xC3\xA4'", options), "SELECT $");
    for (const auto charset :
         {multibyte_kind::single_byte, multibyte_kind::sjis, multibyte_kind::unknown}) {
        options.charset = charset;
        EXPECT_EQ(form_in_words("SELECT '\xC3\xA4'", options), "-");
        EXPECT_EQ(form_in_words("SELECT 'a'", options), "SELECT $");
    }
}

/// All that the reading depends on, besides the text.
TEST(statement_form, differs_by_what_the_reading_depends_on) {
    constexpr std::string_view text = "SELECT 1";
    const auto plain = mysql_97();
    const statement_form form({text, plain, "s", 1});
    EXPECT_EQ(statement_form({"SELECT 2", plain, "s", 1}).bytes(), form.bytes());
    EXPECT_NE(statement_form({text, plain, "s", 2}).bytes(), form.bytes());
    EXPECT_NE(statement_form({text, plain, "t", 1}).bytes(), form.bytes());
    EXPECT_NE(statement_form({text, plain, "", 1}).bytes(), form.bytes());
    std::vector<lexer_options> others(6, plain);
    others[0].ansi_quotes = true;
    others[1].no_backslash_escapes = true;
    others[2].ignore_space = true;
    others[3].charset = multibyte_kind::gbk;
    others[4].flavor = protocol::mysql::server_flavor::mariadb;
    others[5].server_version = 80400;
    for (const lexer_options& options : others)
        EXPECT_NE(statement_form({text, options, "s", 1}).bytes(), form.bytes());
}

}  // namespace
}  // namespace weir::splitter::testing
