#include "splitter/sql/sql_prepared.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace weir::splitter {
namespace {

constexpr auto mariadb = protocol::mysql::server_flavor::mariadb;

/// "prepare p: SELECT 1"; "none" if it is not understood.
std::string prepared_in_words(std::string_view text, const lexer_options& options) {
    using kind = sql_prepared::kind;
    const auto found = parse_sql_prepared(text, options);
    if (!found) return "none";
    std::string words = found->what == kind::prepare     ? "prepare"
                        : found->what == kind::execute   ? "execute"
                        : found->what == kind::immediate ? "immediate"
                                                         : "deallocate";
    if (!found->name.empty()) words += " " + found->name;
    if (found->text) words += ": " + *found->text;
    return found->has_values ? words + " using" : words;
}

TEST(sql_prepared, is_read_with_what_is_known_of_its_text) {
    const struct {
        std::string_view text;
        std::string_view expected;
    } rows[] = {
        {"PREPARE P FROM 'SELECT ''x'''", "prepare p: SELECT 'x'"},
        {"prepare `P q` from \"SHOW WARNINGS\";", "prepare p q: SHOW WARNINGS"},
        {"PREPARE p FROM @text", "prepare p"},
        {"PREPARE p FROM 'SELECT' ' 1'", "prepare p"},
        {"PREPARE p FROM CONCAT('SELECT', ' 1')", "prepare p"},
        {"EXECUTE p", "execute p"},
        {"EXECUTE p USING @a, @b", "execute p using"},
        {"EXECUTE IMMEDIATE 'SELECT ROW_COUNT()'", "immediate: SELECT ROW_COUNT()"},
        {"EXECUTE IMMEDIATE 'SELECT ?' USING 1", "immediate: SELECT ? using"},
        {"EXECUTE IMMEDIATE @text", "immediate"},
        {"DEALLOCATE PREPARE p", "deallocate p"},
        {"drop prepare p ;", "deallocate p"},
        {"DROP TABLE p", "none"},
        {"PREPARE p FROM 'SELECT 1'; SELECT 1", "none"},
        {"PREPARE p 'SELECT 1'", "none"},
        {"EXECUTE", "none"},
        {"SELECT 1", "none"},
    };

    for (const auto& row : rows)
        EXPECT_EQ(prepared_in_words(row.text, {.flavor = mariadb}), row.expected) << row.text;
}

TEST(sql_prepared, may_be_named_immediate_in_mysql) {
    EXPECT_EQ(prepared_in_words("EXECUTE IMMEDIATE", {}), "execute immediate");
}

}  // namespace
}  // namespace weir::splitter
