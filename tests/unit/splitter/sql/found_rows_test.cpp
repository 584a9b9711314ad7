#include "splitter/sql/found_rows.hpp"

#include <gtest/gtest.h>

#include <string_view>

namespace weir::splitter {
namespace {

TEST(found_rows, are_known_by_the_text_on_mysql) {
    constexpr auto as_given = rows_found::as_given;
    constexpr auto as_before = rows_found::as_before;
    constexpr auto unknown = rows_found::unknown;

    const struct {
        std::string_view text;
        rows_found expected;
    } rows[] = {
        {"UPDATE t SET a = 1, b = 2 WHERE a > 3", rows_found::matched},
        {"UPDATE t, u SET t.a = 1", unknown},
        {"UPDATE t JOIN u USING (a) SET t.a = 1", unknown},
        {"UPDATE t SET a = (SELECT MAX(a) FROM u)", unknown},
        {"DELETE FROM t WHERE a = 1", as_before},
        {"DELETE QUICK FROM t ORDER BY a LIMIT 1", as_before},
        {"DELETE t FROM t JOIN u", unknown},
        {"DELETE FROM t WHERE a IN (SELECT a FROM u)", unknown},
        {"INSERT INTO t VALUES (1), (2)", as_before},
        {"INSERT IGNORE INTO t (a) VALUES (1) ON DUPLICATE KEY UPDATE a = 2", as_before},
        {"REPLACE INTO t SET a = 1", as_before},
        {"INSERT INTO t SELECT a FROM u", unknown},
        {"INSERT INTO t (a, b) (SELECT 1, 2)", unknown},
        {"REPLACE INTO t TABLE u", unknown},
        {"DO SLEEP(0)", rows_found::one},
        {"CALL p()", unknown},
        {"EXECUTE p", unknown},
        {"SET @a = 1", as_given},
        {"CREATE TABLE u SELECT * FROM t", as_given},
        {"SHOW TABLES", as_given},
        {"SHOW ENGINES", as_given},
        {"SHOW ENGINE INNODB STATUS", as_before},
        {"SHOW CREATE TABLE t", as_before},
        {"SHOW FULL PROCESSLIST", as_before},
        {"SHOW FULL TABLES", as_given},
        {"DESCRIBE t", as_given},
        {"EXPLAIN t a", as_given},
        {"EXPLAIN SELECT 1", as_before},
        {"EXPLAIN FORMAT=JSON SELECT 1", as_before},
        {"EXPLAIN (SELECT 1)", as_before},
        {"EXPLAIN ANALYZE SELECT 1", unknown},
        {"ANALYZE TABLE t", as_before},
        {"HANDLER t READ FIRST", as_before},
        {"", as_given},
    };

    for (const auto& row : rows)
        EXPECT_EQ(rows_found_on_mysql(row.text, {}), row.expected) << row.text;
}

}  // namespace
}  // namespace weir::splitter
