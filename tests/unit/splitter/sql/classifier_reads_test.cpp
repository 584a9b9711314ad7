// Queries: what common ones look like, and what must not pass for one of them.

#include "tests/unit/splitter/sql/statement_row.hpp"

namespace weir::splitter::testing {
namespace {

TEST(classifier, sends_common_queries_to_replicas) {
    expect_everywhere({
        {"SELECT 1", "read replica"},
        {"SELECT * FROM t", "read replica"},
        {"SELECT t.* FROM db.t", "read replica"},
        {"SELECT a b, c AS d FROM t e WHERE f = ?", "read replica"},
        {"SELECT COUNT(*) FROM t", "read replica"},
        {"SELECT COUNT(DISTINCT a), MAX(b), MIN(c), SUM(d), AVG(e) FROM t", "read replica"},
        {"SELECT a FROM t WHERE b IN (1, 2, 3) AND c NOT IN (SELECT d FROM u)", "read replica"},
        {"SELECT a FROM t WHERE (b, c) IN ((1,2),(3,4))", "read replica"},
        {"SELECT a FROM t WHERE EXISTS (SELECT 1 FROM u WHERE u.id = t.id)", "read replica"},
        {"SELECT a FROM t WHERE b = ANY (SELECT c FROM u)", "read replica"},
        {"SELECT a FROM t WHERE b > ALL (SELECT c FROM u)", "read replica"},
        {"SELECT a FROM t WHERE b BETWEEN 1 AND 2 OR c LIKE 'x%' ESCAPE '|'", "read replica"},
        {"SELECT a FROM t WHERE NOT (b <=> NULL) AND c IS NOT NULL XOR d", "read replica"},
        {"SELECT a FROM t WHERE b REGEXP '^x' AND c RLIKE 'y' AND d SOUNDS LIKE e", "read replica"},
        {"SELECT a FROM t JOIN u USING (id)", "read replica"},
        {"SELECT a FROM t LEFT JOIN u ON (t.id = u.id) RIGHT JOIN v ON u.x = v.x", "read replica"},
        {"SELECT a FROM t NATURAL LEFT OUTER JOIN u CROSS JOIN v INNER JOIN w", "read replica"},
        {"SELECT a FROM t STRAIGHT_JOIN u", "read replica"},
        {"SELECT a FROM (t, u) JOIN v", "read replica"},
        {"SELECT x.a FROM (SELECT a FROM t) AS x", "read replica"},
        {"SELECT x.a FROM (SELECT 1, 2) x (a, b)", "read replica"},
        {"SELECT x.a FROM (SELECT 1, 2) AS `x` (a, b)", "read replica"},
        {"SELECT a FROM t USE INDEX (i) WHERE b = 1", "read replica"},
        {"SELECT a FROM t FORCE INDEX FOR ORDER BY (i) IGNORE KEY FOR JOIN (j)", "read replica"},
        {"SELECT a FROM t USE INDEX FOR GROUP BY (PRIMARY)", "read replica"},
        {"SELECT a FROM t PARTITION (p0, p1)", "read replica"},
        {"SELECT a, COUNT(*) FROM t GROUP BY a WITH ROLLUP HAVING COUNT(*) > 1", "read replica"},
        {"SELECT a FROM t ORDER BY b DESC, c ASC LIMIT 10 OFFSET 20", "read replica"},
        {"SELECT a FROM t LIMIT 20, 10", "read replica"},
        {"SELECT ALL HIGH_PRIORITY SQL_SMALL_RESULT SQL_BIG_RESULT a FROM t", "read replica"},
        {"SELECT DISTINCT SQL_BUFFER_RESULT SQL_NO_CACHE (a) FROM t", "read replica"},
        {"SELECT DISTINCTROW a FROM t", "read replica"},
        {"SELECT a FROM t UNION SELECT b FROM u UNION DISTINCT SELECT c FROM v", "read replica"},
        {"(SELECT a FROM t LIMIT 1) UNION ALL (SELECT b FROM u LIMIT 1) LIMIT 1", "read replica"},
        {"WITH c AS (SELECT 1), d AS (SELECT 2) SELECT * FROM c, d", "read replica"},
        {"WITH RECURSIVE c (n) AS (SELECT 1 UNION ALL SELECT n+1 FROM c WHERE n<5) SELECT * FROM c",
         "read replica"},
        {"WITH `c` (`n`, m) AS (SELECT 1, 2) SELECT * FROM c", "read replica"},
        {"WITH c AS (SELECT 1) (SELECT * FROM c)", "read replica"},
        {"SELECT * FROM (WITH c (a) AS (SELECT 1) SELECT * FROM c) x", "read replica"},
        {"SELECT (SELECT MAX(a) FROM t)", "read replica"},
        {"SELECT /*+ MAX_EXECUTION_TIME(1000) */ * FROM t", "read replica"},
        {"SELECT /*+ SET_VAR(sort_buffer_size = 16M) */ * FROM t", "read replica"},
        {"SELECT 1 FROM DUAL", "read replica"},
        {"SELECT * FROM t WHERE a = 0x1F OR b = x'1F' OR c = 0b01 OR d = b'01'", "read replica"},
        {"SELECT 1.5, .5, 1., 1e5, 1.5e-5, -1, +1, ~1, !1", "read replica"},
        {"SELECT N'a', _utf8mb4'b', _latin1 x'41', 'c' COLLATE utf8mb4_bin", "read replica"},
        {"SELECT DATE '2020-01-01', TIME '10:00:00', TIMESTAMP '2020-01-01 10:00:00'",
         "read replica"},
        {"SELECT TRUE, FALSE, NULL, UNKNOWN FROM t", "read replica"},
        {"SELECT a->'$.b', a->>'$.c' FROM t", "read replica"},
        {"SELECT a || b, a && b, a DIV b, a MOD b, a % b, a ^ b, a << 1, a >> 1 FROM t",
         "read replica"},
        {"SELECT a FROM t WHERE MATCH (a, b) AGAINST ('x' IN BOOLEAN MODE)", "read replica"},
        {"SELECT a FROM t WHERE MATCH (a) AGAINST ('x' WITH QUERY EXPANSION)", "read replica"},
        {"SELECT 1tab.a FROM 1tab", "read replica"},
        {"SELECT t.update, t.select, t.lock FROM t", "read replica"},
        {"SELECT `update`, `into`, `f` FROM `lock`", "read replica"},
        {"SELECT status, names, value, begin, rank FROM t", "read replica"},
        {"SELECT h\xC3\xA9llo FROM t\xC3\xA4st WHERE \xE5\x90\x8D = 'x'", "read replica"},
    });
}

TEST(classifier, knows_the_functions_that_only_read) {
    expect_everywhere({
        {"SELECT NOW(), NOW(6), CURRENT_TIMESTAMP, CURRENT_TIMESTAMP(3), SYSDATE()",
         "read replica"},
        {"SELECT CURDATE(), CURTIME(), UTC_DATE(), UTC_TIME, UTC_TIMESTAMP(), LOCALTIME()",
         "read replica"},
        {"SELECT UUID(), UUID_SHORT(), RAND(), RAND(3), SLEEP(1), BENCHMARK(1, 1+1)",
         "read replica"},
        {"SELECT DATABASE(), SCHEMA(), USER(), CURRENT_USER(), CURRENT_USER, VERSION()",
         "read replica"},
        {"SELECT IF(a, b, c), IFNULL(a, b), NULLIF(a, b), COALESCE(a, b) FROM t", "read replica"},
        {"SELECT LEFT(a, 1), RIGHT(a, 1), REPEAT(a, 2), CHAR(65 USING utf8mb4), MOD(5, 2) FROM t",
         "read replica"},
        {"SELECT CASE a WHEN 1 THEN ABS(b) ELSE CEIL(c) END FROM t", "read replica"},
        {"SELECT CAST(a AS CHAR(10)), CAST(b AS DECIMAL(10,2)), CAST(c AS DATETIME(6)) FROM t",
         "read replica"},
        {"SELECT CAST(a AS CHAR CHARACTER SET utf8mb4), CAST(a AS UNSIGNED) FROM t",
         "read replica"},
        {"SELECT CONVERT(a USING utf8mb4), CONVERT(a, DECIMAL(10,2)), CONVERT(a, DATETIME(6)) FROM "
         "t",
         "read replica"},
        {"SELECT CONVERT(a, NCHAR(3)), CONVERT(a, BINARY(3)), CONVERT(a, SIGNED) FROM t",
         "read replica"},
        {"SELECT SUBSTRING(a FROM 2 FOR 3), SUBSTR(a, 2), MID(a FROM 1 FOR 2) FROM t",
         "read replica"},
        {"SELECT SUBSTRING((SELECT a FROM t LIMIT 1) FROM 2 FOR (1+1))", "read replica"},
        {"SELECT TRIM(BOTH 'x' FROM a), POSITION('a' IN b), EXTRACT(YEAR FROM c) FROM t",
         "read replica"},
        {"SELECT DATE_ADD(a, INTERVAL 1 DAY), a + INTERVAL (1+2) HOUR, INTERVAL(1, 2, 3) FROM t",
         "read replica"},
        {"SELECT TIMESTAMPDIFF(MONTH, a, b), TIMESTAMPADD(DAY, 1, a), GET_FORMAT(DATE, 'EUR') FROM "
         "t",
         "read replica"},
        {"SELECT DATE(a), TIME(a), TIMESTAMP(a), YEAR(a), MONTH(a), DAY(a), HOUR(a) FROM t",
         "read replica"},
        {"SELECT GROUP_CONCAT(DISTINCT a ORDER BY b DESC SEPARATOR ', ') FROM t", "read replica"},
        {"SELECT JSON_EXTRACT(a, '$.b'), JSON_OBJECT('a', 1), JSON_ARRAYAGG(a) FROM t",
         "read replica"},
        {"SELECT JSON_VALUE(a, '$.b') FROM t", "read replica"},
        {"SELECT * FROM JSON_TABLE('[1]', '$[*]' COLUMNS (i FOR ORDINALITY)) x", "read replica"},
        {"SELECT * FROM JSON_TABLE('[1]', '$[*]' COLUMNS (a INT PATH '$', b VARCHAR(9) PATH '$')) "
         "x",
         "read replica"},
        {"SELECT ROW_NUMBER() OVER (PARTITION BY a ORDER BY b) FROM t", "read replica"},
        {"SELECT SUM(a) OVER (ORDER BY b ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) FROM t",
         "read replica"},
        {"SELECT RANK() OVER w, LAG(a, 1) OVER w FROM t WINDOW w AS (ORDER BY a)", "read replica"},
        {"SELECT ST_AsText(POINT(1, 2)), ST_Distance(a, b), MBRContains(a, b) FROM t",
         "read replica"},
        {"SELECT MD5(a), SHA2(a, 256), AES_ENCRYPT(a, 'k'), TO_BASE64(a), CRC32(a) FROM t",
         "read replica"},
        {"SELECT INET_ATON('1.2.3.4'), INET6_NTOA(a), CHARSET(a), COLLATION(a) FROM t",
         "read replica"},
        {"SELECT ROW(1, 2) = ROW(1, 2), (1, 2) = (1, 2)", "read replica"},
        {"SELECT REGEXP_REPLACE(a, 'b', 'c'), EXTRACTVALUE(a, '/b'), UPDATEXML(a, '/b', 'c') FROM "
         "t",
         "read replica"},
        {"SELECT VALUES(b) FROM t", "read replica"},
        {"SELECT WEIGHT_STRING(a AS CHAR(3)), FORMAT(a, 2), TRUNCATE(a, 2) FROM t", "read replica"},
        {"SELECT abs(1), Abs(1), ABS (1), abs\n(1), abs/*x*/(1)", "read replica"},
    });
}

TEST(classifier, knows_functions_by_family_and_version) {
    expect_rows(
        mysql_97(),
        {
            {"SELECT BIN_TO_UUID(a), UUID_TO_BIN(b), ANY_VALUE(c) FROM t", "read replica"},
            {"SELECT REGEXP_LIKE(a, 'b'), GROUPING(a) FROM t", "read replica"},
            {"SELECT a MEMBER OF ('[1]'), JSON_SCHEMA_VALID(a, b) FROM t", "read replica"},
            {"SELECT STRING_TO_VECTOR('[1,2]')", "read replica"},
            {"SELECT * FROM t, LATERAL (SELECT 1) x", "read replica"},
            {"SELECT PASSWORD('x')", "write"},
            {"SELECT NVL(a, b), SYS_GUID() FROM t", "write"},
            {"SELECT COLUMN_GET(a, 'b' AS CHAR) FROM t", "write"},
        }
    );
    expect_rows(
        mysql_57(),
        {
            {"SELECT ANY_VALUE(a), PASSWORD('x'), JSON_EXTRACT(a, '$') FROM t", "read replica"},
            {"SELECT UUID_TO_BIN(a) FROM t", "write"},
            {"SELECT REGEXP_REPLACE(a, 'b', 'c') FROM t", "write"},
            {"SELECT RANK(1)", "write"},
        }
    );
    expect_rows(
        mariadb_1011(),
        {
            {"SELECT NVL(a, b), SYS_GUID(), PASSWORD('x'), CHR(1), ROWNUM() FROM t",
             "read replica"},
            {"SELECT COLUMN_GET(a, 'b' AS CHAR), COLUMN_CREATE('a', 1) FROM t", "read replica"},
            {"SELECT JSON_DETAILED(a), JSON_QUERY(a, '$') FROM t", "read replica"},
            {"SELECT PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY a) OVER (PARTITION BY b) FROM t",
             "read replica"},
            {"SELECT * FROM t FOR SYSTEM_TIME AS OF TIMESTAMP '2020-01-01'", "read replica"},
            {"SELECT * FROM t FOR SYSTEM_TIME BETWEEN NOW() AND NOW()", "read replica"},
            {"SELECT * FROM t FOR SYSTEM_TIME FROM '2020-01-01' TO NOW()", "read replica"},
            {"SELECT * FROM t FOR SYSTEM_TIME AS OF TIMESTAMP f(1)", "write"},
            {"SELECT * FROM t ORDER BY a FETCH FIRST 3 ROWS WITH TIES", "read replica"},
            {"SELECT a FROM t LIMIT 1 ROWS EXAMINED 100", "read replica"},
            {"SELECT UUID_TO_BIN(a), ANY_VALUE(b) FROM t", "write"},
            {"SELECT BIN_TO_UUID(a) FROM t", "write"},
        }
    );
}

TEST(classifier, takes_a_space_before_a_parenthesis_as_the_sql_mode_does) {
    lexer_options options = mysql_97();
    expect_rows(options, {{"SELECT COUNT (*) FROM t", "write"}, {"SELECT NOW ()", "write"}});
    options.ignore_space = true;
    expect_rows(
        options,
        {
            {"SELECT COUNT (*) FROM t", "read replica"},
            {"SELECT NOW ()", "read replica"},
            {"SELECT f (1)", "write"},
        }
    );
}

TEST(classifier, does_not_take_a_look_alike_for_a_read) {
    expect_everywhere({
        {"SELECT * FROM t, (SELECT 1 FOR UPDATE) x", "write"},
        {"SELECT SUBSTRING(a FROM 1 FOR 2) FROM t FOR UPDATE", "write"},
        {"SELECT * FROM t USE INDEX FOR JOIN (i) FOR UPDATE", "write"},
        {"SELECT `a` FOR UPDATE", "write"},
        {"SELECT * FROM t FOR SHARE", "write"},
        {"SELECT 1 INTO @a", "write pins"},
        {"SELECT 1 UNION SELECT 2 INTO OUTFILE 'x'", "write"},
        {"(UPDATE t SET a=1)", "write"},
        {"((INSERT INTO t VALUES (1)))", "write"},
        {"SELECTED FROM t", "write"},
        {"`SELECT` 1", "write"},
        {"'SELECT' 1", "write"},
        {"SELECT 1 FROM t WHERE a = (UPDATE t SET a=1)", "write"},
        {"SELECT f(1) OVER (ORDER BY a) FROM t", "write"},
        {"SELECT lateral_(1), over_(2)", "write"},
        {"SELECT db . f (1)", "write"},
        {"SELECT db.`f`(1)", "write"},
        {"SELECT information_schema.f(1)", "write"},
        {"SELECT 1 WHERE f(1) IN (SELECT 1)", "write"},
        {"SELECT * FROM t ORDER BY f(a)", "write"},
        {"SELECT * FROM t GROUP BY f(a)", "write"},
        {"SELECT * FROM t HAVING f(a)", "write"},
        {"SELECT * FROM t JOIN u ON f(a)", "write"},
        {"SELECT MAX(f(a)) FROM t", "write"},
        {"SELECT COUNT(DISTINCT f(a)) FROM t", "write"},
        {"SELECT GROUP_CONCAT(a ORDER BY f(a)) FROM t", "write"},
        {"SELECT a + f(a) FROM t", "write"},
        {"SELECT INTERVAL f(1) DAY + NOW()", "write"},
        {"SELECT BINARY f(a) FROM t", "write"},
        {"SELECT a XOR f(a) FROM t", "write"},
        {"SELECT a REGEXP f(a) FROM t", "write"},
        {"SELECT SUBSTRING(a FROM f(1) FOR f(2)) FROM t", "write"},
        {"SELECT * FROM t LIMIT f(1)", "write"},
        {"WITH f AS (SELECT 1) SELECT f(1)", "write"},
        {"WITH c AS (SELECT f(1)) SELECT * FROM c", "write"},
        {"WITH c (a) AS (SELECT 1), f (a) AS (SELECT 2) SELECT f (1)", "write"},
        {"VALUES ROW(f(1))", "write"},
        {"TABLE t FOR UPDATE", "write"},
        {"SELECT LOAD_FILE('/etc/passwd')", "read"},
        {"SELECT sys_exec('x')", "write"},
        {"SELECT * FROM t WHERE a = 1 LOCK IN SHARE MODE", "write"},
        {"CALL p()", "write rows"},
        {"HELP 'select'", "read replica"},
    });
}

TEST(classifier, does_not_understand_broken_text) {
    expect_everywhere({
        {"SELECT 'a", "write"},
        {"SELECT `a", "write"},
        {"SELECT \"a", "write"},
        {"SELECT 'a\\'", "write"},
        {"SELECT 1 /* never ends", "write"},
        {"SELECT 1 /*!40001 SQL_NO_CACHE", "write"},
        {"SELECT /*/ 1", "write"},
        {"SELECT [a] FROM t", "write pins"},
        {"SELECT $$a$$", "write pins"},
        {"EXPLAIN FORMAT=$$a$$ SELECT 1", "write pins"},
        {"EXPLAIN FORMAT='a SELECT 1", "write"},
        {"SHOW $TABLES", "write pins"},
        {"SELECT \x01", "write pins"},
        {"SELECT @@", "write pins"},
        {"SELECT 1.5e FROM t", "write pins"},
        {"SELECT /*+ X('*/ 1 /*') */ 2", "write pins"},
        {"SELECT /*!!99999 1 */ 2", "write pins"},
        {"/*!40000 SELECT 1; UPDATE t SET a=1 */", "write pins"},
        {std::string_view("SELECT 1 -- a\0 FOR UPDATE", 25), "write pins"},
        {std::string_view("SELECT \0 1", 10), "write pins"},
        {std::string_view("SELECT `a\0b`", 12), "write pins"},
        {std::string_view("SELECT 'a\0b'", 12), "read replica"},
        {"SELECT \xFF\xFE", "write pins"},
    });
    const std::string deep = "SELECT " + std::string(100, '(') + "1" + std::string(100, ')');
    expect_everywhere({{deep, "write"}, {"SELECT ((((((((((1))))))))))", "read replica"}});
}

TEST(classifier, does_not_understand_a_high_byte_that_may_be_a_space) {
    lexer_options options = mysql_97();
    options.charset = multibyte_kind::single_byte;
    expect_rows(
        options,
        {
            {"SELECT a FROM t\xA0"
             "FOR\xA0UPDATE",
             "write pins"},
            {"SELECT 'caf\xE9'", "read replica"},
            {"SELECT `caf\xE9` FROM t", "read replica"},
            {"SELECT 1 -- caf\xE9", "read replica"},
            {"SELECT 1 --\xA0"
             "FOR UPDATE",
             "write pins"},
        }
    );
    options.charset = multibyte_kind::unknown;
    expect_rows(options, {{"SELECT '\xE9'", "write pins"}, {"SELECT 'e'", "read replica"}});
}

TEST(classifier, skips_comments_that_are_nested_as_servers_do) {
    expect_everywhere({
        {"SELECT 1 /*!999999 a /* b */ c */", "read replica"},
        {"SELECT 1 /*!40001 + /* FOR UPDATE */ 1 */", "read replica"},
        {"SELECT 1 /* a /* b */ FOR UPDATE", "write"},
        {"SELECT 1 /* a /*!40001 b */ FOR UPDATE", "write"},
        {"SELECT 1 /*!999999 a /* b */ FOR UPDATE */", "read replica"},
    });
}

TEST(classifier, reads_a_list_of_literals_as_it_reads_single_ones) {
    expect_everywhere({
        {"SELECT * FROM t WHERE a IN (1,2,'x',NULL,f(1))", "write"},
        {"SELECT * FROM t WHERE a IN (1, -2.5, 'x''y', null , @a)", "read replica variables"},
        {"SELECT * FROM t WHERE (a,b) IN ((1,2),(3,4),(f(5),6))", "write"},
        {"SELECT * FROM t WHERE (a,b) IN ((1,2),(3,4)) FOR UPDATE", "write"},
        {"SELECT * FROM t WHERE a IN (1,2, 'never ends", "write"},
        {"SELECT * FROM t WHERE a IN (1,2,null.b)", "read replica"},
        {"INSERT INTO t VALUES (1,'a'),(2,'b'),(LAST_INSERT_ID(),'c')", "write previous"},
        {"INSERT INTO t VALUES (1,'a'),(2,@b)", "write variables"},
        {"INSERT INTO t VALUES (1,'a'),(2,'b'); SELECT @a", "several pins"},
        {"INSERT INTO t VALUES (1,'a'),(2,';'); SELECT ';@a'", "several"},
        {"INSERT INTO t VALUES (1,2),(3,4) RETURNING a", "write rows"},
        {"SELECT SUBSTRING(1),(1 FOR UPDATE)", "write"},
    });
}

}  // namespace
}  // namespace weir::splitter::testing
