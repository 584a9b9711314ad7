#include "splitter/sql/routine_catalog.hpp"

#include "tests/unit/splitter/sql/statement_row.hpp"

#include <utility>

namespace weir::splitter::testing {
namespace {

routine_source function_of(std::string name, std::string body, std::string sql_mode = {}) {
    return {
        .what = routine_source::kind::function,
        .schema = "app",
        .name = std::move(name),
        .body = std::move(body),
        .sql_mode = std::move(sql_mode),
        .parameters = {"p"}};
}

/// Functions and views that read and write, each also through others.
definition_source an_application() {
    definition_source all;
    all.flavor = protocol::mysql::server_flavor::mysql;
    all.version_number = 90700;
    all.routines = {
        function_of("looks", "RETURN (SELECT COUNT(*) FROM t)"),
        function_of("writes", "BEGIN INSERT INTO t VALUES (1); RETURN 1; END"),
        function_of("looks_deeply", "RETURN looks(p) + app.looks(1)"),
        function_of("writes_deeply", "RETURN looks(p) + writes(1)"),
        function_of("writes_more_deeply", "RETURN writes_deeply(p)"),
        function_of("calls_itself", "RETURN IF(p, calls_itself(p - 1), 0)"),
        function_of("calls_ping", "RETURN calls_pong(p)"),
        function_of("calls_pong", "RETURN calls_ping(p)"),
        function_of("calls_nothing_known", "RETURN gone(p)"),
        function_of("looks_a_view", "RETURN (SELECT COUNT(*) FROM plain)"),
        function_of("looks_a_writing_view", "RETURN (SELECT COUNT(*) FROM writing)"),
        function_of("oracle", "RETURN 1", "PIPES_AS_CONCAT,ORACLE"),
        function_of("quoted", "RETURN \"writes\"(1)", "ANSI_QUOTES,STRICT_ALL_TABLES"),
        function_of("hidden", "RETURN 1"),
        function_of("loaded", "RETURN 1"),
        function_of("count", "RETURN 1"),
        function_of("f\xC3\xA9", "RETURN 1"),
        {.schema = "mysql",
         .name = "of_the_server",
         .body = "RETURN 1",
         .sql_mode = {},
         .parameters = {}},
        {.what = routine_source::kind::procedure,
         .schema = "app",
         .name = "plain_procedure",
         .body = "BEGIN INSERT INTO t VALUES (1); SELECT 'CREATE VIEW'; END",
         .sql_mode = {},
         .parameters = {}},
        {.what = routine_source::kind::procedure,
         .schema = "app",
         .name = "making_procedure",
         .body = "BEGIN CREATE VIEW v AS SELECT 1; END",
         .sql_mode = {},
         .parameters = {}},
        {.what = routine_source::kind::other,
         .schema = "other",
         .name = "pack",
         .body = std::nullopt,
         .sql_mode = {},
         .parameters = {}},
        {.schema = "pack", .name = "looks", .body = "RETURN 1", .sql_mode = {}, .parameters = {}},
    };
    all.routines[13].body.reset();
    all.views = {
        {"app", "plain", "select `app`.`t`.`a` AS `a` from `app`.`t`"},
        {"app", "reading", "select `app`.`looks`(1) AS `a`"},
        {"app", "writing", "select `app`.`writes`(1) AS `a`"},
        {"app", "Writing_Too", "select `writing`.`a` AS `a` from `app`.`writing`"},
        {"app",
         "reading_too",
         "select `reading`.`a` AS `a` from (`app`.`reading` join `app`.`plain`)"},
        {"app", "secret", std::nullopt},
        {"app", "of_the_server", "select 1 from `performance_schema`.`threads`"},
        {"app", "of_the_connection", "select connection_id() AS `connection_id()`"},
        {"app", "locking", "select `app`.`t`.`a` AS `a` from `app`.`t` for update"},
    };
    all.loadable_functions = {{"loaded"}};
    return all;
}

TEST(routine_catalog, row_13_functions_that_only_read_may_run_anywhere) {
    const auto catalog = routine_catalog::make(an_application());
    expect_rows(
        {catalog.get(), "app"},
        mysql_97(),
        {
            {"SELECT looks(1)", "read replica"},
            {"SELECT LOOKS (1)", "read replica"},
            {"SELECT `looks`(1)", "read replica"},
            {"SELECT app.looks(1), `app` . `looks` (2) FROM t", "read replica"},
            {"SELECT a FROM t WHERE looks(a) = 1 ORDER BY looks_deeply(a)", "read replica"},
            {"WITH c AS (SELECT looks(1) x) SELECT x FROM c", "read replica"},
            {"SELECT looks_a_view(1)", "read replica"},
            {"EXPLAIN SELECT looks(1)", "read replica"},
            {"SELECT writes(1)", "write"},
            {"SELECT looks(writes(1))", "write"},
            {"SELECT writes_deeply(1)", "write"},
            {"SELECT writes_more_deeply(1)", "write"},
            {"SELECT calls_itself(1)", "write"},
            {"SELECT calls_ping(1)", "write"},
            {"SELECT calls_nothing_known(1)", "write"},
            {"SELECT looks_a_writing_view(1)", "write"},
            {"SELECT oracle(1)", "write"},
            {"SELECT quoted(1)", "write"},
            {"SELECT hidden(1)", "write"},
            {"SELECT f\xC3\xA9(1)", "write"},
            {"SELECT gone(1)", "write"},
            {"SELECT other.looks(1)", "write"},
            {"SELECT app.app.looks(1)", "write"},
            {"SELECT mysql.of_the_server(1)", "write"},
            {"SELECT looks(1) FROM t FOR UPDATE", "write"},
            {"DO looks(1)", "write"},
            {"SELECT looks(1), CONNECTION_ID()", "read"},
            {"SET @a = looks(1)", "set pins"},
        }
    );
}

TEST(routine_catalog, names_without_a_schema_belong_to_the_current_one) {
    const auto catalog = routine_catalog::make(an_application());
    expect_rows(
        {catalog.get(), "other"},
        mysql_97(),
        {
            {"SELECT looks(1)", "write"},
            {"SELECT app.looks(1)", "read replica"},
            {"SELECT App.looks(1)", "write"},
            {"SELECT * FROM writing", "read replica"},
            {"SELECT * FROM app.writing", "write"},
        }
    );
    expect_rows({catalog.get(), {}}, mysql_97(), {{"SELECT looks(1)", "write"}});
}

TEST(routine_catalog, built_in_loadable_and_packaged_functions_hide_stored_ones) {
    const auto catalog = routine_catalog::make(an_application());
    expect_rows(
        {catalog.get(), "app"},
        mysql_97(),
        {
            {"SELECT loaded(1)", "write"},
            {"SELECT app.loaded(1)", "read replica"},
            {"SELECT count(1)", "read replica"},
            {"SELECT count (1)", "read replica"},
            {"SELECT `count`(1)", "write"},
            {"SELECT `get_lock`('a', 1)", "write pins"},
            {"SELECT pack.looks()", "write"},
        }
    );
    auto unknown_libraries = an_application();
    unknown_libraries.loadable_functions.reset();
    const auto careful = routine_catalog::make(unknown_libraries);
    expect_rows(
        {careful.get(), "app"},
        mysql_97(),
        {{"SELECT looks(1)", "write"}, {"SELECT app.looks(1)", "read replica"}}
    );
}

TEST(routine_catalog, row_14_views_that_do_more_than_read_tables_belong_to_the_primary) {
    const auto catalog = routine_catalog::make(an_application());
    expect_rows(
        {catalog.get(), "app"},
        mysql_97(),
        {
            {"SELECT * FROM plain", "read replica"},
            {"SELECT * FROM reading", "read replica"},
            {"SELECT * FROM reading_too", "read replica"},
            {"SELECT * FROM t JOIN other_table USING (writing, a)", "read replica"},
            {"SELECT writing, a FROM t", "read replica"},
            {"SELECT t.writing FROM t", "read replica"},
            {"SELECT a FROM t WHERE writing = 1 ORDER BY a, writing", "read replica"},
            {"SELECT * FROM other.writing", "read replica"},
            {"SELECT * FROM writing", "write"},
            {"SELECT * FROM WRITING", "write"},
            {"SELECT * FROM `writing` w", "write"},
            {"SELECT * FROM app.writing", "write"},
            {"SELECT * FROM APP . `Writing`", "write"},
            {"SELECT * FROM .writing", "write"},
            {"SELECT * FROM writing_too", "write"},
            {"SELECT * FROM t, writing", "write"},
            {"SELECT * FROM t a, u b, writing", "write"},
            {"SELECT * FROM (t, writing)", "write"},
            {"SELECT * FROM ((writing))", "write"},
            {"SELECT * FROM (t JOIN u), writing", "write"},
            {"SELECT * FROM t JOIN u ON t.a IN (1, 2), writing", "write"},
            {"SELECT * FROM t USE INDEX FOR ORDER BY (i), writing", "write"},
            {"SELECT * FROM t LEFT JOIN writing ON 1", "write"},
            {"SELECT * FROM t STRAIGHT_JOIN writing", "write"},
            {"SELECT (SELECT a FROM writing)", "write"},
            {"SELECT 1 UNION SELECT a FROM writing", "write"},
            {"TABLE writing", "write"},
            {"WITH c AS (TABLE writing) SELECT * FROM c", "write"},
            {"EXPLAIN SELECT * FROM writing", "write"},
            {"SELECT * FROM secret", "write"},
            {"SELECT * FROM of_the_server", "write"},
            {"SELECT * FROM of_the_connection", "write"},
            {"SELECT * FROM locking", "write"},
            {"SELECT * FROM `a``b`", "write"},
            {"SELECT * FROM caf\xC3\xA9", "read replica"},
        }
    );
}

TEST(routine_catalog, a_name_beyond_ascii_may_be_any_view_of_that_kind) {
    auto source = an_application();
    source.views.push_back({"app", "caf\xC3\xA9", std::nullopt});
    const auto catalog = routine_catalog::make(source);
    expect_rows(
        {catalog.get(), "app"},
        mysql_97(),
        {
            {"SELECT * FROM caf\xC3\xA9", "write"},
            {"SELECT * FROM caf\xC3\x89", "write"},
            {"SELECT * FROM t", "read replica"},
        }
    );
}

TEST(routine_catalog, views_that_differ_in_case_are_both_watched) {
    auto source = an_application();
    source.views.push_back({"app", "WRITING", "select 1 AS `1`"});
    const auto catalog = routine_catalog::make(source);
    expect_rows({catalog.get(), "app"}, mysql_97(), {{"SELECT * FROM WRITING", "write"}});
}

TEST(routine_catalog, looks_at_tables_only_if_some_view_is_unproven) {
    auto source = an_application();
    EXPECT_TRUE(routine_catalog::make(source)->watches_tables());
    source.views.resize(2);
    EXPECT_FALSE(routine_catalog::make(source)->watches_tables());
    EXPECT_TRUE(routine_catalog::make(source)->has_views());
    EXPECT_FALSE(routine_catalog::make({})->has_views());
}

TEST(routine_catalog, tells_procedures_that_define_nothing) {
    const auto catalog = routine_catalog::make(an_application());
    EXPECT_TRUE(catalog->defines_nothing("app", "plain_procedure"));
    EXPECT_TRUE(catalog->defines_nothing("app", "Plain_Procedure"));
    EXPECT_FALSE(catalog->defines_nothing("other", "plain_procedure"));
    EXPECT_FALSE(catalog->defines_nothing("app", "making_procedure"));
    EXPECT_FALSE(catalog->defines_nothing("app", "gone"));
    EXPECT_FALSE(catalog->defines_nothing("app", "looks"));
}

TEST(routine_catalog, knows_what_calls_leave_on_their_connection) {
    const auto procedure = [](std::string name, std::optional<std::string> body) {
        return routine_source{
            .what = routine_source::kind::procedure,
            .schema = "App",
            .name = std::move(name),
            .body = std::move(body),
            .sql_mode = {},
            .parameters = {}};
    };
    definition_source all = an_application();
    all.routines.push_back(procedure("sets", "SET @a = 1"));
    all.routines.push_back(procedure("sets_deeply", "BEGIN CALL sets_more(); END"));
    all.routines.push_back(procedure("sets_more", "CALL App.SETS"));
    all.routines.push_back(procedure("locks", "SELECT takes_lock(1)"));
    all.routines.push_back(procedure("makes", "CREATE TEMPORARY TABLE t1 (a INT)"));
    all.routines.push_back(procedure("hidden", std::nullopt));
    all.routines.push_back(procedure("calls_unknown", "CALL gone()"));
    all.routines.push_back(procedure("reads", "SELECT COUNT(*) FROM t"));
    all.routines.push_back(function_of("takes_lock", "RETURN GET_LOCK('a', 1)"));
    const auto catalog = routine_catalog::make(all);
    const auto left_by = [&](std::string_view name) {
        const auto* const left = catalog->left_by_procedure("app", name);
        return left == nullptr ? body_leftovers{.other_text = true} : *left;
    };
    EXPECT_TRUE(left_by("sets").user_variables);
    EXPECT_TRUE(left_by("sets_deeply").user_variables);
    EXPECT_FALSE(left_by("sets_deeply").other_text);
    EXPECT_TRUE(left_by("locks").named_locks);
    EXPECT_EQ(left_by("MAKES").temporary_tables.size(), 1U);
    EXPECT_TRUE(left_by("hidden").other_text);
    EXPECT_TRUE(left_by("calls_unknown").other_text);
    EXPECT_FALSE(left_by("reads").has_any());
    EXPECT_FALSE(left_by("reads").other_text);
    EXPECT_EQ(catalog->left_by_procedure("app", "gone"), nullptr);
    EXPECT_TRUE(catalog->leaves_state({"app", "takes_lock", false}));
    EXPECT_FALSE(catalog->leaves_state({"app", "looks", false}));
}

}  // namespace
}  // namespace weir::splitter::testing
