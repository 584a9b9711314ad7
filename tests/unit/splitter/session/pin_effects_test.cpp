#include "splitter/session/pin_effects.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

namespace weir::splitter {
namespace {

/// What is held, "temporary table d.x, named lock j*2".
std::string pins_in_words(const pins& held) {
    std::string words;
    for (const auto& one : held.all()) {
        if (!words.empty()) words += ", ";
        words += name_of(one.cause);
        if (!one.name.empty()) words += " " + one.name;
        if (one.times > 1) words += "*" + std::to_string(one.times);
    }
    return words;
}

enum class ending : std::uint8_t { success, error };

void run(std::string_view text, ending how, pins& held) {
    static const lexer_options mariadb{
        .flavor = protocol::mysql::server_flavor::mariadb, .server_version = 101119};
    const auto effects = effects_on_pins(text, "d", mariadb);
    apply_before(effects, text, held);
    apply_after(effects, how == ending::error, held);
}

TEST(pin_effects, add_what_lives_on_a_connection_and_take_it_away) {
    const struct {
        std::vector<std::string_view> statements;
        std::string_view expected;
    } rows[] = {
        {{"CREATE TEMPORARY TABLE x (a INT)"}, "temporary table d.x"},
        {{"CREATE TEMPORARY TABLE `X` (a INT)", "DROP TABLE x"}, ""},
        {{"CREATE TEMPORARY TABLE e.x (a INT)", "DROP TEMPORARY TABLE IF EXISTS y, e.x"}, ""},
        {{"CREATE TEMPORARY TABLE x (a INT)", "DROP TABLE e.x"}, "temporary table d.x"},
        {{"CREATE OR REPLACE TEMPORARY TABLE x SELECT 1",
          "CREATE OR REPLACE TEMPORARY TABLE x SELECT 2",
          "DROP TABLE x"},
         ""},
        {{"CREATE TEMPORARY TABLE IF NOT EXISTS x (a INT)", "DROP TABLE x; DO 1"},
         "temporary table d.x"},
        {{"CREATE TABLE x (a INT)", "DROP TABLE x"}, ""},
        {{"SELECT GET_LOCK('j', 5)", "DO GET_LOCK ('j', 5), GET_LOCK('k', 1)"},
         "named lock j*2, named lock k"},
        {{"SELECT GET_LOCK('j', 5)", "DO GET_LOCK('j', 5)", "DO RELEASE_LOCK('J')"},
         "named lock j"},
        {{"SELECT GET_LOCK('j', 5)", "DO RELEASE_LOCK('k')"}, "named lock j"},
        {{"SELECT GET_LOCK(CONCAT('j', 1), 5)", "DO RELEASE_LOCK('j1')"}, "named lock ?"},
        {{"SELECT GET_LOCK(?, 5)", "SELECT RELEASE_ALL_LOCKS()"}, ""},
        {{"LOCK TABLES t READ, u WRITE"}, "table lock"},
        {{"LOCK TABLES t READ", "UNLOCK TABLES"}, ""},
        {{"LOCK TABLES t READ", "START TRANSACTION"}, ""},
        {{"FLUSH TABLES WITH READ LOCK", "BEGIN"}, "table lock flush"},
        {{"FLUSH TABLES t FOR EXPORT", "UNLOCK TABLES"}, ""},
        {{"FLUSH TABLES"}, ""},
        {{"FLUSH STATUS", "FLUSH LOCAL STATUS"}, "session status"},
        {{"FLUSH TABLES status"}, ""},
        {{"BACKUP STAGE START", "BACKUP STAGE FLUSH"}, "backup lock"},
        {{"BACKUP STAGE START", "BACKUP STAGE END"}, ""},
        {{"HANDLER t OPEN", "HANDLER t READ FIRST"}, "handler t"},
        {{"HANDLER e.t OPEN AS h", "HANDLER h CLOSE"}, ""},
        {{"PREPARE s FROM 'SELECT ?'", "EXECUTE s USING @a"}, "prepared statement in SQL s"},
        {{"PREPARE s FROM 'SELECT ?'", "DEALLOCATE PREPARE s"}, ""},
        {{"PREPARE s FROM 'SELECT 1'", "PREPARE s FROM 'SELECT 2'", "DROP PREPARE S"}, ""},
        {{"PREPARE s FROM 'CREATE TEMPORARY TABLE x (a INT)'", "DROP PREPARE s"},
         "text that is not understood"},
        {{"PREPARE s FROM @text", "DROP PREPARE s"}, "text that is not understood"},
        {{"EXECUTE IMMEDIATE 'DELETE FROM t'"}, ""},
        {{"EXECUTE IMMEDIATE 'DO GET_LOCK(1, 1)'"}, "text that is not understood"},
        {{"XA START 'a'", "XA END 'a'"}, "XA transaction"},
        {{"XA START 'a'", "XA END 'a'", "XA PREPARE 'a'"}, ""},
        {{"XA BEGIN 'a'", "XA END 'a'", "XA ROLLBACK 'a'"}, ""},
        {{"XA RECOVER"}, ""},
        {{"SET timestamp=5"}, "variable of one connection timestamp"},
        {{"SET session_track_system_variables=''", "SET session_track_system_variables=DEFAULT"},
         "variable of one connection session_track_system_variables"},
        {{"SET timestamp=5, @@session.insert_id=7", "SET TIMESTAMP=DEFAULT"},
         "variable of one connection insert_id"},
        {{"SET ROLE r"}, ""},
        {{"SELECT 1; SET ROLE r"}, "role"},
        {{"EXECUTE IMMEDIATE 'SET ROLE r'"}, "text that is not understood"},
        {{"SELECT @a:=1"}, "user variable"},
        {{"SELECT 1 INTO @a"}, "user variable"},
        {{"SET @a=1"}, ""},
        {{"SELECT @a"}, ""},
        {{"SELECT 1; SET @a=1"}, "user variable"},
        {{"SELECT 1", "UPDATE t SET a=1"}, ""},
    };

    for (const auto& row : rows) {
        pins held;
        for (const std::string_view statement : row.statements)
            run(statement, ending::success, held);
        EXPECT_EQ(pins_in_words(held), row.expected) << row.statements.front();
    }
}

TEST(pin_effects, are_not_there_after_an_error_where_nothing_can_have_been_made) {
    const struct {
        std::vector<std::string_view> before;
        std::string_view failing;
        std::string_view expected;
    } rows[] = {
        {{}, "CREATE TEMPORARY TABLE x (a INT)", ""},
        {{"CREATE TEMPORARY TABLE x (a INT)"},
         "CREATE TEMPORARY TABLE x (a INT)",
         "temporary table d.x"},
        {{"CREATE TEMPORARY TABLE x (a INT)"}, "DROP TABLE x", "temporary table d.x"},
        {{}, "HANDLER t OPEN", ""},
        {{}, "XA START 'a'", ""},
        {{}, "SELECT @a:=a FROM t", "user variable"},
        {{}, "DO 1; CREATE TEMPORARY TABLE x (a INT)", "temporary table d.x"},
    };

    for (const auto& row : rows) {
        pins held;
        for (const std::string_view statement : row.before)
            run(statement, ending::success, held);
        run(row.failing, ending::error, held);
        EXPECT_EQ(pins_in_words(held), row.expected) << row.failing;
    }
}

TEST(pin_effects, name_the_statement_that_did_it) {
    pins held;
    run("CREATE TEMPORARY TABLE x (a INT)", ending::success, held);
    ASSERT_TRUE(held.is_set());
    EXPECT_EQ(held.reason(), pin_cause::temporary_table);
    EXPECT_EQ(held.all().front().statement, "CREATE TEMPORARY TABLE x (a INT)");
}

}  // namespace
}  // namespace weir::splitter
