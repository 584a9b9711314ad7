#include "splitter/routing/router.hpp"

#include "splitter/sql/classifier.hpp"
#include "splitter/sql/routing_hint.hpp"

#include <gtest/gtest.h>

#include <initializer_list>
#include <string>
#include <string_view>

namespace weir::splitter {
namespace {

using protocol::mysql::server_flavor;
using std::chrono::milliseconds;

/// A session and its settings, with a short way to ask where a statement goes.
struct router_facts {
    session_state state;
    transaction_state transaction;
    causality written;
    config::routing_settings settings{.max_lag = milliseconds(2000)};
    bool asks_positions = false;
    lexer_options options{.flavor = server_flavor::mysql, .server_version = 80400};

    [[nodiscard]] route ask(std::string_view sql) const {
        return decide(
            classify(sql, options),
            find_hint(sql, options),
            {state, transaction, written, settings, asks_positions}
        );
    }
};

constexpr auto primary = server_role::primary;
constexpr auto replica = server_role::replica;

struct target_row {
    std::string_view sql;
    server_role expected;
};

void expect_targets(const router_facts& facts, std::initializer_list<target_row> rows) {
    for (const auto& [sql, expected] : rows) {
        EXPECT_EQ(facts.ask(sql).role == replica, expected == replica) << sql;
    }
}

TEST(router, sends_routing_cases_1_to_12_where_the_table_says) {
    expect_targets(
        {},
        {
            {"SELECT * FROM t WHERE id=1 FOR UPDATE SKIP LOCKED", primary},             // 1
            {"SELECT * FROM t WHERE id=1 FOR UPDATE NOWAIT", primary},                  // 1
            {"SELECT * FROM t WHERE id=1 FOR UPDATE OF t", primary},                    // 1
            {"SELECT * FROM t LOCK IN SHARE MODE", primary},                            // 2
            {"(SELECT * FROM t FOR UPDATE)", primary},                                  // 3
            {"WITH c AS (SELECT 1) SELECT * FROM t,c FOR SHARE", primary},              // 4
            {"WITH c AS (SELECT 'a' a) SELECT REPLACE(a,'x','y') FROM c", replica},     // 5
            {"WITH c AS (SELECT 1 i) UPDATE t JOIN c ON t.id=c.i SET t.a=1", primary},  // 6
            {"SELECT 1 /*!40001 FOR UPDATE */", primary},                               // 7
            {"/*!50000 UPDATE t SET a=1 */", primary},                                  // 7
            {"SELECT 'FOR UPDATE', `for update` FROM t", replica},                      // 8
            {"-- c\nUPDATE t SET a=1", primary},                                        // 11
            {"#c\nUPDATE t SET a=1", primary},                                          // 11
            {";SELECT 1", replica},                                                     // 11
            {"/**/(((SELECT 1)))", replica},                                            // 11
            {"SELECT 1; UPDATE t SET a=1", primary},                                    // 12
        }
    );
}

TEST(router, follows_sql_mode_in_what_is_a_string_as_in_case_9) {
    constexpr std::string_view sql = R"(SELECT "a\"; DELETE FROM t; -- ")";
    router_facts facts;
    EXPECT_EQ(facts.ask(sql).role, replica) << "one string with a quote in it";
    facts.options.no_backslash_escapes = true;
    EXPECT_EQ(facts.ask(sql).role, primary) << "the string ends at the second quote";
}

TEST(router, follows_the_character_set_as_in_case_10) {
    constexpr std::string_view sql = "SELECT '\xBF\x5C'";
    router_facts facts;
    facts.options.charset = multibyte_of("gbk");
    EXPECT_EQ(facts.ask(sql).role, replica) << "the backslash is the second half of a character";
}

TEST(router, keeps_every_statement_on_the_primary_while_autocommit_is_off) {
    router_facts facts;
    facts.transaction.autocommit = false;  // cases 26, 27, 35
    expect_targets(
        facts,
        {{"SELECT 1", primary},
         {"SET autocommit=1", primary},
         {"SAVEPOINT s", primary},
         {"START TRANSACTION READ ONLY", primary}}
    );
}

TEST(router, opens_only_read_only_transactions_on_a_replica) {
    expect_targets(
        {},
        {
            {"START TRANSACTION READ ONLY", replica},                            // 28
            {"START TRANSACTION READ ONLY, WITH CONSISTENT SNAPSHOT", replica},  // 28, 29
            {"START TRANSACTION WITH CONSISTENT SNAPSHOT", primary},             // 29
            {"BEGIN", primary},
            {"BEGIN WORK", primary},
            {"START TRANSACTION READ WRITE", primary},
            {"SET TRANSACTION READ ONLY", replica},                       // 30
            {"SET TRANSACTION READ WRITE", primary},                      // 30
            {"SET TRANSACTION ISOLATION LEVEL READ COMMITTED", primary},  // 30
            {"COMMIT AND CHAIN", primary},                                // 33
            {"ROLLBACK RELEASE", primary},                                // 33
            {"XA START 'a'", primary},                                    // 34
            {"SAVEPOINT s", primary},                                     // 35
        }
    );
}

TEST(router, knows_a_session_whose_transactions_only_read) {
    router_facts facts;
    facts.state.on_variable("transaction_read_only", "ON");  // case 30
    expect_targets(
        facts,
        {{"BEGIN", replica}, {"START TRANSACTION READ WRITE", primary}, {"SELECT 1", replica}}
    );
}

TEST(router, keeps_reads_that_lock_on_the_primary) {
    router_facts facts;
    expect_targets(facts, {{"SET TRANSACTION ISOLATION LEVEL SERIALIZABLE, READ ONLY", primary}});
    facts.state.on_variable("transaction_isolation", "SERIALIZABLE");  // case 31
    expect_targets(facts, {{"SELECT 1", primary}, {"START TRANSACTION READ ONLY", primary}});
}

TEST(router, reads_from_the_primary_what_global_variables_may_have_changed) {
    router_facts facts;
    facts.state.on_globals_set();
    expect_targets(facts, {{"SELECT 1", primary}, {"START TRANSACTION READ ONLY", primary}});
    facts.state.reset(server_flavor::mariadb);
    expect_targets(facts, {{"SELECT 1", replica}});
}

TEST(router, reads_after_an_unknown_write_on_the_primary_unless_told_otherwise) {
    router_facts facts;
    facts.written.on_unknown_write();
    EXPECT_EQ(facts.ask("SELECT 1").role, primary);
    facts.settings.consistency = config::consistency::eventual;
    EXPECT_EQ(facts.ask("SELECT 1").role, replica);
}

TEST(router, requires_the_sessions_own_writes_of_a_replica) {
    router_facts facts;
    EXPECT_EQ(facts.ask("SELECT 1").must_contain, nullptr);
    facts.written.on_gtid("0-1-7", server_flavor::mariadb);
    EXPECT_EQ(facts.ask("SELECT 1").must_contain, facts.written.required());
    EXPECT_NE(facts.ask("SELECT 1").must_contain, nullptr);
    EXPECT_EQ(facts.ask("UPDATE t SET a=1").must_contain, nullptr) << "the primary has all";
    facts.settings.consistency = config::consistency::eventual;
    EXPECT_EQ(facts.ask("SELECT 1").must_contain, nullptr);
}

TEST(router, sends_reads_that_see_every_write_to_the_primary) {
    router_facts facts;
    facts.settings.consistency = config::consistency::global;
    expect_targets(
        facts,
        {
            {"SELECT 1", primary},
            {"START TRANSACTION READ ONLY", primary},
            {"/* weir:replica */ SELECT 1", primary},
            {"/* weir:server=db2 */ SELECT 1", primary},
            {"/* weir:consistency=session */ SELECT 1", replica},
            {"/* weir:consistency=eventual */ SELECT 1", replica},
            {"/* weir:consistency=eventual */ UPDATE t SET a=1", primary},
        }
    );
    facts.settings.hints = false;
    expect_targets(facts, {{"/* weir:consistency=eventual */ SELECT 1", primary}});
}

TEST(router, lets_a_hint_say_what_one_read_sees) {
    router_facts facts;
    facts.written.on_unknown_write();
    expect_targets(
        facts,
        {
            {"SELECT 1", primary},
            {"/* weir:consistency=eventual */ SELECT 1", replica},
            {"/* weir:consistency=all */ SELECT 1", primary},
            {"/* weir:consistency=global */ /* weir:replica */ SELECT 1", primary},
        }
    );
    facts.settings.consistency = config::consistency::eventual;
    expect_targets(
        facts,
        {
            {"SELECT 1", replica},
            {"/* weir:consistency=session */ SELECT 1", primary},
        }
    );
}

TEST(router, reads_as_consistently_as_settings_and_hints_want) {
    using config::consistency;

    struct row {
        const char* name;
        consistency setting;
        bool hints;
        std::string_view sql;
        server_role expected;
    };

    constexpr auto eventual = consistency::eventual;
    constexpr auto global = consistency::global;
    const row rows[]{
        {"nothing is asked for", eventual, true, "SELECT 1", replica},
        {"own writes", eventual, true, "SELECT 1 /* weir:consistency=session */", primary},
        {"all writes", eventual, true, "SELECT 1 /* weir:consistency=global */", primary},
        {"all by the setting", global, true, "SELECT 1", primary},
        {"less by a hint", global, true, "SELECT 1 /* weir:consistency=eventual */", replica},
        {"no hints", global, false, "SELECT 1 /* weir:consistency=eventual */", primary},
        {"a write", eventual, true, "UPDATE t SET a=1 /* weir:consistency=eventual */", primary},
    };
    for (const row& each : rows) {
        router_facts facts;
        facts.written.on_unknown_write();
        facts.settings.consistency = each.setting;
        facts.settings.hints = each.hints;
        EXPECT_EQ(facts.ask(each.sql).role == replica, each.expected == replica) << each.name;
    }
}

TEST(router, asks_for_the_primarys_position_where_one_is_needed) {
    using config::consistency;
    enum class past { nothing, unknown_write, read, new_session };

    struct row {
        const char* name;
        consistency wanted;
        past before;
        std::string_view sql;
        bool replica;
        bool asks;
        bool stays;
    };

    constexpr std::string_view read = "SELECT a FROM t";
    const row rows[]{
        {"nothing happened", consistency::session, past::nothing, read, true, false, false},
        {"a new session", consistency::session, past::new_session, read, true, true, false},
        {"a read before", consistency::session, past::read, read, true, false, true},
        {"an unknown write", consistency::session, past::unknown_write, read, false, false, false},
        {"all writes", consistency::global, past::nothing, read, true, true, false},
        {"all, and an unknown one",
         consistency::global,
         past::unknown_write,
         read,
         true,
         true,
         false},
        {"whatever there is", consistency::eventual, past::new_session, read, true, false, false},
        {"the same after a read", consistency::eventual, past::read, read, true, false, false},
        {"a write", consistency::global, past::read, "DELETE FROM t", false, false, false},
        {"another server by a hint",
         consistency::session,
         past::read,
         "SELECT a FROM t /* weir:server=db2 */",
         true,
         true,
         true},
    };
    for (const row& each : rows) {
        SCOPED_TRACE(each.name);
        router_facts facts;
        facts.asks_positions = true;
        facts.settings.consistency = each.wanted;
        if (each.before == past::unknown_write) facts.written.on_unknown_write();
        if (each.before == past::read) facts.written.on_read(7, 0);
        if (each.before == past::new_session) facts.written.begin();
        const route found = facts.ask(each.sql);
        EXPECT_EQ(found.role == replica, each.replica);
        EXPECT_EQ(found.needs_position, each.asks);
        EXPECT_EQ(found.stays_at.has_value(), each.stays);
    }
}

TEST(router, asks_for_freshness_of_replicas_only) {
    const router_facts facts;
    EXPECT_EQ(facts.ask("SELECT 1").lag_max, milliseconds(2000));
    EXPECT_EQ(facts.ask("UPDATE t SET a=1").lag_max, milliseconds::max());
}

struct hint_row {
    std::string_view sql;
    server_role role;
    std::string_view server;
};

TEST(router, narrows_by_hints_and_never_widens) {
    constexpr hint_row rows[]{
        {"/* weir:primary */ SELECT 1", primary, ""},
        {"/* weir:replica */ SELECT 1", replica, ""},
        {"/* weir:server=db2 */ SELECT 1", replica, "db2"},
        {"/* weir:replica */ UPDATE t SET a=1", primary, ""},
        {"/* weir:server=db2 */ UPDATE t SET a=1", primary, ""},
        {"/* weir:replica */ SELECT * FROM t FOR UPDATE", primary, ""},
        {"/* weir:replica */ BEGIN", primary, ""},
    };
    for (const auto& row : rows) {
        const router_facts facts;
        EXPECT_EQ(facts.ask(row.sql).role == replica, row.role == replica) << row.sql;
        EXPECT_EQ(facts.ask(row.sql).server_name, row.server) << row.sql;
    }
}

TEST(router, spares_the_primary_where_a_hint_asks_for_a_replica) {
    router_facts facts;
    EXPECT_TRUE(facts.ask("/* weir:replica */ SELECT 1").spares_primary);
    EXPECT_FALSE(facts.ask("SELECT 1").spares_primary);
    EXPECT_FALSE(facts.ask("/* weir:server=db1 */ SELECT 1").spares_primary);
    EXPECT_FALSE(facts.ask("/* weir:replica */ UPDATE t SET a=1").spares_primary);
    facts.settings.hints = false;
    EXPECT_FALSE(facts.ask("/* weir:replica */ SELECT 1").spares_primary);
}

TEST(router, ignores_hints_where_they_are_switched_off) {
    router_facts facts;
    facts.settings.hints = false;
    EXPECT_EQ(facts.ask("/* weir:primary */ SELECT 1").role, replica);
    EXPECT_EQ(facts.ask("/* weir:server=db2 */ SELECT 1").server_name, "");
}

TEST(router, keeps_what_lives_on_one_connection_on_the_primary) {
    expect_targets(
        {},
        {
            {"SELECT GET_LOCK('j',5)", primary},
            {"SELECT @a", replica},
            {"SELECT @a:=1", primary},
            {"SELECT LAST_INSERT_ID()", primary},
            {"SHOW WARNINGS", primary},
            {"SELECT SQL_CALC_FOUND_ROWS * FROM t", primary},
            {"CREATE TEMPORARY TABLE x (a INT)", primary},
            {"HANDLER t OPEN", primary},
            {"nonsense", primary},
            {"", primary},
        }
    );
}

}  // namespace
}  // namespace weir::splitter
