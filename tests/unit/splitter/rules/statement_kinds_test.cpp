#include "splitter/rules/statement_kinds.hpp"

#include "config/loader/rule_keys.hpp"
#include "splitter/sql/classifier.hpp"

#include "tests/unit/splitter/rules/rule_support.hpp"

#include <gtest/gtest.h>

namespace weir::splitter {
namespace {

TEST(statement_kinds, are_told_from_what_a_statement_does) {
    struct row {
        std::string_view text;
        std::string_view expected;
    };

    constexpr row rows[]{
        {"", "none"},
        {"-- nothing", "none"},
        {"SELECT 1", "read"},
        {"SHOW WARNINGS", "read"},
        {"SELECT 1; SELECT 2", "read, several"},
        {"SELECT * FROM t FOR UPDATE", "write"},
        {"SELECT own_function()", "write"},
        {"nonsense", "write"},
        {"INSERT INTO t VALUES (1)", "write"},
        {"DELETE FROM t", "write"},
        {"create table t (a INT)", "write, ddl"},
        {"/* c */ ALTER TABLE t ADD b INT", "write, ddl"},
        {"/*!50000 DROP */ TABLE t", "write, ddl"},
        {"; TRUNCATE t", "write, ddl"},
        {"RENAME TABLE t TO u", "write, ddl"},
        {"DROP TEMPORARY TABLE t", "write, ddl"},
        {"`create` table", "write"},
        {"CALL p()", "write, call"},
        {"BEGIN", "begin"},
        {"START TRANSACTION READ ONLY", "begin"},
        {"COMMIT", "end"},
        {"ROLLBACK", "end"},
        {"SET a = 1", "set"},
        {"SET TRANSACTION READ ONLY", "set"},
        {"USE d", "use"},
        {"SELECT 1; DROP TABLE t", "write, ddl, several"},
        {"SELECT ';'; SELECT 1;; CALL p() ;", "write, call, several"},
        {"INSERT INTO t VALUES ('; DROP TABLE t')", "write"},
    };
    const lexer_options options = reading_mysql();
    for (const row& each : rows) {
        const statement_traits traits = classify(each.text, options);
        statement_kinds kinds = kinds_of(traits);
        kinds.add(kinds_of_words(each.text, traits, options));
        EXPECT_EQ(to_string(kinds), each.expected) << each.text;
    }
}

TEST(statement_kinds, are_named_as_in_the_configuration) {
    for (const auto& word : config::statement_kind_words)
        EXPECT_EQ(to_string({word.value}), word.text);
    EXPECT_EQ(config::statement_kind_words.size(), statement_kinds::count);
}

}  // namespace
}  // namespace weir::splitter
