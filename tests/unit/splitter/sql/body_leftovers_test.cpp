#include "splitter/sql/body_leftovers.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace weir::splitter {
namespace {

void append(std::string& words, std::string_view word) {
    if (!words.empty()) words += ", ";
    words += word;
}

/// "variables, locks, other text, keeps d.x, passes d.y, calls d.p"
std::string leftovers_in_words(const body_leftovers& left) {
    std::string words;
    if (left.user_variables) append(words, "variables");
    if (left.named_locks) append(words, "locks");
    if (left.other_text) append(words, "other text");
    for (const auto& [schema, name] : left.temporary_tables)
        append(words, "keeps " + schema + "." + name);
    for (const auto& [schema, name] : left.passing_tables)
        append(words, "passes " + schema + "." + name);
    for (const auto& [schema, name] : left.procedures)
        append(words, "calls " + schema + "." + name);
    return words;
}

TEST(body_leftovers, are_what_a_body_may_leave_on_its_connection) {
    constexpr struct {
        std::string_view body;
        std::string_view expected;
    } rows[]{
        {"INSERT INTO t (a, b) VALUES (1, @a)", ""},
        {"BEGIN DECLARE a INT; SET a = @x + 1; SELECT COUNT(*) INTO a FROM t WHERE b = @y; END",
         ""},
        {"SET @a = 1", "variables"},
        {"SELECT 1, 2 INTO @a, @b", "variables"},
        {"SELECT @a := 1", "variables"},
        {"BEGIN SELECT 1 INTO a; IF @b THEN SET a = @b + 1; END IF; END", ""},
        {"RETURN GET_LOCK('a', 1)", "locks"},
        {"BEGIN PREPARE s FROM 'SELECT 1'; EXECUTE s; END", "other text"},
        {"BEGIN CALL q(1); CALL e.r; END", "calls d.q, calls e.r"},
        {"CREATE TEMPORARY TABLE x (a INT)", "keeps d.x"},
        {"CREATE TABLE x (a INT)", ""},
        {"BEGIN CREATE TEMPORARY TABLE IF NOT EXISTS E.`X` (a INT); END", "keeps e.x"},
        {"BEGIN CREATE TEMPORARY TABLE x SELECT 1; DROP TEMPORARY TABLE x; END", "passes d.x"},
        {"all_of: BEGIN CREATE TEMPORARY TABLE x SELECT 1; WHILE a DO SET a = 0; END WHILE; DROP "
         "TABLE IF EXISTS y, x; END",
         "passes d.x"},
        {"BEGIN CREATE TEMPORARY TABLE x SELECT 1; IF a THEN DROP TABLE x; END IF; END",
         "keeps d.x"},
        {"BEGIN DROP TEMPORARY TABLE IF EXISTS x; CREATE TEMPORARY TABLE x SELECT 1; END",
         "keeps d.x"},
        {"p: BEGIN CREATE TEMPORARY TABLE x SELECT 1; IF a THEN LEAVE p; END IF; DROP TABLE x; END",
         "keeps d.x"},
        {"BEGIN DECLARE EXIT HANDLER FOR SQLEXCEPTION BEGIN END; CREATE TEMPORARY TABLE x SELECT "
         "1; "
         "DROP TABLE x; END",
         "keeps d.x"},
    };

    const lexer_options options{.server_version = 90700};
    for (const auto& [body, expected] : rows)
        EXPECT_EQ(leftovers_in_words(leftovers_of(body, "d", options)), expected) << body;
}

}  // namespace
}  // namespace weir::splitter
