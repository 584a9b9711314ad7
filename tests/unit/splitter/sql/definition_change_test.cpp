#include "splitter/sql/definition_change.hpp"

#include "splitter/sql/known_definitions.hpp"

#include "tests/unit/splitter/sql/statement_row.hpp"

namespace weir::splitter::testing {
namespace {

std::string change_in_words(const std::optional<definition_change>& change) {
    if (!change) return "nothing";
    switch (change->which) {
        case definition_change::views::none: return change->is_assumed ? "assumed" : "routines";
        case definition_change::views::one: return "view " + change->name;
        case definition_change::views::any: return "any view";
    }
    return "?";
}

std::shared_ptr<const routine_catalog> a_catalog() {
    definition_source all;
    all.flavor = protocol::mysql::server_flavor::mysql;
    all.version_number = 90700;
    const auto procedure = [](std::string name, std::string body) {
        return routine_source{
            .what = routine_source::kind::procedure,
            .schema = "app",
            .name = std::move(name),
            .body = std::move(body),
            .sql_mode = {},
            .parameters = {}};
    };
    all.routines = {
        procedure("harmless", "INSERT INTO t VALUES (1)"),
        procedure("making", "BEGIN PREPARE s FROM @a; EXECUTE s; END"),
        {.schema = "app", .name = "looks", .body = "RETURN 1", .sql_mode = {}, .parameters = {}}};
    all.views = {{"app", "plain", "select 1 AS `1`"}, {"app", "hidden", std::nullopt}};
    all.loadable_functions.emplace();
    return routine_catalog::make(all);
}

struct change_row {
    std::string_view sql;
    std::string_view expected;
};

void expect_changes(const lexer_options& options, std::initializer_list<change_row> rows) {
    const auto catalog = a_catalog();
    for (const change_row& row : rows) {
        const auto traits = classify(row.sql, options);
        const auto change = definition_change_of(row.sql, traits, options, catalog.get(), "app");
        EXPECT_EQ(change_in_words(change), row.expected) << row.sql;
    }
}

void expect_changes_everywhere(std::initializer_list<change_row> rows) {
    {
        SCOPED_TRACE("MySQL 9.7");
        expect_changes(mysql_97(), rows);
    }
    SCOPED_TRACE("MariaDB 10.11");
    expect_changes(mariadb_1011(), rows);
}

TEST(definition_change, is_what_makes_a_function_or_a_view) {
    expect_changes_everywhere({
        {"CREATE FUNCTION f() RETURNS INT RETURN 1", "routines"},
        {"CREATE DEFINER=`a`@`%` FUNCTION f() RETURNS INT BEGIN INSERT INTO t VALUES (1); RETURN "
         "1; END",
         "routines"},
        {"create aggregate function f returns string soname 'x.so'", "routines"},
        {"ALTER FUNCTION f SQL SECURITY INVOKER", "routines"},
        {"DROP FUNCTION IF EXISTS f", "routines"},
        {"CREATE PROCEDURE p() SELECT 1", "routines"},
        {"INSTALL COMPONENT 'file://x'", "assumed"},
        {"CREATE VIEW v AS SELECT 1", "view v"},
        {"/*!50001 CREATE ALGORITHM=UNDEFINED */ /*!50013 DEFINER=`a`@`%` SQL SECURITY DEFINER */ "
         "/*!50001 VIEW `v` AS SELECT 1 */",
         "view v"},
        {"CREATE OR REPLACE DEFINER = a@'%' SQL SECURITY INVOKER VIEW app . `V w` (a, b) AS SELECT "
         "1, 2",
         "view V w"},
        {"ALTER VIEW app.v AS SELECT 1", "view v"},
        {"DROP VIEW v", "view v"},
        {"/* a */ ; ; CREATE VIEW v AS SELECT 1;", "view v"},
        {"CREATE VIEW `a``b` AS SELECT 1", "any view"},
        {"CREATE VIEW caf\xC3\xA9 AS SELECT 1", "any view"},
        {"RENAME TABLE v TO w", "any view"},
        {"ALTER TABLE v ADD COLUMN a INT, RENAME TO w", "any view"},
        {"SELECT 1; CREATE VIEW v AS SELECT 1", "view v"},
        {"CREATE FUNCTION f() RETURNS INT RETURN 1; INSERT INTO t VALUES (1), (2); CREATE VIEW v "
         "AS SELECT 1",
         "view v"},
        {"CREATE VIEW v AS SELECT 1; CREATE VIEW w AS SELECT 1", "any view"},
    });
    expect_changes(mariadb_1011(), {{"CREATE VIEW IF NOT EXISTS v AS SELECT 1", "view v"}});
}

TEST(definition_change, is_assumed_of_what_is_not_seen) {
    expect_changes_everywhere({
        {"CALL making()", "assumed"},
        {"CALL app.making()", "assumed"},
        {"CALL gone()", "assumed"},
        {"CALL other.harmless()", "assumed"},
        {"EXECUTE s", "assumed"},
        {"EXECUTE s; CALL gone()", "assumed"},
        {"EXECUTE s; DROP FUNCTION f", "routines"},
        {"CREATE VIEW v AS SELECT 1; EXECUTE s", "view v"},
        {"CALL harmless(1)", "nothing"},
        {"CALL `app`.`harmless`", "nothing"},
    });
    expect_changes(
        mariadb_1011(),
        {
            {"EXECUTE IMMEDIATE 'CREATE VIEW v AS SELECT 1'", "assumed"},
            {"BEGIN NOT ATOMIC CREATE VIEW v AS SELECT 1; END", "any view"},
            {"BEGIN NOT ATOMIC CALL making(); END", "routines"},
            {"BEGIN NOT ATOMIC INSERT INTO t VALUES (1); END", "nothing"},
            {"SET STATEMENT max_statement_time=1 FOR CREATE VIEW v AS SELECT 1", "any view"},
            {"SET STATEMENT max_statement_time=1 FOR INSERT INTO t VALUES (1)", "nothing"},
        }
    );
}

TEST(definition_change, is_nothing_that_other_statements_do) {
    expect_changes_everywhere({
        {"SELECT 1", "nothing"},
        {"INSERT INTO `view` VALUES (1, 'CREATE VIEW v AS SELECT 1')", "nothing"},
        {"UPDATE t SET a = 1; SELECT 1", "nothing"},
        {"CREATE TABLE t (`view` INT)", "nothing"},
        {"CREATE OR REPLACE TEMPORARY TABLE t (a INT)", "nothing"},
        {"ALTER TABLE t ADD COLUMN a INT", "nothing"},
        {"CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW SET NEW.a = 1", "nothing"},
        {"CREATE DATABASE d", "nothing"},
        {"DROP TABLE t", "nothing"},
        {"COMMIT", "nothing"},
        {"", "nothing"},
    });
}

struct known_row {
    const char* claim;
    std::vector<definition_change> unseen;
    std::string_view sql;
    std::string_view expected;
};

TEST(known_definitions, prove_nothing_that_a_change_may_have_touched) {
    using views = definition_change::views;
    const std::vector<definition_change> routines{{}};
    const std::vector<definition_change> view{{.which = views::one, .name = "T"}};
    const std::vector<definition_change> any{
        {.which = views::one, .name = "t"}, {.which = views::any}};
    const known_row rows[] = {
        {"a proven function", {}, "SELECT looks()", "read replica"},
        {"a proven view", {}, "SELECT * FROM plain", "read replica"},
        {"a table", {}, "SELECT * FROM t", "read replica"},
        {"a view that is hidden", {}, "SELECT * FROM hidden", "write"},
        {"a function, another changed", routines, "SELECT looks()", "write"},
        {"a view, a function changed", routines, "SELECT * FROM plain", "write"},
        {"a table, a function changed", routines, "SELECT * FROM t", "read replica"},
        {"a hidden view, a function changed", routines, "SELECT * FROM hidden", "write"},
        {"a function, a view changed", view, "SELECT looks()", "write"},
        {"the table that a view may replace", view, "SELECT * FROM t", "write"},
        {"... in another schema", view, "SELECT * FROM other.t", "write"},
        {"another table", view, "SELECT * FROM u", "read replica"},
        {"any table, names unknown", any, "SELECT * FROM u", "write"},
        {"no table, names unknown", any, "SELECT 1", "read replica"},
    };
    for (const known_row& row : rows) {
        const known_definitions known{7, a_catalog(), row.unseen};
        const auto traits = classify(row.sql, mysql_97(), {&known, "app"});
        EXPECT_EQ(in_words(traits), row.expected) << row.claim;
    }
}

TEST(known_definitions, take_views_for_tables_as_long_as_nothing_was_read) {
    const known_definitions nothing;
    const known_definitions behind{1, nullptr, {{.which = definition_change::views::any}}};
    for (const known_definitions* known : {&nothing, &behind}) {
        const name_scope scope{known, "app"};
        EXPECT_TRUE(classify("SELECT * FROM hidden", mysql_97(), scope).only_reads);
        EXPECT_FALSE(classify("SELECT looks()", mysql_97(), scope).only_reads);
        EXPECT_EQ(known->catalog(), nullptr);
    }
}

}  // namespace
}  // namespace weir::splitter::testing
