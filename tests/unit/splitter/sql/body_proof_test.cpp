#include "splitter/sql/body_proof.hpp"

#include "tests/unit/splitter/sql/statement_row.hpp"

#include <array>
#include <set>
#include <string>

namespace weir::splitter::testing {
namespace {

/// Functions and views by name; the schema that holds for names without one is "app".
class few_names final : public name_meanings {
public:
    [[nodiscard]] bool only_reads(const called_function& function) const noexcept override {
        return function.schema == "app" && function.name == "looks";
    }

    [[nodiscard]] bool watches_tables() const noexcept override { return true; }

    [[nodiscard]] bool may_hide_a_write(std::string_view schema, std::string_view table)
        const noexcept override {
        return schema == "app" && table == "writing_view";
    }
};

struct body_row {
    std::string_view body;
    bool only_reads;
};

void expect_bodies(const lexer_options& options, std::initializer_list<body_row> rows) {
    const few_names names;
    const std::array<std::string, 2> parameters{"p", "Q"};
    for (const body_row& row : rows) {
        EXPECT_EQ(body_only_reads(row.body, parameters, options, {&names, "app"}), row.only_reads)
            << row.body;
    }
}

void expect_bodies_everywhere(std::initializer_list<body_row> rows) {
    {
        SCOPED_TRACE("MySQL 9.7");
        expect_bodies(mysql_97(), rows);
    }
    SCOPED_TRACE("MariaDB 10.11");
    expect_bodies(mariadb_1011(), rows);
}

TEST(body_proof, takes_a_return_of_what_a_query_may_hold) {
    expect_bodies_everywhere({
        {"RETURN 1", true},
        {"return p + Q * 2", true},
        {"RETURN CONCAT(p, '; DELETE FROM t')", true},
        {"RETURN (SELECT COUNT(*) FROM t WHERE id = p)", true},
        {"RETURN CASE WHEN p > 1 THEN 2 ELSE CASE Q WHEN 3 THEN 4 END END", true},
        {"RETURN IF(p, (SELECT MAX(a) FROM u), 0) -- a comment", true},
        {"BEGIN RETURN NOW(); END", true},
        {"", true},
        {"RETURN (SELECT 1 FROM t FOR UPDATE)", false},
        {"RETURN CONNECTION_ID()", false},
        {"RETURN LAST_INSERT_ID()", false},
        {"RETURN ROW_COUNT()", false},
        {"RETURN GET_LOCK('a', 1)", false},
        {"RETURN @a", false},
        {"RETURN (@a := p)", false},
        {"RETURN @@read_only", false},
        {"RETURN (SELECT COUNT(*) FROM information_schema.processlist)", false},
        {"RETURN (SELECT COUNT(*) FROM mysql.user)", false},
        {"RETURN 'unterminated", false},
        {"RETURN", false},
    });
}

TEST(body_proof, asks_the_scope_for_functions_and_views) {
    expect_bodies_everywhere({
        {"RETURN looks(p)", true},
        {"RETURN app.looks(p)", true},
        {"RETURN `app`.`looks`(p)", true},
        {"RETURN `looks`(p)", true},
        {"RETURN other.looks(p)", false},
        {"RETURN app.app.looks(p)", false},
        {"RETURN writes(p)", false},
        {"RETURN (SELECT COUNT(*) FROM t JOIN looks ON t.a = looks.a)", true},
        {"RETURN (SELECT COUNT(*) FROM writing_view)", false},
        {"RETURN (SELECT COUNT(*) FROM t, writing_view)", false},
        {"RETURN (SELECT COUNT(*) FROM t JOIN app.`writing_view`)", false},
        {"RETURN (SELECT COUNT(*) FROM other.writing_view)", true},
        {"RETURN (SELECT writing_view FROM t)", true},
    });
}

TEST(body_proof, takes_local_variables_but_nothing_of_the_session) {
    expect_bodies_everywhere({
        {"BEGIN DECLARE x INT; SET x = p; RETURN x; END", true},
        {"BEGIN DECLARE x, y DECIMAL(10,2) DEFAULT 1; SET x = 1, y := x + 1; RETURN x; END", true},
        {"BEGIN DECLARE s VARCHAR(10) CHARACTER SET utf8mb4 DEFAULT UPPER('a'); RETURN s; END",
         true},
        {"BEGIN DECLARE e ENUM('a','b'); RETURN e; END", true},
        {"BEGIN SET p = 2; SET q = 3; RETURN p; END", true},
        {"BEGIN DECLARE `my x` INT; SET `MY X` = 1; RETURN 1; END", true},
        {"BEGIN DECLARE x INT DEFAULT writes(1); RETURN x; END", false},
        {"BEGIN SET @a = 1; RETURN 1; END", false},
        {"BEGIN SET sql_mode = ''; RETURN 1; END", false},
        {"BEGIN SET SESSION sql_mode = ''; RETURN 1; END", false},
        {"BEGIN SET @@sql_mode = ''; RETURN 1; END", false},
        {"BEGIN SET NAMES utf8mb4; RETURN 1; END", false},
        {"BEGIN DECLARE session INT; SET session sql_mode = ''; RETURN 1; END", false},
        {"BEGIN DECLARE x INT; SET x = 1, sql_mode = ''; RETURN 1; END", false},
        {"BEGIN BEGIN DECLARE sql_mode INT; END; SET sql_mode = ''; RETURN 1; END", false},
        {"BEGIN BEGIN DECLARE sql_mode INT; SET sql_mode = 1; END; RETURN 1; END", true},
        {"BEGIN IF p THEN SET NEW.a = 1; END IF; END", false},
    });
}

TEST(body_proof, takes_queries_into_local_variables) {
    expect_bodies_everywhere({
        {"BEGIN DECLARE x INT; SELECT a INTO x FROM t WHERE id = p; RETURN x; END", true},
        {"BEGIN DECLARE x, y INT; SELECT a, b FROM t LIMIT 1 INTO x, y; RETURN x; END", true},
        {"BEGIN DECLARE x INT; WITH c AS (SELECT 1 a) SELECT a INTO x FROM c; RETURN x; END", true},
        {"BEGIN SELECT a INTO @x FROM t; RETURN 1; END", false},
        {"BEGIN SELECT a INTO OUTFILE '/tmp/x' FROM t; RETURN 1; END", false},
        {"BEGIN SELECT a INTO DUMPFILE '/tmp/x' FROM t; RETURN 1; END", false},
        {"BEGIN SELECT a INTO z FROM t; RETURN 1; END", false},
        {"BEGIN DECLARE x INT; SELECT a INTO x FROM t FOR UPDATE; RETURN x; END", false},
        {"BEGIN DECLARE x INT; SELECT a INTO x FROM t LOCK IN SHARE MODE; RETURN x; END", false},
        {"BEGIN DECLARE x INT; SELECT SQL_CALC_FOUND_ROWS a INTO x FROM t; RETURN x; END", false},
    });
}

TEST(body_proof, follows_every_branch_and_loop) {
    expect_bodies_everywhere({
        {"BEGIN IF p THEN RETURN 1; ELSEIF Q THEN RETURN 2; ELSE RETURN 3; END IF; END", true},
        {"BEGIN IF CASE p WHEN 1 THEN 2 END THEN RETURN 1; END IF; RETURN 2; END", true},
        {"BEGIN CASE p WHEN 1 THEN RETURN 1; WHEN Q THEN RETURN 2; ELSE RETURN 3; END CASE; END",
         true},
        {"BEGIN CASE WHEN p THEN RETURN 1; ELSE BEGIN END; END CASE; RETURN 2; END", true},
        {"BEGIN WHILE p < 9 DO SET p = p + 1; END WHILE; RETURN p; END", true},
        {"BEGIN a: LOOP SET p = p + 1; IF p > 9 THEN LEAVE a; END IF; ITERATE a; END LOOP a; "
         "RETURN p; END",
         true},
        {"BEGIN REPEAT SET p = p + 1; UNTIL p > CASE Q WHEN 1 THEN 2 END END REPEAT; RETURN p; END",
         true},
        {"outermost: BEGIN RETURN 1; END outermost", true},
        {"BEGIN IF p THEN INSERT INTO t VALUES (1); END IF; RETURN 1; END", false},
        {"BEGIN IF p THEN RETURN 1; ELSE DELETE FROM t; END IF; RETURN 1; END", false},
        {"BEGIN IF writes(1) THEN RETURN 1; END IF; RETURN 2; END", false},
        {"BEGIN CASE p WHEN writes(1) THEN RETURN 1; END CASE; END", false},
        {"BEGIN CASE writes(p) WHEN 1 THEN RETURN 1; END CASE; END", false},
        {"BEGIN CASE p WHEN 1 THEN UPDATE t SET a = 1; END CASE; RETURN 1; END", false},
        {"BEGIN WHILE writes(1) DO SET p = 1; END WHILE; RETURN 1; END", false},
        {"BEGIN WHILE p DO TRUNCATE t; END WHILE; RETURN 1; END", false},
        {"BEGIN REPEAT SET p = 1; UNTIL writes(1) END REPEAT; RETURN 1; END", false},
    });
}

TEST(body_proof, takes_cursors_handlers_and_conditions) {
    expect_bodies_everywhere({
        {"BEGIN DECLARE done INT DEFAULT 0; DECLARE x INT; DECLARE c CURSOR FOR SELECT a FROM t; "
         "DECLARE CONTINUE HANDLER FOR NOT FOUND SET done = 1; OPEN c; FETCH c INTO x; CLOSE c; "
         "RETURN x; END",
         true},
        {"BEGIN DECLARE x INT; DECLARE EXIT HANDLER FOR SQLSTATE VALUE '42S02', 1146, SQLEXCEPTION "
         "BEGIN RETURN 0; END; SELECT a INTO x FROM t; RETURN x; END",
         true},
        {"BEGIN DECLARE odd CONDITION FOR SQLSTATE '45000'; SIGNAL odd SET MESSAGE_TEXT = p; "
         "RETURN 1; END",
         true},
        {"BEGIN SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = @a; RETURN 1; END", false},
        {"BEGIN DECLARE EXIT HANDLER FOR SQLEXCEPTION INSERT INTO log VALUES (1); RETURN 1; END",
         false},
        {"BEGIN DECLARE c CURSOR FOR SELECT writes(1); OPEN c; RETURN 1; END", false},
        {"BEGIN DECLARE c CURSOR FOR SELECT a FROM t FOR UPDATE; OPEN c; RETURN 1; END", false},
        {"BEGIN DECLARE c CURSOR FOR s; OPEN c; RETURN 1; END", false},
        {"BEGIN FETCH c INTO @x; RETURN 1; END", false},
    });
}

TEST(body_proof, takes_no_other_statement) {
    expect_bodies_everywhere({
        {"BEGIN INSERT INTO t VALUES (1); RETURN 1; END", false},
        {"BEGIN REPLACE INTO t VALUES (1); RETURN 1; END", false},
        {"BEGIN WITH c AS (SELECT 1) DELETE FROM t; RETURN 1; END", false},
        {"BEGIN CALL p(); RETURN 1; END", false},
        {"BEGIN DO writes(1); RETURN 1; END", false},
        {"BEGIN PREPARE s FROM 'DELETE FROM t'; EXECUTE s; RETURN 1; END", false},
        {"BEGIN EXECUTE IMMEDIATE 'DELETE FROM t'; RETURN 1; END", false},
        {"BEGIN CREATE TEMPORARY TABLE x (a INT); RETURN 1; END", false},
        {"BEGIN DROP TEMPORARY TABLE x; RETURN 1; END", false},
        {"BEGIN GET DIAGNOSTICS p = ROW_COUNT; RETURN 1; END", false},
        {"BEGIN HANDLER t OPEN; RETURN 1; END", false},
        {"BEGIN LOCK TABLES t READ; RETURN 1; END", false},
        {"BEGIN FLUSH TABLES; RETURN 1; END", false},
        {"BEGIN COMMIT; RETURN 1; END", false},
        {"BEGIN NOT ATOMIC RETURN 1; END", false},
        {"BEGIN FOR i IN 1 .. 3 DO RETURN i; END FOR; END", false},
        {"BEGIN ANALYZE TABLE t; RETURN 1; END", false},
        {"BEGIN SHOW TABLES; RETURN 1; END", false},
        {"BEGIN /*!50000 INSERT INTO t VALUES (1); */ RETURN 1; END", false},
        {"function (a) { return a }", false},
    });
}

TEST(body_proof, is_read_in_the_sql_mode_of_the_routine) {
    lexer_options ansi = mysql_97();
    ansi.ansi_quotes = true;
    expect_bodies(ansi, {{"RETURN \"writes\"(1)", false}, {"RETURN \"looks\"(1)", true}});
    lexer_options plain_backslash = mysql_97();
    plain_backslash.no_backslash_escapes = true;
    expect_bodies(plain_backslash, {{"RETURN CONCAT('\\', writes(1), ')", false}});
    expect_bodies(mysql_97(), {{"RETURN CONCAT('\\', writes(1), ')", true}});
}

}  // namespace
}  // namespace weir::splitter::testing
