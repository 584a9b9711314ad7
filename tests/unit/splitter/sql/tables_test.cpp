// The tables that the classifier looks words up in.

#include "splitter/sql/builtin_functions.hpp"
#include "splitter/sql/keyword_table.hpp"
#include "splitter/sql/multibyte.hpp"
#include "splitter/sql/system_objects.hpp"
#include "splitter/sql/word.hpp"
#include "splitter/sql/word_index.hpp"

#include "tests/unit/splitter/sql/statement_row.hpp"

#include <gtest/gtest.h>

#include <array>
#include <string>

namespace weir::splitter::testing {
namespace {

TEST(word, compares_without_regard_to_ascii_case) {
    EXPECT_TRUE(same_word("SeLeCt", "select"));
    EXPECT_FALSE(same_word("select", "selec"));
    EXPECT_FALSE(same_word("[", "{"));
    EXPECT_FALSE(same_word("@", "`"));
    EXPECT_EQ(word_hash("SELECT"), word_hash("select"));
    EXPECT_EQ(word_hash("a_B1"), word_hash("A_b1"));
}

struct indexed_word {
    std::string_view text;
};

TEST(word_index, finds_every_entry_and_nothing_else) {
    constexpr std::array<indexed_word, 4> entries{{{"a"}, {"ab"}, {"abc"}, {"x_1"}}};
    constexpr word_index<8> index{entries};
    for (std::size_t i = 0; i < entries.size(); ++i) {
        EXPECT_EQ(index.find(entries[i].text, entries), i);
    }
    EXPECT_EQ(index.find("ABC", entries), 2);
    EXPECT_EQ(index.find("b", entries), word_index<8>::npos);
    EXPECT_EQ(index.find("", entries), word_index<8>::npos);
}

TEST(keyword_table, knows_words_in_any_case) {
    ASSERT_NE(find_keyword("SELECT"), nullptr);
    EXPECT_EQ(find_keyword("SeLeCt")->id, keyword::select);
    EXPECT_EQ(find_keyword("into")->what, keyword_class::not_in_query);
    EXPECT_EQ(find_keyword("between")->what, keyword_class::query);
    EXPECT_EQ(find_keyword("any")->what, keyword_class::modifier);
    EXPECT_EQ(find_keyword("begin")->what, keyword_class::plain);
    EXPECT_EQ(find_keyword("customer"), nullptr);
    EXPECT_EQ(find_keyword(std::string(1000, 'a')), nullptr);
}

TEST(keyword_table, holds_every_word_that_may_stand_before_an_expression) {
    for (const std::string_view word :
         {"select",
          "distinct",
          "all",
          "where",
          "having",
          "on",
          "by",
          "and",
          "or",
          "xor",
          "not",
          "between",
          "in",
          "like",
          "rlike",
          "regexp",
          "escape",
          "div",
          "mod",
          "case",
          "when",
          "then",
          "else",
          "interval",
          "binary",
          "limit",
          "offset",
          "from",
          "for",
          "to",
          "of",
          "leading",
          "trailing",
          "both",
          "exists",
          "any",
          "some",
          "row",
          "rows",
          "values",
          "union",
          "except",
          "intersect",
          "timestamp",
          "transaction",
          "straight_join",
          "separator",
          "sql_no_cache",
          "sql_cache",
          "sql_buffer_result",
          "sql_calc_found_rows",
          "using",
          "qualify",
          "returning",
          "is",
          "as",
          "over",
          "range",
          "set",
          "default",
          "recursive"}) {
        EXPECT_NE(find_keyword(word), nullptr) << word;
    }
}

function_effect effect(std::string_view name, const lexer_options& options) {
    return effect_of_function(name, call_form::adjacent, options);
}

TEST(builtin_functions, differ_by_effect) {
    const lexer_options mysql = mysql_97();
    EXPECT_EQ(effect("concat", mysql), function_effect::pure);
    EXPECT_EQ(effect("CONCAT", mysql), function_effect::pure);
    EXPECT_EQ(effect("my_function", mysql), function_effect::unproven);
    EXPECT_EQ(effect("get_lock", mysql), function_effect::takes_lock);
    EXPECT_EQ(effect("last_insert_id", mysql), function_effect::reads_previous);
    EXPECT_EQ(effect("found_rows", mysql), function_effect::reads_diagnostics);
    EXPECT_EQ(effect("connection_id", mysql), function_effect::server_local);
    EXPECT_EQ(effect("nextval", mariadb_1011()), function_effect::writes);
    EXPECT_EQ(effect("nextval", mysql), function_effect::unproven);
}

TEST(builtin_functions, differ_by_family_and_version) {
    EXPECT_EQ(effect("uuid_to_bin", mysql_57()), function_effect::unproven);
    EXPECT_EQ(effect("uuid_to_bin", mysql_84()), function_effect::pure);
    EXPECT_EQ(effect("to_vector", mysql_84()), function_effect::unproven);
    EXPECT_EQ(effect("to_vector", mysql_97()), function_effect::pure);
    EXPECT_EQ(effect("password", mysql_57()), function_effect::pure);
    EXPECT_EQ(effect("password", mysql_84()), function_effect::unproven);
    EXPECT_EQ(effect("sys_guid", mysql_97()), function_effect::unproven);
    EXPECT_EQ(effect("sys_guid", mariadb_1011()), function_effect::pure);
    EXPECT_EQ(effect("vec_distance", mariadb_1011()), function_effect::unproven);
    lexer_options unversioned = mysql_97();
    unversioned.server_version = 0;
    EXPECT_EQ(effect("rank", unversioned), function_effect::unproven);
    EXPECT_EQ(effect("abs", unversioned), function_effect::pure);
}

TEST(multibyte, knows_the_client_character_sets) {
    EXPECT_EQ(multibyte_of("utf8mb4"), multibyte_kind::utf8);
    EXPECT_EQ(multibyte_of("UTF8"), multibyte_kind::utf8);
    EXPECT_EQ(multibyte_of("latin1"), multibyte_kind::single_byte);
    EXPECT_EQ(multibyte_of("binary"), multibyte_kind::single_byte);
    EXPECT_EQ(multibyte_of("cp932"), multibyte_kind::sjis);
    EXPECT_EQ(multibyte_of("euckr"), multibyte_kind::high_trail);
    EXPECT_EQ(multibyte_of("ucs2"), multibyte_kind::unknown);
    EXPECT_EQ(multibyte_of(""), multibyte_kind::unknown);
}

TEST(multibyte, measures_characters) {
    EXPECT_EQ(character_length(multibyte_kind::utf8, "a"), 1U);
    EXPECT_EQ(character_length(multibyte_kind::utf8, "\xC3\xA9"), 2U);
    EXPECT_EQ(character_length(multibyte_kind::utf8, "\xE5\x90\x8D"), 3U);
    EXPECT_EQ(character_length(multibyte_kind::utf8, "\xF0\x9F\x98\x80"), 4U);
    EXPECT_EQ(character_length(multibyte_kind::utf8, "\xC3"), 0U);
    EXPECT_EQ(character_length(multibyte_kind::utf8, "\xC3'"), 0U);
    EXPECT_EQ(character_length(multibyte_kind::gbk, "\xBF\x5C"), 2U);
    EXPECT_EQ(character_length(multibyte_kind::gbk, "\xBF'"), 0U);
    EXPECT_EQ(character_length(multibyte_kind::big5, "\xA1\x5C"), 2U);
    EXPECT_EQ(character_length(multibyte_kind::big5, "\x81\x5C"), 0U);
    EXPECT_EQ(character_length(multibyte_kind::sjis, "\x95\x5C"), 2U);
    EXPECT_EQ(character_length(multibyte_kind::sjis, "\xB1\x5C"), 1U);
    EXPECT_EQ(character_length(multibyte_kind::gb18030, "\x81\x30\x81\x30"), 4U);
    EXPECT_EQ(character_length(multibyte_kind::gb18030, "\x81\x30\x81"), 0U);
    EXPECT_EQ(character_length(multibyte_kind::single_byte, "\xFF"), 1U);
    EXPECT_EQ(character_length(multibyte_kind::unknown, "\xFF"), 0U);
}

TEST(system_objects, know_the_schemas_of_one_server) {
    EXPECT_TRUE(is_system_schema("mysql"));
    EXPECT_TRUE(is_system_schema("PERFORMANCE_SCHEMA"));
    EXPECT_TRUE(is_system_schema("information_schema"));
    EXPECT_FALSE(is_system_schema("shop"));
    EXPECT_EQ(home_of_table("shop", "innodb_trx"), table_home::replicated);
    EXPECT_EQ(home_of_table("sys", "x"), table_home::one_server);
    EXPECT_EQ(home_of_table("information_schema", "COLUMNS"), table_home::replicated);
    EXPECT_EQ(home_of_table("information_schema", "TABLES"), table_home::one_server);
    EXPECT_EQ(home_of_table("information_schema", "PROCESSLIST"), table_home::one_server);
}

TEST(system_objects, know_what_variables_mean) {
    EXPECT_EQ(meaning_of_variable("@@hostname"), variable_meaning::identity);
    EXPECT_EQ(meaning_of_variable("@@GLOBAL.Version_Comment"), variable_meaning::identity);
    EXPECT_EQ(meaning_of_variable("@@`port`"), variable_meaning::identity);
    EXPECT_EQ(meaning_of_variable("@@session.warning_count"), variable_meaning::reads_diagnostics);
    EXPECT_EQ(meaning_of_variable("@@identity"), variable_meaning::reads_previous);
    EXPECT_EQ(meaning_of_variable("@@sql_mode"), variable_meaning::one_server);
    EXPECT_EQ(meaning_of_variable("@@v"), variable_meaning::one_server);
    EXPECT_TRUE(is_bound_to_connection("INSERT_ID"));
    EXPECT_FALSE(is_bound_to_connection("sql_mode"));
}

}  // namespace
}  // namespace weir::splitter::testing
