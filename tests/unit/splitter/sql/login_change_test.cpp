#include "splitter/sql/login_change.hpp"

#include "tests/unit/splitter/sql/statement_row.hpp"

namespace weir::splitter::testing {
namespace {

struct row {
    const char* text;
    bool changes;
};

TEST(login_change, is_seen_in_what_is_about_accounts_and_global_values) {
    const std::initializer_list<row> rows{
        {"GRANT SELECT ON a.* TO b@'%'", true},
        {"revoke all on *.* from b", true},
        {"CREATE USER b IDENTIFIED BY 'x'", true},
        {"CREATE OR REPLACE USER b", true},
        {"ALTER USER b ACCOUNT LOCK", true},
        {"DROP ROLE r", true},
        {"RENAME USER a TO b", true},
        {"CREATE TABLE user (a INT)", false},
        {"DROP VIEW role", false},
        {"SET PASSWORD FOR b = 'x'", true},
        {"SET DEFAULT ROLE r TO b", true},
        {"SET ROLE r", false},
        {"SET GLOBAL sort_buffer_size=1", true},
        {"SET sql_mode='', GLOBAL sort_buffer_size=1", true},
        {"SET @@global.sort_buffer_size=1", true},
        {"SET PERSIST sort_buffer_size=1", true},
        {"SET @@persist.sort_buffer_size=1", true},
        {"SET GLOBAL TRANSACTION READ ONLY", true},
        {"SET SESSION TRANSACTION READ ONLY", false},
        {"SET sort_buffer_size=@@global.sort_buffer_size", false},
        {"SET @global=1", false},
        {"SET NAMES utf8mb4", false},
        {"FLUSH PRIVILEGES", true},
        {"FLUSH LOCAL PRIVILEGES", true},
        {"FLUSH TABLES", false},
        {"RESET PERSIST", true},
        {"SELECT 'grant'", false},
        {"INSERT INTO grants VALUES ('GRANT')", false},
        {"DO 1; GRANT SELECT ON a.* TO b", true},
        {"DO 1; DO 2", false},
        {"", false},
    };
    for (const auto& options : {mysql_97(), mariadb_1011()}) {
        for (const row& each : rows) {
            const statement_traits traits = classify(each.text, options);
            EXPECT_EQ(may_change_logins(each.text, traits, options), each.changes) << each.text;
        }
    }
}

}  // namespace
}  // namespace weir::splitter::testing
