"""Statements and who may answer them, by the numbers of the project's table of routing cases.

A row is (number, flavour or None for both, statements); all statements of a row run in one fresh session. A statement is
(SQL, expected, error): expected is PRIMARY, REPLICA, ANY, or NOTHING to check; error is the server's number, 0
for none, or several that are as good.
`{mark}` in the SQL becomes a comment's text; without one a comment is put at the end.
"""
PRIMARY, REPLICA, ANY, NOTHING = {1}, {2, 3}, {1, 2, 3}, None
READ_ONLY = (1792, 1290)    # the transaction is, or first of all the replica is: which one the server says is up to it


def p(sql, error=0):
    return sql, PRIMARY, error


def r(sql, error=0):
    return sql, REPLICA, error


def a(sql, error=0):
    return sql, ANY, error


def n(sql, error=0):
    return sql, NOTHING, error


ROWS = [
    (1, None, [p("SELECT * FROM t WHERE id=1 FOR UPDATE SKIP LOCKED")]),
    (1, None, [p("SELECT * FROM t WHERE id=1 FOR UPDATE NOWAIT")]),
    (1, "mysql", [p("SELECT * FROM t WHERE id=1 FOR UPDATE OF t")]),
    (1, "mysql", [p("SELECT * FROM t WHERE id=1 FOR SHARE OF t SKIP LOCKED")]),
    (1, None, [p("SELECT * FROM t WHERE id=1 FOR\n\tUPDATE")]),
    (2, None, [p("SELECT * FROM t LOCK IN SHARE MODE")]),
    (2, None, [p("SELECT * FROM t lock /* x */ in share mode")]),
    (3, None, [p("(SELECT * FROM t FOR UPDATE)")]),
    (3, None, [p("SELECT * FROM (SELECT * FROM t WHERE id=1 FOR UPDATE) AS x")]),
    (4, "mysql", [p("WITH c AS (SELECT 1) SELECT * FROM t,c FOR SHARE")]),
    (4, "mariadb", [p("WITH c AS (SELECT 1) SELECT * FROM t,c LOCK IN SHARE MODE")]),
    (5, None, [r("WITH c AS (SELECT 'abc' AS w) SELECT REPLACE(w,'b','x') FROM c, t")]),
    (5, None, [r("WITH c AS (SELECT 'abc' AS w) SELECT INSERT(w,1,1,'x') FROM c, t")]),
    (6, "mysql", [p("WITH c AS (SELECT 1 AS x) UPDATE t JOIN c ON t.id=c.x SET t.a=t.a")]),
    (6, "mysql", [p("WITH c AS (SELECT 777 AS x) DELETE t FROM t JOIN c ON t.id=c.x")]),
    (7, None, [p("SELECT * FROM t WHERE id=1 /*!40001 FOR UPDATE */")]),
    (7, None, [p("/*!50000 UPDATE t SET a=a WHERE id=1 */")]),
    (7, None, [a("SELECT id /*!99999 , nonsense */ FROM t WHERE id=1")]),
    (7, "mariadb", [p("SELECT * FROM t WHERE id=1 /*M!100000 FOR UPDATE */")]),
    (7, "mysql", [r("SELECT * FROM t WHERE id=1 /*M!100000 FOR UPDATE */")]),
    (8, None, [r("SELECT 'FOR UPDATE', `for update` FROM quoted")]),
    (8, None, [a("SELECT \"FOR UPDATE\", 'it''s LOCK IN SHARE MODE' FROM t"),    # the primary's connection tells the sql_mode first
               r("SELECT \"FOR UPDATE\", 'it''s LOCK IN SHARE MODE' FROM t")]),
    (9, None, [n("SET sql_mode='ANSI_QUOTES'"), r("SELECT \"id\", 'x' FROM t")]),
    (9, None, [a(r"SELECT 'a\'; DELETE FROM t WHERE id=777; -- ' FROM t"),    # the primary's connection tells the sql_mode first
               r(r"SELECT 'a\'; DELETE FROM t WHERE id=777; -- ' FROM t")]),
    (9, None, [n("SET sql_mode='NO_BACKSLASH_ESCAPES'"), p("SELECT 'a\\'; DELETE FROM t WHERE id=777; -- ' FROM t")]),
    (10, None, [n("SET NAMES gbk"), r(b"SELECT LENGTH('\xbf\\') AS x, id FROM t /* {mark} */")]),
    (10, None, [n("SET NAMES gbk"), p(b"SELECT LENGTH('\xbf\\') AS x, id FROM t WHERE id=1 /* {mark} ' */ FOR UPDATE")]),
    (10, None, [n("SET NAMES latin1"), r(b"SELECT LENGTH('\xbf\\' FOR UPDATE') AS x, id FROM t /* {mark} */")]),
    (11, None, [p("-- c\nUPDATE t SET a=a WHERE id=1")]),
    (11, None, [p("#c\nUPDATE t SET a=a WHERE id=1")]),
    (11, None, [p("/* SELECT */ UPDATE t SET a=a WHERE id=1")]),
    (11, None, [r("/**/(((SELECT 1)))")]),
    (11, None, [r("  \n\t -- noise\n SELECT 1 FROM t")]),
    (12, None, [p("SELECT 1; UPDATE t SET a=a WHERE id=1")]),
    (12, None, [r("SELECT 1 FROM t;")]),
    (13, None, [p("SELECT writes_log()")]),
    (15, None, [p("DO writes_log()")]),
    (16, "mariadb", [p("SELECT NEXT VALUE FOR s")]),
    (16, "mariadb", [p("SELECT nextval(s)"), n("SELECT setval(s, 100)")]),
    (25, None, [p("SELECT id INTO @x FROM t WHERE id=1"), p("SELECT @x")]),
    (25, None, [p("SELECT * FROM t INTO OUTFILE '{folder}/rows.txt'")]),
    (25, None, [p("SELECT a FROM t WHERE id=1 INTO DUMPFILE '{folder}/row.txt'")]),
    (26, None, [n("SET autocommit=0"), p("SELECT * FROM t"), p("UPDATE t SET a=a WHERE id=1"), p("ROLLBACK")]),
    (27, None, [n("SET autocommit=0"), p("SELECT * FROM t"), p("SET autocommit=1"), a("SELECT * FROM t")]),
    (28, None, [n("START TRANSACTION READ ONLY"), r("SELECT * FROM t"), r("UPDATE t SET a=a", READ_ONLY), n("ROLLBACK")]),
    (30, None, [n("SET TRANSACTION READ ONLY"), n("BEGIN"), n("UPDATE t SET a=a", READ_ONLY), n("COMMIT"),
                n("BEGIN"), p("UPDATE t SET a=a WHERE id=1"), p("COMMIT")]),
    (30, None, [n("SET SESSION TRANSACTION READ ONLY"), n("BEGIN"), n("UPDATE t SET a=a", READ_ONLY), n("COMMIT"),
                n("BEGIN"), n("UPDATE t SET a=a", READ_ONLY), n("COMMIT")]),
    (31, None, [n("SET SESSION TRANSACTION ISOLATION LEVEL SERIALIZABLE"), p("SELECT * FROM t")]),
    (32, None, [p("BEGIN"), p("INSERT INTO t VALUES (320, 1)"), p("CREATE TABLE x32 (id INT)"), p("DROP TABLE x32"),
                a("SELECT * FROM t"), p("DELETE FROM t WHERE id=320")]),
    (33, None, [p("BEGIN"), p("UPDATE t SET a=a WHERE id=1"), p("COMMIT AND CHAIN"), p("SELECT * FROM t"), p("COMMIT")]),
    (33, None, [n("SET completion_type=CHAIN"), p("BEGIN"), p("UPDATE t SET a=a WHERE id=1"), p("COMMIT"),
                p("SELECT * FROM t"), n("SET completion_type=NO_CHAIN"), p("COMMIT")]),
    (34, None, [p("XA START 'a'"), p("INSERT INTO t VALUES (340, 1)"), p("XA END 'a'"), n("SELECT * FROM t", 1399),
                p("XA PREPARE 'a'"), p("XA COMMIT 'a'"), p("DELETE FROM t WHERE id=340")]),
    (35, None, [n("SET autocommit=0"), p("SAVEPOINT s"), p("INSERT INTO t VALUES (350, 1)"), p("ROLLBACK TO SAVEPOINT s"),
                p("ROLLBACK")]),
    (36, None, [p("LOCK TABLES t READ"), p("SELECT * FROM t"), p("UNLOCK TABLES")]),
    (36, None, [p("FLUSH TABLES t WITH READ LOCK"), p("SELECT * FROM t"), p("UNLOCK TABLES")]),
    (36, None, [p("FLUSH TABLES t FOR EXPORT"), p("SELECT * FROM t"), p("UNLOCK TABLES")]),
    (36, "mysql", [p("LOCK INSTANCE FOR BACKUP"), n("SELECT * FROM t"), p("UNLOCK INSTANCE")]),
    (37, None, [p("HANDLER t OPEN"), p("HANDLER t READ FIRST"), p("HANDLER t CLOSE")]),
    (41, None, [n("SET @sql='SELECT * FROM t'"), p("PREPARE s FROM @sql"), p("EXECUTE s"), p("DEALLOCATE PREPARE s")]),
    (42, "mariadb", [p("EXECUTE IMMEDIATE 'DELETE FROM t WHERE id=777'")]),
    (42, "mariadb", [p("SET STATEMENT max_statement_time=5 FOR DELETE FROM t WHERE id=777")]),
    (42, "mariadb", [p("BEGIN NOT ATOMIC DELETE FROM t WHERE id=777; END")]),
    (51, "mariadb", [p("ALTER USER routing_other IDENTIFIED BY 'x'")]),
    (51, "mysql", [n("SET PASSWORD FOR routing_other = {password}")]),    # its log leaves out the mark: it succeeds
    (51, "mysql", [p("SET DEFAULT ROLE NONE TO routing_other")]),
    (51, "mariadb", [p("SET DEFAULT ROLE NONE FOR routing_other")]),
    (51, "mariadb", [p("SET PASSWORD FOR routing_other = {password}")]),
    (56, "mariadb", [p("ANALYZE UPDATE t SET a=a WHERE id=1")]),
    (56, "mysql", [r("EXPLAIN ANALYZE SELECT * FROM t")]),
    (56, None, [a("EXPLAIN SELECT * FROM t")]),
    (56, None, [p("ANALYZE TABLE t")]),
    (56, None, [p("CHECK TABLE t")]),
    (57, "mysql", [r("TABLE t")]),
    (57, "mysql", [r("VALUES ROW(1)")]),
    (57, "mariadb", [r("VALUES (1), (2)")]),
    (57, None, [r("SELECT id FROM t INTERSECT SELECT id FROM t")]),
    (57, None, [r("SELECT id FROM t EXCEPT SELECT 5")]),
    (58, "mariadb", [p("INSERT INTO t VALUES (580, 1) RETURNING id"), p("REPLACE INTO t VALUES (580, 2) RETURNING a"),
                     p("DELETE FROM t WHERE id=580 RETURNING id")]),
]
