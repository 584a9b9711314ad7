#include "splitter/sql/digest.hpp"

#include "splitter/sql/classifier.hpp"

#include "tests/unit/splitter/sql/statement_row.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cstddef>
#include <set>
#include <string>
#include <string_view>

namespace weir::splitter::testing {
namespace {

constexpr std::size_t unlimited = 1'000'000;

/// The hash of a text that is a digest's already.
std::uint64_t hash_of(std::string_view text) {
    digest_hash hash;
    hash.append(text);
    return hash.finish();
}

struct digest_row {
    std::string_view sql;
    std::string_view text;
};

/// Each text, its hash, and itself as its own digest.
void expect_digests(const lexer_options& options, std::initializer_list<digest_row> rows) {
    for (const digest_row& row : rows) {
        EXPECT_EQ(digest_text(row.sql, options, unlimited), row.text) << row.sql;
        EXPECT_EQ(digest_of(row.sql, options), hash_of(row.text)) << row.sql;
        EXPECT_EQ(digest_text(row.text, options, unlimited), row.text) << row.text;
    }
}

TEST(digest, hides_literals) {
    expect_digests(
        mysql_97(),
        {
            {"SELECT c FROM t WHERE id = 5", "SELECT c FROM t WHERE id = ?"},
            {"SELECT c FROM t WHERE id=?", "SELECT c FROM t WHERE id = ?"},
            {"SELECT 'it''s', \"a\\\"b\", 1.5e-3, 0x41, 0b1", "SELECT ?, ..."},
            {"SELECT 'a' 'b' \"c\" FROM t", "SELECT ? FROM t"},
            {"SELECT N'a', x'41', b'1', _utf8mb4'a', _binary '', _latin1 0x41", "SELECT ?, ..."},
            {"SELECT _utf8 x'41', _utf8 n", "SELECT _utf8 ?, _utf8 n"},
            {"SELECT x 'alias', n 'b', _hidden 'c', _utf8 5",
             "SELECT x ?, n ?, _hidden ?, _utf8 ?"},
            {"SELECT DATE '2020-01-01', 1 'alias'", "SELECT DATE ?, ... ?"},
            {"KILL 17", "KILL ?"},
        }
    );
    expect_digests(mariadb_1011(), {{"SELECT \\N, 1", "SELECT ?, ..."}});
}

TEST(digest, takes_words_for_values_where_one_stands) {
    expect_digests(
        mysql_97(),
        {
            {"UPDATE t SET a = NULL, b = TRUE, c = false", "UPDATE t SET a = ?, b = ?, c = ?"},
            {"INSERT INTO t VALUES (1, null, true)", "INSERT INTO t VALUES (...)"},
            {"SELECT * FROM t WHERE a IS NULL AND b IS NOT null AND c IS TRUE",
             "SELECT * FROM t WHERE a IS NULL AND b IS NOT NULL AND c IS TRUE"},
            {"CREATE TABLE t (a INT(10) NULL DEFAULT NULL)",
             "CREATE TABLE t(a INT (?) NULL DEFAULT NULL)"},
        }
    );
}

TEST(digest, hides_the_sign_of_a_number) {
    expect_digests(
        mysql_97(),
        {
            {"SELECT -1, + 2, - a, a - 1, a-1, a - -1", "SELECT ?, ..., - a, a - ?, a - ?, a - ?"},
            {"SELECT (a) - 1, 'a' - 1, CURRENT_DATE - 1, END - 1",
             "SELECT (a) - ?, ... - ?, CURRENT_DATE - ?, END - ?"},
            {"SELECT - - 1, -?, - (1)", "SELECT - ?, - ?, - (?)"},
            {"SELECT * FROM t WHERE a BETWEEN -5 AND +5 LIMIT 1",
             "SELECT * FROM t WHERE a BETWEEN ? AND ? LIMIT ?"},
        }
    );
}

TEST(digest, shortens_lists_of_literals) {
    expect_digests(
        mysql_97(),
        {
            {"SELECT * FROM t WHERE a IN (1)", "SELECT * FROM t WHERE a IN (?)"},
            {"SELECT * FROM t WHERE a IN (1,2)", "SELECT * FROM t WHERE a IN (...)"},
            {"SELECT * FROM t WHERE a IN (?, ?, 3)", "SELECT * FROM t WHERE a IN (...)"},
            {"SELECT * FROM t LIMIT 5, 10", "SELECT * FROM t LIMIT ?, ..."},
            {"SELECT f(a, 1, 2), f(1, 2, a), f(1, a), f()",
             "SELECT f(a, ?, ...), f(?, ..., a), f(?, a), f()"},
            {"SELECT ((1)), ((1, 2)), (((1), 2))", "SELECT ((?)), ((...)), (((?), ?))"},
            {"SELECT (1, , (1,), (, 1)", "SELECT (?,, (?,), (, ?)"},
        }
    );
}

TEST(digest, shortens_lists_of_rows) {
    expect_digests(
        mysql_97(),
        {
            {"INSERT INTO t (a) VALUES (1)", "INSERT INTO t(a) VALUES (?)"},
            {"INSERT INTO t VALUES (1,2)", "INSERT INTO t VALUES (...)"},
            {"INSERT INTO t VALUES (1),(2)", "INSERT INTO t VALUES (...), ..."},
            {"INSERT INTO t VALUES (1,'a'),(2,'b'),(3,'c')", "INSERT INTO t VALUES (...), ..."},
            {"INSERT INTO t VALUES (?,?),(?,?) ON DUPLICATE KEY UPDATE a=1",
             "INSERT INTO t VALUES (...), ... ON DUPLICATE KEY UPDATE a = ?"},
            {"INSERT INTO t VALUES (1,2),(3,now())", "INSERT INTO t VALUES (...), (?, now())"},
            {"INSERT INTO t VALUES (1),(2),(3,now())",
             "INSERT INTO t VALUES (...), ..., (?, now())"},
            {"INSERT INTO t VALUES (now(),1),(2,3)", "INSERT INTO t VALUES (now(), ?), (...)"},
            {"INSERT INTO t VALUES (now(),1),(2),(3,b)",
             "INSERT INTO t VALUES (now(), ?), (...), (?, b)"},
            {"INSERT INTO t VALUES (now(),1,2),(2),(3),(4),(5,6,b)",
             "INSERT INTO t VALUES (now(), ?, ...), (...), ..., (?, ..., b)"},
            {"SELECT (1), 2, (3), (4), a", "SELECT (?), ?, (...), ..., a"},
            {"SELECT * FROM t WHERE (a,b) IN ((1,2),(3,4))",
             "SELECT * FROM t WHERE (a, b) IN ((...), ...)"},
        }
    );
}

TEST(digest, is_the_same_for_lists_read_token_by_token) {
    constexpr std::array<std::string_view, 6> lists{
        "INSERT t VALUES (1,2),(3,4)",
        "INSERT t VALUES (1),(2),(3,a),(4,5)",
        "INSERT t VALUES (1,-2,NULL),(f(1),2,3),(4,5)",
        "INSERT t VALUES (f(),1),(2),(3,4,b)",
        "INSERT t VALUES (f(),1,2),(2),(3),(4,b),(5)",
        "SELECT f(1,2,a), (1), (2), 3, 4 LIMIT 1,2",
    };
    const lexer_options options = mysql_97();
    for (const std::string_view sql : lists) {
        statement_digest slow;
        lexer reader{sql, options};
        for (token t = reader.next(); t.kind != token_kind::end; t = reader.next())
            slow.on_token(t);
        EXPECT_EQ(slow.finish(), digest_of(sql, options)) << sql;
    }
}

TEST(digest, is_found_while_a_text_is_classified) {
    constexpr std::array<std::string_view, 7> texts{
        "SELECT a FROM t WHERE b IN (1, 2) LIMIT 1",
        "INSERT t VALUES (1,2),(3,4)",
        "SET @a = 1, sql_mode = '', b = -1",
        "SET STATEMENT max_statement_time = 1 FOR SELECT 1",
        "SHOW FULL TABLES; COMMIT AND CHAIN; ; BEGIN",
        "EXPLAIN FORMAT=JSON SELECT 1",
        "select $$",
    };
    for (const lexer_options& options : {mysql_97(), mariadb_1011()}) {
        for (const std::string_view sql : texts) {
            statement_digest digest;
            EXPECT_EQ(classify(sql, options, {}, digest), classify(sql, options)) << sql;
            EXPECT_EQ(digest.finish(), digest_of(sql, options)) << sql;
        }
    }
}

TEST(digest, leaves_out_comments_and_makes_white_space_uniform) {
    expect_digests(
        mysql_97(),
        {
            {"/* trace=1 */ select/*+ MAX_EXECUTION_TIME(1) */ a -- end", "SELECT a"},
            {"\tSELECT\n a ,b\r\nFROM t # x\n", "SELECT a, b FROM t"},
            {"SELECT /*!40001 SQL_NO_CACHE */ a /*!99999 b */ FROM t",
             "SELECT SQL_NO_CACHE a FROM t"},
            {"SELECT a.b , `a` . `b`, a.`b`.c, t.*, a * b, db.5b, `d`. 5b",
             "SELECT a.b, `a`.`b`, a.`b`.c, t.*, a * b, db.5b, `d`. 5b"},
            {"SELECT COUNT( * ),f (a),`g` (a) FROM t WHERE a IN(b)",
             "SELECT COUNT(*), f(a), `g`(a) FROM t WHERE a IN (b)"},
            {"SELECT a<=b, a<>b, a!=b, a<=>b, a>>b, a<<b, a||b, a&&b, a->'$', a->>'$', a=!b",
             "SELECT a <= b, a <> b, a != b, a <=> b, a >> b, a << b, a || b, a && b, a -> ?, "
             "a ->> ?, a = ! b"},
        }
    );
}

TEST(digest, writes_keywords_in_one_case_and_names_in_theirs) {
    expect_digests(
        mysql_97(),
        {
            {"select A, a, `A` from Orders where count (a) > 1",
             "SELECT A, a, `A` FROM Orders WHERE count(a) > ?"},
            {"SELECT a.select, a . select, select.a", "SELECT a.select, a.select, select.a"},
            {"SET @A = 1, @@global.max_connections := 2",
             "SET @A = ?, @@global.max_connections := ?"},
            {"GRANT ALL ON *.* TO 'root'@'localhost', u@`%`", "GRANT ALL ON *.* TO ? @ ?, u @`%`"},
        }
    );
    lexer_options ansi = mysql_97();
    ansi.ansi_quotes = true;
    expect_digests(ansi, {{"SELECT \"A\", 'a'", "SELECT \"A\", ?"}});
}

TEST(digest, reads_several_statements) {
    expect_digests(
        mysql_97(),
        {
            {"", ""},
            {" ; ;", ""},
            {"SELECT 1;", "SELECT ?"},
            {";;SELECT 1;;SELECT -2 ; ", "SELECT ?; SELECT ?"},
            {"SELECT (1); SELECT (2)", "SELECT (?); SELECT (?)"},
        }
    );
}

TEST(digest, says_where_a_text_is_not_understood) {
    expect_digests(
        mysql_97(),
        {
            {"SELECT 'secret", "SELECT [not understood]"},
            {"SELECT (1, 2, /* secret", "SELECT (?, ..., [not understood]"},
            {"SELECT $$ secret", "SELECT [not understood]"},
        }
    );
}

TEST(digest, survives_what_is_no_sql) {
    expect_digests(
        mysql_97(),
        {
            {"...", "..."},
            {"a..b", "a. .b"},
            {"a...select", "a ... SELECT"},
            {". .", ". ."},
            {"(...", "(?, ..."},
            {") . select", ") .select"},
            {").5b, ). 5b, ).$b", ") ? b,) . 5b,) .$b"},
            {"-", "-"},
            {"_utf8", "_utf8"},
            {"@ 'a' @", "@ ? @"},
            {"* /", "* /"},
        }
    );
}

/// Around the length of the hash's blocks, in text and in pieces.
TEST(digest, hashes_texts_of_every_length) {
    const lexer_options options = mysql_97();
    std::set<std::uint64_t> hashes;
    std::string sql = "SELECT a";
    for (int length = 0; length < 600; ++length) {
        sql += length % 7 == 0 ? " " : "b";
        const std::string text = digest_text(sql, options, unlimited);
        const std::uint64_t hash = digest_of(sql, options);
        EXPECT_EQ(hash, hash_of(text)) << text;
        hashes.insert(hash);
    }
    // A space at the end changes nothing: 85 texts are those before them.
    EXPECT_EQ(hashes.size(), 600U - 85U);
}

TEST(digest, cuts_its_text_and_not_its_hash) {
    const lexer_options options = mysql_97();
    const std::string sql = "SELECT " + std::string(500, 'a');
    EXPECT_EQ(digest_text(sql, options, 10), "SELECT aaa");
    EXPECT_EQ(digest_text(sql, options, 300), sql.substr(0, 300));
    EXPECT_EQ(digest_text(sql, options, 0), "");
    EXPECT_NE(digest_of(sql, options), digest_of(sql + "a", options));
}

}  // namespace
}  // namespace weir::splitter::testing
