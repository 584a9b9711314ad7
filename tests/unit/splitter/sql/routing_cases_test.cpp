// The routing cases that a text alone decides, by their number in the list of routing cases.

#include "tests/unit/splitter/sql/statement_row.hpp"

namespace weir::splitter::testing {
namespace {

TEST(routing_cases, row_1_locking_with_skip_locked_nowait_or_of) {
    expect_everywhere({
        {"SELECT * FROM t WHERE id=1 FOR UPDATE", "write"},
        {"SELECT * FROM t WHERE id=1 FOR UPDATE SKIP LOCKED", "write"},
        {"SELECT * FROM t WHERE id=1 FOR UPDATE NOWAIT", "write"},
        {"SELECT * FROM t WHERE id=1 FOR UPDATE WAIT 3", "write"},
        {"SELECT * FROM t WHERE id=1 FOR UPDATE OF t", "write"},
        {"SELECT * FROM t WHERE id=1 FOR SHARE OF t SKIP LOCKED", "write"},
        {"SELECT * FROM t WHERE id=1\nFOR\n UPDATE", "write"},
        {"select * from t where id=1 for/**/update", "write"},
        {"SELECT 1e5FOR UPDATE", "write"},
        {"SELECT 1.FOR UPDATE", "write"},
    });
}

TEST(routing_cases, row_2_lock_in_share_mode) {
    expect_everywhere({
        {"SELECT * FROM t LOCK IN SHARE MODE", "write"},
        {"SELECT * FROM t WHERE a IN (SELECT b FROM u LOCK IN SHARE MODE)", "write"},
    });
}

TEST(routing_cases, row_3_a_lock_within_parentheses) {
    expect_everywhere({
        {"(SELECT * FROM t FOR UPDATE)", "write"},
        {"((SELECT * FROM t) UNION (SELECT * FROM u FOR UPDATE))", "write"},
        {"SELECT * FROM (SELECT * FROM t FOR SHARE) x", "write"},
    });
}

TEST(routing_cases, row_4_a_lock_after_common_tables) {
    expect_everywhere({
        {"WITH c AS (SELECT 1) SELECT * FROM t,c FOR SHARE", "write"},
        {"WITH c AS (SELECT 1 FROM t FOR UPDATE) SELECT * FROM c", "write"},
    });
}

TEST(routing_cases, row_5_the_function_replace_is_no_statement) {
    expect_everywhere({
        {"WITH c AS (SELECT 'a' a) SELECT REPLACE(a,'x','y') FROM c", "read replica"},
        {"SELECT INSERT('abc', 1, 2, 'x'), REPLACE ('a','b','c')", "read replica"},
    });
}

TEST(routing_cases, row_6_common_tables_before_a_write) {
    expect_everywhere({
        {"WITH c AS (SELECT 1 a) UPDATE t JOIN c ON t.a=c.a SET t.b=1", "write"},
        {"WITH c AS (SELECT 1 a) DELETE t FROM t JOIN c ON t.a=c.a", "write"},
        {"WITH RECURSIVE c (n) AS (SELECT 1 UNION ALL SELECT n+1 FROM c) DELETE FROM t", "write"},
        {"WITH c AS (SELECT 1 a), d (x, y) AS (SELECT 1, 2) UPDATE t SET a=1", "write"},
        {"WITH c AS (SELECT 1) REPLACE (a) VALUES (1)", "write"},
        {"WITH c AS (SELECT 1) INSERT (a) VALUES (1)", "write"},
    });
}

TEST(routing_cases, row_7_version_comments_are_read_as_the_server_reads_them) {
    expect_everywhere({
        {"SELECT 1 /*!40001 FOR UPDATE */", "write"},
        {"/*!50000 UPDATE t SET a=1 */", "write"},
        {"SELECT 1 /*!40001 SQL_NO_CACHE */", "read replica"},
        {"SELECT 1 /*! FOR UPDATE */", "write"},
        {"SELECT /*!40001 SQL_NO_CACHE */ * FROM t", "read replica"},
        {"SELECT 1 /*!999999 FOR UPDATE */", "read replica"},
    });
    expect_rows(
        mysql_97(),
        {
            {"/*!99999 x */", "empty"},
            {"SELECT 1 /*!80000 FOR UPDATE */", "write"},
            {"SELECT 1 /*!90800 FOR UPDATE */", "read replica"},
            {"SELECT 1 /*!090700 FOR UPDATE */", "write"},
            {"SELECT 1 /*!100100 FOR UPDATE */", "read replica"},
            {"SELECT 1 /*M! FOR UPDATE */", "read replica"},
        }
    );
    expect_rows(
        mariadb_1011(),
        {
            {"/*!99999 x */", "empty"},
            {"SELECT 1 /*!80000 FOR UPDATE */", "read replica"},
            {"SELECT 1 /*!50699 FOR UPDATE */", "write"},
            {"SELECT 1 /*!50700 FOR UPDATE */", "read replica"},
            {"SELECT 1 /*M!50700 FOR UPDATE */", "write"},
            {"SELECT 1 /*M! FOR UPDATE */", "write"},
            {"SELECT 1 /*M!100100 FOR UPDATE */", "write"},
            {"SELECT 1 /*!100100 FOR UPDATE */", "write"},
            {"SELECT 1 /*!110100 FOR UPDATE */", "read replica"},
        }
    );
}

TEST(routing_cases, row_7_a_version_comment_is_a_write_where_the_version_is_not_known) {
    lexer_options options = mysql_84();
    options.server_version = 0;
    expect_rows(options, {{"SELECT 1 /*!40001 SQL_NO_CACHE */", "write pins"}});
    options.server_version = 80030;  // does this one read the sixth digit?
    expect_rows(
        options,
        {
            {"SELECT 1 /*!500001 */", "write pins"},
            {"SELECT 1 /*!999999 */", "read replica"},
        }
    );
}

TEST(routing_cases, row_8_words_within_quotes_mean_nothing) {
    expect_everywhere({
        {"SELECT 'FOR UPDATE', `for update` FROM t", "read replica"},
        {"SELECT \"; DELETE FROM t\"", "read replica"},
        {"SELECT '/*', 1, '*/ FOR UPDATE'", "read replica"},
        {"SELECT 'it''s' 'FOR UPDATE'", "read replica"},
        {"SELECT 'it\\'s FOR UPDATE'", "read replica"},
    });
}

TEST(routing_cases, row_9_the_sql_mode_decides_where_a_quote_ends) {
    constexpr std::string_view sql = R"(SELECT "a\"; DELETE FROM t; -- ")";
    for (lexer_options options : {mysql_97(), mariadb_1011()}) {
        EXPECT_EQ(in_words(classify(sql, options)), "read replica");
        options.no_backslash_escapes = true;
        EXPECT_EQ(in_words(classify(sql, options)), "several");
        options.ansi_quotes = true;
        EXPECT_EQ(in_words(classify(sql, options)), "several");
        options.no_backslash_escapes = false;
        EXPECT_EQ(in_words(classify(sql, options)), "several");
    }
}

TEST(routing_cases, row_10_the_character_set_decides_what_a_backslash_is) {
    expect_everywhere({{"SET NAMES gbk", "set"}});
    constexpr std::string_view sql = "SELECT '\xBF\x5C', 'a' FROM t";
    for (lexer_options options : {mysql_97(), mariadb_1011()}) {
        for (const multibyte_kind kind :
             {multibyte_kind::gbk, multibyte_kind::gb18030, multibyte_kind::big5}) {
            options.charset = kind;
            EXPECT_EQ(in_words(classify(sql, options)), "read replica");
        }
        options.charset = multibyte_kind::utf8;
        EXPECT_EQ(in_words(classify(sql, options)), "write");
        options.charset = multibyte_kind::sjis;
        EXPECT_EQ(in_words(classify("SELECT '\x95\x5C', 'a'", options)), "read replica");
        EXPECT_EQ(in_words(classify("SELECT '\x95\x5C' FOR UPDATE -- '", options)), "write");
        options.charset = multibyte_kind::gbk;
        EXPECT_EQ(in_words(classify("SELECT '\xBF\\'; DELETE FROM t; -- '", options)), "several");
    }
}

TEST(routing_cases, row_11_noise_before_the_statement) {
    expect_everywhere({
        {"-- c\nUPDATE t SET a=1", "write"},
        {"--\nUPDATE t SET a=1", "write"},
        {"#c\nUPDATE t SET a=1", "write"},
        {";SELECT 1", "read replica"},
        {"/**/(((SELECT 1)))", "read replica"},
        {" \t\r\n\v\f SELECT 1", "read replica"},
        {"/* weir:primary */SELECT 1", "read replica"},
        {"--1", "write"},
        {"SELECT 1--1", "read replica"},
        {"SELECT 1 --", "read replica"},
        {"SELECT 1 # FOR UPDATE", "read replica"},
        {"SELECT 1 -- FOR UPDATE", "read replica"},
        {"SELECT 1 --FOR UPDATE", "write"},
    });
}

TEST(routing_cases, row_12_several_statements_are_as_bad_as_the_worst) {
    expect_everywhere({
        {"SELECT 1; UPDATE t SET a=1", "several"},
        {"SELECT 1; SELECT 2", "several replica"},
        {"SELECT 1;", "read replica"},
        {"SELECT 1; -- done", "read replica"},
        {"SELECT 1;;;SELECT 2;", "several replica"},
        {"SELECT 1; SELECT @a", "several pins"},
        {"BEGIN; SELECT 1", "several"},
    });
}

TEST(routing_cases, row_13_a_stored_function_is_not_proven_to_read) {
    expect_everywhere({
        {"SELECT f(1)", "write"},
        {"SELECT db.f(1)", "write"},
        {"SELECT db.abs(1)", "write"},
        {"SELECT `f`(1)", "write"},
        {"SELECT f (1)", "write"},
        {"SELECT f/**/(1)", "write"},
        {"SELECT * FROM t WHERE a=f(1)", "write"},
        {"SELECT CASE WHEN f(1) THEN 1 END", "write"},
        {"SELECT DISTINCT f(1)", "write"},
        {"SELECT SQL_NO_CACHE f(1)", "write"},
        {"SELECT TRIM(LEADING f(1) FROM a) FROM t", "write"},
        {"SELECT {fn f(1)}", "write"},
        {"SELECT a LIKE 'b' ESCAPE f(1) FROM t", "write"},
        {"SELECT NOT f(1)", "write"},
        {"SELECT -f(1)", "write"},
        {"SELECT ROW(1, f(2))", "write"},
        {"SELECT a DIV f(1) FROM t", "write"},
        {"SELECT * FROM t AS f, u WHERE f.a IN (f(1))", "write"},
    });
}

TEST(routing_cases, row_15_do) {
    expect_everywhere({{"DO f(1)", "write"}, {"DO SLEEP(1)", "write"}});
}

TEST(routing_cases, row_16_sequences) {
    expect_everywhere({
        {"SELECT NEXT VALUE FOR s", "write"},
        {"SELECT NEXTVAL(s)", "write"},
        {"SELECT nextval (s)", "write"},
        {"SELECT SETVAL(s, 10)", "write"},
        {"SELECT s.nextval FROM dual", "write"},
        {"SELECT s.currval FROM dual", "write"},
        {"SELECT PREVIOUS VALUE FOR s", "write previous"},
    });
    expect_rows(
        mariadb_1011(),
        {{"SELECT LASTVAL(s)", "read previous"},
         {"SELECT DEFAULT(a) FROM t", "write"},
         {"SELECT a FROM t WHERE default (a) > 0", "write"}}
    );
    expect_rows(mysql_97(), {{"SELECT DEFAULT(a) FROM t", "read replica"}});
}

TEST(routing_cases, row_17_named_locks) {
    expect_everywhere({
        {"SELECT GET_LOCK('j',5)", "write pins"},
        {"SELECT GET_LOCK ('j',5)", "write pins"},
        {"SELECT `get_lock`('j',5)", "write pins"},
        {"SELECT RELEASE_LOCK('j')", "write pins"},
        {"SELECT RELEASE_ALL_LOCKS()", "write pins"},
        {"DO GET_LOCK('j',5)", "write pins"},
        {"INSERT INTO t VALUES (GET_LOCK('j',5))", "write pins"},
        {"SELECT IS_FREE_LOCK('j'), IS_USED_LOCK('j')", "read"},
    });
}

TEST(routing_cases, rows_18_to_22_answers_that_depend_on_the_statement_before) {
    expect_everywhere({
        {"INSERT INTO a VALUES (); SELECT LAST_INSERT_ID() AS id", "several previous"},
        {"SELECT LAST_INSERT_ID()", "read previous"},
        {"INSERT INTO child SELECT LAST_INSERT_ID(), 1", "write previous"},
        {"UPDATE t SET a=LAST_INSERT_ID(a+1)", "write previous"},
        {"SELECT ROW_COUNT()", "read previous diagnostics"},
        {"SELECT SQL_CALC_FOUND_ROWS * FROM t LIMIT 1", "read"},
        {"SELECT FOUND_ROWS()", "read previous diagnostics"},
        {"SHOW WARNINGS", "read previous diagnostics"},
        {"SHOW WARNINGS LIMIT 1", "read previous diagnostics"},
        {"SHOW ERRORS", "read previous diagnostics"},
        {"SHOW COUNT(*) WARNINGS", "read previous diagnostics"},
        {"SHOW COUNT(*) ERRORS", "read previous diagnostics"},
        {"SELECT @@warning_count", "read previous diagnostics"},
        {"SELECT @@session.error_count", "read previous diagnostics"},
        {"SELECT @@identity", "read previous"},
        {"SELECT LAST_INSERT_ID(), ROW_COUNT()", "read previous"},
        {"SELECT ROW_COUNT(), @a", "read previous diagnostics variables"},
        {"INSERT INTO t SELECT ROW_COUNT()", "write previous"},
        {"SELECT 1; SHOW WARNINGS", "several previous"},
        {"SELECT @@last_insert_id", "read previous"},
        {"GET DIAGNOSTICS @n = NUMBER", "write pins previous"},
        {"GET CURRENT DIAGNOSTICS CONDITION 1 @m = MESSAGE_TEXT", "write pins previous"},
    });
}

TEST(routing_cases, rows_23_to_25_user_variables_and_files) {
    expect_everywhere({
        {"SELECT @a:=MAX(id) FROM t", "write pins"},
        {"UPDATE t SET a=1 WHERE id=@a", "write variables"},
        {"INSERT INTO t VALUES (@m:=@m+1)", "write pins"},
        {"SELECT @m", "read replica variables"},
        {"SELECT @'m m'", "read replica variables"},
        {"SELECT @`m`", "read replica variables"},
        {"SELECT 1 FROM t LIMIT 1 INTO @x", "write pins"},
        {"SELECT id INTO @x FROM t", "write pins"},
        {"SELECT id INTO OUTFILE '/tmp/x' FROM t", "write"},
        {"SELECT id INTO DUMPFILE '/tmp/x' FROM t", "write"},
        {"SELECT id FROM t INTO OUTFILE '/tmp/x' FIELDS TERMINATED BY ','", "write"},
        {"SELECT a FROM t PROCEDURE ANALYSE()", "write"},
    });
}

TEST(routing_cases, rows_26_and_27_autocommit) {
    expect_everywhere({
        {"SET autocommit=0", "set"},
        {"SET @@autocommit=0", "set"},
        {"SET SESSION autocommit = OFF", "set"},
        {"SET autocommit := 1", "set"},
    });
}

TEST(routing_cases, rows_28_and_29_starting_a_transaction) {
    expect_everywhere({
        {"BEGIN", "begin"},
        {"BEGIN WORK", "begin"},
        {"START TRANSACTION", "begin"},
        {"START TRANSACTION READ ONLY", "begin read_only"},
        {"START TRANSACTION READ WRITE", "begin read_write"},
        {"START TRANSACTION WITH CONSISTENT SNAPSHOT", "begin"},
        {"START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY", "begin read_only"},
        {"start /* x */ transaction read only;", "begin read_only"},
    });
}

TEST(routing_cases, rows_30_and_31_traits_of_transactions) {
    expect_everywhere({
        {"SET TRANSACTION READ ONLY", "set_transaction one_shot one_shot_read_only"},
        {"SET TRANSACTION READ WRITE", "set_transaction one_shot"},
        {"SET TRANSACTION ISOLATION LEVEL SERIALIZABLE", "set_transaction one_shot serializable"},
        {"SET TRANSACTION ISOLATION LEVEL READ COMMITTED, READ ONLY",
         "set_transaction one_shot one_shot_read_only"},
        {"SET SESSION TRANSACTION READ ONLY", "set_transaction"},
        {"SET LOCAL TRANSACTION READ WRITE", "set_transaction"},
        {"SET SESSION TRANSACTION ISOLATION LEVEL SERIALIZABLE", "set_transaction serializable"},
        {"SET GLOBAL TRANSACTION READ ONLY", "write globals"},
        {"SET SESSION transaction_isolation='SERIALIZABLE'", "set serializable"},
        {"SET tx_isolation=serializable", "set serializable"},
        {"SET transaction_isolation=3", "set serializable"},
        {"SET transaction_isolation='READ-COMMITTED'", "set"},
        {"SET @@transaction_read_only=1", "set_transaction one_shot one_shot_read_only"},
        {"SET @@transaction_isolation='REPEATABLE-READ'", "set_transaction one_shot"},
        {"SET @@session.transaction_read_only=1", "set"},
    });
}

TEST(routing_cases, row_32_a_statement_that_commits_implicitly_is_a_write) {
    expect_everywhere({{"CREATE TABLE x (a INT)", "write"}});
}

TEST(routing_cases, row_33_ends_of_transactions) {
    expect_everywhere({
        {"COMMIT", "end"},
        {"COMMIT WORK", "end"},
        {"COMMIT AND CHAIN", "end chain"},
        {"COMMIT AND NO CHAIN", "end"},
        {"COMMIT WORK AND CHAIN NO RELEASE", "end chain"},
        {"ROLLBACK RELEASE", "end release"},
        {"ROLLBACK WORK AND NO CHAIN RELEASE", "end release"},
        {"ROLLBACK", "end"},
        {"ROLLBACK TO s", "write"},
        {"ROLLBACK WORK TO SAVEPOINT s", "write"},
    });
}

TEST(routing_cases, row_34_xa) {
    expect_everywhere({
        {"XA START 'a'", "write pins"},
        {"XA END 'a'", "write pins"},
        {"XA PREPARE 'a'", "write pins"},
        {"XA COMMIT 'a' ONE PHASE", "write pins"},
        {"XA RECOVER", "write pins"},
    });
}

TEST(routing_cases, row_35_savepoints) {
    expect_everywhere({{"SAVEPOINT s", "write"}, {"RELEASE SAVEPOINT s", "write"}});
}

TEST(routing_cases, row_36_locks_on_tables) {
    expect_everywhere({
        {"LOCK TABLES t READ", "write pins"},
        {"LOCK TABLE t WRITE", "write pins"},
        {"UNLOCK TABLES", "write pins"},
        {"LOCK INSTANCE FOR BACKUP", "write pins"},
        {"UNLOCK INSTANCE", "write pins"},
        {"FLUSH TABLES WITH READ LOCK", "write pins"},
        {"FLUSH TABLES t WITH READ LOCK", "write pins"},
        {"FLUSH TABLES t, u FOR EXPORT", "write pins"},
        {"FLUSH TABLES", "write"},
        {"FLUSH LOCAL LOGS", "write"},
        {"FLUSH RELAY LOGS FOR CHANNEL 'c'", "write"},
        {"BACKUP STAGE START", "write pins"},
        {"BACKUP LOCK t", "write pins"},
    });
}

TEST(routing_cases, row_37_handler) {
    expect_everywhere({
        {"HANDLER t OPEN", "write pins"},
        {"HANDLER t READ FIRST", "write pins"},
        {"HANDLER t CLOSE", "write pins"},
    });
}

TEST(routing_cases, row_38_temporary_tables) {
    expect_everywhere({
        {"CREATE TEMPORARY TABLE x (a INT)", "write pins"},
        {"CREATE /* a */ TEMPORARY\nTABLE x SELECT 1", "write pins"},
        {"CREATE OR REPLACE TEMPORARY TABLE x (a INT)", "write pins"},
        {"CREATE TEMPORARY SEQUENCE s", "write pins"},
        {"DROP TEMPORARY TABLE x", "write pins"},
        {"DROP TABLE x", "write"},
    });
}

TEST(routing_cases, rows_41_and_42_text_that_is_run_from_text) {
    expect_everywhere({
        {"PREPARE s FROM @sql", "write pins"},
        {"PREPARE s FROM 'SELECT 1'", "write pins"},
        {"EXECUTE s", "write pins rows"},
        {"EXECUTE s USING @a", "write pins rows"},
        {"DEALLOCATE PREPARE s", "write pins"},
        {"DROP PREPARE s", "write pins"},
        {"EXECUTE IMMEDIATE 'DELETE FROM t'", "write pins rows"},
        {"SET STATEMENT max_statement_time=1 FOR DELETE FROM t", "write"},
        {"SET STATEMENT max_statement_time=1 FOR SELECT 1", "write"},
        {"SET STATEMENT max_statement_time=1 FOR SELECT @a", "write variables"},
        {"SET STATEMENT a=1 FOR CREATE TEMPORARY TABLE x (a INT)", "write pins"},
        {"BEGIN NOT ATOMIC SELECT 1; END", "several rows"},
    });
}

TEST(routing_cases, rows_47_to_50_settings) {
    expect_everywhere({
        {"SET sql_mode=CONCAT(@@sql_mode,',X')", "set"},
        {"SET time_zone=@@global.time_zone", "set"},
        {"SET SESSION wait_timeout=100", "set"},
        {"SELECT @@wait_timeout", "read"},
        {"SET insert_id=5", "set pins"},
        {"SET timestamp=1", "set pins"},
        {"SET SESSION session_track_gtids='OFF'", "set pins"},
        {"SET rand_seed1=1", "set pins"},
        {"SET GLOBAL read_only=1", "write globals"},
        {"SET @@global.read_only=1", "write globals"},
        {"SET PERSIST max_connections=1", "write globals"},
        {"SET PERSIST_ONLY max_connections=1", "write globals"},
        {"SET @@persist.max_connections=1", "write globals"},
        {"RESET MASTER", "write"},
    });
}

TEST(routing_cases, row_51_settings_of_accounts) {
    expect_everywhere({
        {"SET PASSWORD='x'", "write"},
        {"SET PASSWORD FOR 'u'@'h' = 'x'", "write"},
        {"SET DEFAULT ROLE r TO 'u'@'h'", "write"},
        {"SET ROLE r", "write"},
        {"SET ROLE ALL EXCEPT r", "write"},
        {"SELECT 1; SET ROLE r", "several pins"},
    });
}

TEST(routing_cases, rows_52_to_55_data_of_one_server) {
    expect_everywhere({
        {"SELECT CONNECTION_ID()", "read"},
        {"KILL QUERY 12", "write"},
        {"EXPLAIN FOR CONNECTION 12", "write"},
        {"SELECT @@hostname, @@global.server_id, @@server_uuid, @@port, @@socket", "read replica"},
        {"SELECT @@version, @@version_comment", "read replica"},
        {"SELECT @@hostname, @@read_only", "read"},
        {"SELECT @@gtid_executed", "read"},
        {"SHOW PROCESSLIST", "read"},
        {"SHOW BINARY LOG STATUS", "read"},
        {"SHOW REPLICA STATUS", "read replica"},
        {"SHOW SLAVE STATUS", "read replica"},
        {"SELECT * FROM information_schema.innodb_trx", "read"},
        {"SELECT * FROM performance_schema.threads", "read"},
        {"SELECT * FROM mysql.slow_log", "read"},
        {"SELECT * FROM `MySQL` . `user`", "read"},
        {"SELECT * FROM sys.version", "read"},
        {"SELECT * FROM information_schema.tables", "read"},
        {"SELECT * FROM INFORMATION_SCHEMA.`COLUMNS`", "read replica"},
    });
    expect_rows(mysql_97(), {{"SELECT WAIT_FOR_EXECUTED_GTID_SET('u:1-9',1)", "read"}});
}

TEST(routing_cases, row_56_analyze_explain_check) {
    expect_everywhere({
        {"EXPLAIN ANALYZE SELECT * FROM t", "read replica"},
        {"EXPLAIN ANALYZE UPDATE t SET a=1", "write"},
        {"EXPLAIN SELECT * FROM t", "read replica"},
        {"EXPLAIN FORMAT=JSON SELECT * FROM t", "read replica"},
        {"EXPLAIN UPDATE t SET a=1", "write"},
        {"CHECK TABLE t", "write"},
    });
    expect_rows(
        mysql_97(),
        {
            {"ANALYZE TABLE t", "write"},
            {"ANALYZE UPDATE t SET a=1", "write"},
            {"ANALYZE SELECT 1", "write"},
            {"EXPLAIN ANALYZE FORMAT=TREE SELECT 1", "read replica"},
        }
    );
    expect_rows(
        mariadb_1011(),
        {
            {"ANALYZE TABLE t", "write"},
            {"ANALYZE UPDATE t SET a=1", "write rows"},
            {"ANALYZE SELECT 1", "read replica"},
            {"ANALYZE FORMAT=JSON SELECT * FROM t", "read replica"},
            {"ANALYZE FORMAT=JSON DELETE FROM t", "write rows"},
            {"ANALYZE SELECT f(1)", "write rows"},
        }
    );
}

TEST(routing_cases, row_57_newer_forms_of_reads) {
    expect_everywhere({
        {"TABLE t", "read replica"},
        {"TABLE t ORDER BY a LIMIT 1", "read replica"},
        {"TABLE t INTO OUTFILE 'x'", "write"},
        {"VALUES ROW(1), ROW(2)", "read replica"},
        {"VALUES (1), (2)", "read replica"},
        {"SELECT a FROM t INTERSECT SELECT b FROM u", "read replica"},
        {"SELECT a FROM t EXCEPT (SELECT b FROM u)", "read replica"},
        {"SELECT 1 UNION ALL (SELECT 2) ORDER BY 1", "read replica"},
        {"SELECT 1 UNION TABLE t", "read replica"},
    });
}

TEST(routing_cases, row_58_returning) {
    expect_everywhere({
        {"INSERT INTO t VALUES (1) RETURNING id", "write rows"},
        {"REPLACE INTO t VALUES (1) RETURNING id", "write rows"},
        {"DELETE FROM t WHERE a=1 RETURNING *", "write rows"},
        {"INSERT INTO t SELECT JSON_VALUE(j,'$.a' RETURNING SIGNED) FROM u", "write"},
        {"CALL p(1)", "write rows"},
    });
}

}  // namespace
}  // namespace weir::splitter::testing
