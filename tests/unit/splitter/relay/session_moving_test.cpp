// A read-only transaction on a replica, and the statements that take it to the primary.

#include "protocol/mysql/messages/err.hpp"
#include "splitter/relay/session_core.hpp"

#include "tests/support/session_script.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

namespace weir::splitter {
namespace {

using namespace weir::test;  // the whole file speaks the script's language
using protocol::mysql::server_flavor;
using role = session_script::role;
using kind = session_action::kind;

/// A session with a read-only transaction on a replica.
struct reading_script : testing::Test {
    session_script script;
    scripted_backend& replica = script.connection(role::replica);
    scripted_backend& primary = script.connection(role::primary);

    void begin() {
        script.run(
            query("START TRANSACTION READ ONLY"), replica, ok_answer(in_reading_transaction)
        );
        (void)script.take_client_bytes();
    }
};

TEST_F(reading_script, stays_for_what_a_replica_answers_as_well) {
    constexpr std::string_view staying[]{
        "SELECT 1",
        "SELECT * FROM t",
        "UPDATE t SET a=1",
        "SAVEPOINT a",
        "ROLLBACK TO a",
        "RELEASE SAVEPOINT a",
        "SET @a=1",
        "SHOW STATUS",
        "START TRANSACTION READ ONLY",
    };
    begin();
    for (const std::string_view sql : staying) {
        script.run(query(sql), replica, ok_answer(in_reading_transaction));
        EXPECT_EQ(script.leased(), &replica) << sql;
    }
}

TEST_F(reading_script, begins_again_on_the_primary_for_what_does_more_than_to_read) {
    constexpr std::string_view moving[]{
        "SELECT * FROM t LOCK IN SHARE MODE",
        "SELECT * FROM t FOR SHARE",
        "SELECT GET_LOCK('a', 1)",
        "SELECT @a := 1",
        "CREATE TEMPORARY TABLE x (a INT)",
        "PREPARE s FROM 'SELECT 1'",
        "CREATE PROCEDURE p() SELECT 1",
        "DROP VIEW v",
        "ANALYZE TABLE t",
        "FLUSH TABLES t",
        "LOCK TABLES t READ",
        "CALL p()",
        "START TRANSACTION READ WRITE",
    };
    for (const std::string_view sql : moving) {
        session_script one;
        auto& from = one.connection(role::replica);
        auto& to = one.connection(role::primary);
        one.run(query("START TRANSACTION READ ONLY"), from, ok_answer(in_reading_transaction));
        one.client_sends(query(sql));
        ASSERT_EQ(one.stop().what, kind::acquire_backend) << sql;
        EXPECT_EQ(one.stop().where.role, server_role::primary) << sql;
        one.lease(to);
        EXPECT_EQ(to.last_sent(), query("START TRANSACTION READ ONLY")) << sql;
        one.backend_sends(ok_answer(in_reading_transaction));
        EXPECT_EQ(to.last_sent(), query(sql));
    }
}

/// A transaction that has read 1, and is about to leave its replica.
struct leaving_script : reading_script {
    leaving_script() {
        begin();
        script.run(query("SELECT NOW()"), replica, rows_answer("now", in_reading_transaction));
        script.run(query("SELECT a FROM t"), replica, rows_answer("1", in_reading_transaction));
        (void)script.take_client_bytes();
        script.client_sends(query("SELECT a FROM t FOR SHARE"));
    }

    void reach(scripted_backend& to) {
        script.lease(to);
        EXPECT_EQ(to.last_sent(), query("START TRANSACTION READ ONLY"));
        script.backend_sends(ok_answer(in_reading_transaction));
        EXPECT_EQ(to.last_sent(), query("SELECT a FROM t")) << "what touches no table is left out";
    }

    std::uint16_t error_told() {
        const byte_vector told = script.take_client_bytes();
        const auto payload = view(told).subspan(std::min<std::size_t>(4, told.size()));
        const auto message = protocol::mysql::err::decode(payload);
        return message ? message->code : 0;
    }
};

TEST_F(leaving_script, goes_on_where_it_reads_the_same) {
    reach(primary);
    script.backend_sends(rows_answer("1", in_reading_transaction));
    EXPECT_EQ(primary.last_sent(), query("SELECT a FROM t FOR SHARE"));
    EXPECT_TRUE(script.take_client_bytes().empty()) << "the client has these answers";
    script.backend_sends(rows_answer("1", in_reading_transaction));
    EXPECT_EQ(script.leased(), &primary);
}

TEST_F(leaving_script, is_over_where_it_reads_something_else_and_begins_there_the_next_time) {
    reach(primary);
    script.backend_sends(rows_answer("2", in_reading_transaction));
    EXPECT_EQ(error_told(), 1213);
    EXPECT_EQ(script.leased(), nullptr);
    script.client_sends(query("START TRANSACTION READ ONLY"));
    EXPECT_EQ(script.stop().where.role, server_role::primary);
    script.lease(primary);
    script.backend_sends(ok_answer(in_reading_transaction));
    script.run(query("COMMIT"), primary, ok_answer());
    script.client_sends(query("START TRANSACTION READ ONLY"));
    EXPECT_EQ(script.stop().where.role, server_role::replica) << "for once";
}

TEST_F(leaving_script, begins_again_elsewhere_if_it_is_lost_on_the_way) {
    reach(primary);
    script.backend_fails();
    auto& other = script.connection(role::primary);
    reach(other);
    script.backend_sends(rows_answer("1", in_reading_transaction));
    EXPECT_EQ(other.last_sent(), query("SELECT a FROM t FOR SHARE"));
}

TEST_F(leaving_script, is_over_if_there_is_no_primary) {
    script.refuse_lease(protocol::mysql::server_errc::too_many_connections);
    EXPECT_EQ(error_told(), 1040);
    script.client_sends(query("UPDATE t SET a=1"));
    script.lease(primary);
    ASSERT_EQ(primary.sent.size(), 1U);
    EXPECT_EQ(primary.last_sent(), query("UPDATE t SET a=1"));
}

TEST_F(reading_script, is_over_where_it_cannot_be_read_again) {
    begin();
    byte_vector many = query("SELECT a FROM t /*" + std::string(100, 'x') + "*/");
    script.world().routing.replay_size = 100;
    script.run(many, replica, rows_answer("1", in_reading_transaction));
    (void)script.take_client_bytes();
    script.client_sends(query("SELECT a FROM t FOR SHARE"));
    EXPECT_EQ(script.leased(), nullptr);
    script.client_sends(query("START TRANSACTION READ ONLY"));
    EXPECT_EQ(script.stop().where.role, server_role::primary);
}

TEST_F(leaving_script, is_over_if_it_cannot_even_be_prepared_there) {
    script.lease(primary);
    script.backend_sends(error_answer(1193));  // its BEGIN
    EXPECT_EQ(error_told(), 1213);
}

TEST_F(leaving_script, gives_up_when_it_is_lost_again_and_again) {
    int tries = 0;
    while (script.stop().what == kind::acquire_backend && tries < 100) {
        script.lease(script.connection(role::primary));
        script.backend_fails();
        ++tries;
    }
    EXPECT_EQ(error_told(), 1213);
    EXPECT_LT(tries, 20);
}

TEST_F(leaving_script, keeps_what_was_set_in_it_and_pins) {
    session_script one;
    auto& from = one.connection(role::replica);
    auto& to = one.connection(role::primary);
    one.run(query("START TRANSACTION READ ONLY"), from, ok_answer(in_reading_transaction));
    one.run(query("SET SESSION insert_id=77"), from, ok_answer(in_reading_transaction));
    one.run(query("SELECT a FROM t"), from, rows_answer("1", in_reading_transaction));
    one.client_sends(query("SELECT a FROM t FOR SHARE"));
    one.lease(to);
    one.backend_sends(ok_answer(in_reading_transaction));
    one.backend_sends(ok_answer(in_reading_transaction));
    EXPECT_EQ(to.last_sent(), query("SELECT a FROM t"));
    one.backend_sends(rows_answer("2", in_reading_transaction));
    EXPECT_EQ(one.leased(), nullptr);
    one.client_sends(query("SELECT a FROM t"));
    EXPECT_EQ(one.stop().where.role, server_role::primary) << "a pin is on the primary";
    auto& next = one.connection(role::primary);
    one.lease(next);
    EXPECT_EQ(next.last_sent(), query("SET SESSION insert_id=77"));
    one.backend_sends(ok_answer());
    EXPECT_EQ(next.last_sent(), query("SELECT a FROM t"));
    one.backend_sends(rows_answer("2"));
    one.run(query("INSERT INTO t VALUES (NULL)"), next, ok_answer());
    EXPECT_EQ(next.sent.size(), 3U) << "and is set once";
}

TEST_F(reading_script, takes_along_that_something_set_was_given_up) {
    begin();
    script.run(query("SET SESSION timestamp=1"), replica, ok_answer(in_reading_transaction));
    script.run(query("SET SESSION timestamp=DEFAULT"), replica, ok_answer(in_reading_transaction));
    script.client_sends(query("SELECT a FROM t FOR SHARE"));
    script.lease(primary);
    for (const std::string_view sql :
         {"START TRANSACTION READ ONLY",
          "SET SESSION timestamp=1",
          "SET SESSION timestamp=DEFAULT"}) {
        EXPECT_EQ(primary.last_sent(), query(sql));
        script.backend_sends(ok_answer(in_reading_transaction));
    }
    EXPECT_EQ(primary.last_sent(), query("SELECT a FROM t FOR SHARE"));
}

TEST_F(reading_script, reads_again_only_what_the_last_of_chained_transactions_has_read) {
    begin();
    script.run(query("SELECT a FROM t"), replica, rows_answer("1", in_reading_transaction));
    script.run(query("COMMIT AND CHAIN"), replica, ok_answer(in_reading_transaction));
    script.client_sends(query("SELECT a FROM t FOR SHARE"));
    script.lease(primary);
    script.backend_sends(ok_answer(in_reading_transaction));
    EXPECT_EQ(primary.last_sent(), query("SELECT a FROM t FOR SHARE"));
}

TEST_F(reading_script, reads_again_several_in_one_text_and_not_what_shows_something_of_a_server) {
    begin();
    script.run(query("SHOW STATUS"), replica, rows_answer("1", in_reading_transaction));
    script.run(
        query("SELECT 1; SELECT a FROM t"), replica, rows_answer("1", in_reading_transaction)
    );
    script.client_sends(query("SELECT a FROM t FOR SHARE"));
    script.backend_sends(row_answer({"0", "1"}));  // LAST_INSERT_ID(), FOUND_ROWS()
    script.lease(primary);
    script.backend_sends(ok_answer(in_reading_transaction));
    EXPECT_EQ(primary.last_sent(), query("SELECT 1; SELECT a FROM t"));
}

TEST_F(reading_script, begins_as_its_isolation_level_was_then) {
    const auto says = [](std::string value) {
        return ok_answer(
            in_reading_transaction, {variable("transaction_isolation", std::move(value))}
        );
    };
    begin();
    script.run(query("SELECT a FROM t"), replica, rows_answer("1", in_reading_transaction));
    script.run(
        query("SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED"),
        replica,
        says("READ-COMMITTED")
    );
    script.client_sends(query("SELECT a FROM t FOR SHARE"));
    script.lease(primary);
    script.backend_sends(ok_answer());  // the variable
    script.backend_sends(ok_answer(in_reading_transaction));
    EXPECT_EQ(primary.last_sent(), query("SELECT a FROM t"));
}

TEST_F(reading_script, leaves_a_statement_as_its_client_has_it_where_it_is_over) {
    begin();
    script.run(stmt_prepare("SELECT a FROM t WHERE b=?"), replica, prepared_answer(40));
    script.run(stmt_execute(1, bound::types, 5), replica, rows_answer("1", in_reading_transaction));
    (void)script.take_client_bytes();
    script.client_sends(query("SELECT a FROM t FOR SHARE"));
    script.refuse_lease(protocol::mysql::server_errc::too_many_connections);
    script.client_sends(stmt_execute(1, bound::nothing, 6));
    auto& other = script.connection(role::replica);
    script.lease(other);
    script.backend_sends(prepared_answer(90));
    EXPECT_EQ(other.last_sent(), stmt_execute(90, bound::types, 6)) << "the types are known";
}

TEST_F(reading_script, need_not_read_again_what_is_committed_by_now) {
    script.run(
        query("SET TRANSACTION ISOLATION LEVEL READ COMMITTED, READ ONLY"), replica, ok_answer()
    );
    script.run(query("BEGIN"), replica, ok_answer(in_reading_transaction));
    script.run(query("SELECT a FROM t"), replica, rows_answer("1", in_reading_transaction));
    script.client_sends(query("SELECT a FROM t FOR SHARE"));
    script.lease(primary);
    script.backend_sends(ok_answer());
    script.backend_sends(ok_answer(in_reading_transaction));
    EXPECT_EQ(primary.last_sent(), query("SELECT a FROM t FOR SHARE"));
}

TEST_F(reading_script, takes_along_how_the_transaction_came_about) {
    script.run(query("SET TRANSACTION READ ONLY"), replica, ok_answer());
    script.run(query("BEGIN"), replica, ok_answer(in_reading_transaction));
    script.run(query("SAVEPOINT a"), replica, ok_answer(in_reading_transaction));
    script.run(query("SELECT 1"), replica, rows_answer("1", in_reading_transaction));
    script.client_sends(query("SELECT 1 FROM t FOR SHARE"));
    script.lease(primary);
    for (const std::string_view sql : {"SET TRANSACTION READ ONLY", "BEGIN", "SAVEPOINT a"}) {
        EXPECT_EQ(primary.last_sent(), query(sql));
        script.backend_sends(ok_answer(in_reading_transaction));
    }
    EXPECT_EQ(primary.last_sent(), query("SELECT 1 FROM t FOR SHARE"));
    script.backend_sends(error_answer(1205));
    EXPECT_EQ(script.leased(), &primary) << "the transaction is open there, whatever came of it";
    script.run(query("SELECT 2"), primary, rows_answer("2", in_reading_transaction));
    EXPECT_EQ(primary.last_sent(), query("SELECT 2"));
}

TEST_F(reading_script, takes_along_that_it_was_read_only_by_the_session) {
    const auto says = [](std::string value) {
        return ok_answer(idle, {variable("transaction_read_only", std::move(value))});
    };
    script.run(query("SET SESSION TRANSACTION READ ONLY"), primary, says("ON"));
    script.client_sends(query("BEGIN"));
    script.lease(replica);
    script.backend_sends(ok_answer());  // the variable
    script.backend_sends(ok_answer(in_reading_transaction));
    script.client_sends(query("SET SESSION TRANSACTION READ WRITE"));
    script.backend_sends(
        ok_answer(in_reading_transaction, {variable("transaction_read_only", "OFF")})
    );
    script.client_sends(query("SELECT 1 FROM t FOR SHARE"));
    script.lease(primary);
    script.backend_sends(ok_answer());
    EXPECT_EQ(primary.last_sent(), query("START TRANSACTION READ ONLY"));
    script.backend_sends(ok_answer(in_reading_transaction));
    EXPECT_EQ(primary.last_sent(), query("SELECT 1 FROM t FOR SHARE"));
}

TEST_F(reading_script, takes_along_what_was_only_announced) {
    script.run(query("SET TRANSACTION READ ONLY"), replica, ok_answer());
    script.client_sends(query("INSERT INTO t VALUES (1)"));
    script.lease(primary);
    EXPECT_EQ(primary.last_sent(), query("SET TRANSACTION READ ONLY"));
    script.backend_sends(ok_answer());
    EXPECT_EQ(primary.last_sent(), query("INSERT INTO t VALUES (1)"));
    script.backend_sends(error_answer(1792));
    EXPECT_EQ(script.leased(), &primary) << "the next one is refused, too";
    script.run(query("COMMIT"), primary, ok_answer());
    EXPECT_EQ(script.leased(), nullptr);
}

TEST_F(reading_script, leaves_to_the_next_one_that_it_is_read_only_where_a_set_ends_it) {
    begin();
    script.run(query("SAVEPOINT a"), replica, ok_answer(in_reading_transaction));
    script.run(
        query("SET autocommit=0"),
        replica,
        ok_answer(in_reading_transaction.without(status_flag::autocommit))
    );
    EXPECT_FALSE(script.core().facts().transaction.autocommit);
    script.run(query("SET autocommit=1"), replica, ok_answer());
    EXPECT_TRUE(script.core().facts().transaction.autocommit);
    ASSERT_EQ(script.leased(), &replica);
    script.run(query("SELECT 1"), replica, rows_answer());
    ASSERT_EQ(script.leased(), &replica) << "that has begun nothing";
    const std::size_t before = primary.sent.size();
    script.client_sends(query("UPDATE t SET a=1"));
    script.lease(primary);
    script.backend_sends(ok_answer());
    const std::vector<byte_vector> sent(
        primary.sent.begin() + static_cast<std::ptrdiff_t>(before), primary.sent.end()
    );
    EXPECT_EQ(
        sent,
        (std::vector<byte_vector>{query("SET TRANSACTION READ ONLY"), query("UPDATE t SET a=1")})
    );
    script.backend_sends(error_answer(1792));
    EXPECT_EQ(script.leased(), &primary) << "nor has what was refused";
    script.run(query("SELECT a FROM t"), primary, rows_answer());
    EXPECT_EQ(script.leased(), nullptr);
}

TEST_F(reading_script, leaves_nothing_of_a_refused_write_on_the_replica) {
    begin();
    script.run(query("UPDATE t SET a=1"), replica, error_answer(1792));
    script.run(query("COMMIT"), replica, ok_answer());
    script.client_sends(query("LOCK TABLES t WRITE"));
    ASSERT_EQ(script.stop().what, kind::acquire_backend);
    EXPECT_EQ(script.stop().where.preferred, nullptr) << "a replica for a write";
}

TEST_F(reading_script, begins_nothing_again_once_that_has_failed) {
    begin();
    script.client_sends(query("SELECT 1 FROM t FOR SHARE"));
    script.refuse_lease(protocol::mysql::server_errc::too_many_connections);
    script.client_sends(query("UPDATE t SET a=1"));
    script.lease(primary);
    ASSERT_EQ(primary.sent.size(), 1U);
    EXPECT_EQ(primary.last_sent(), query("UPDATE t SET a=1"));
}

TEST_F(reading_script, meets_the_next_begin_as_each_flavor_has_it) {
    constexpr struct {
        server_flavor flavor;
        bool moves;
    } rows[]{{server_flavor::mysql, false}, {server_flavor::mariadb, true}};

    for (const auto& row : rows) {
        environment world;
        world.flavor = row.flavor;
        session_script one(session_capabilities, world);
        auto& from = one.connection(role::replica);
        one.run(query("START TRANSACTION READ ONLY"), from, ok_answer(in_reading_transaction));
        one.client_sends(query("BEGIN"));
        EXPECT_EQ(one.stop().what == kind::acquire_backend, row.moves)
            << "MySQL's is read-only again";
    }
}

TEST_F(reading_script, keeps_for_the_open_one_what_was_said_of_the_next_transaction) {
    script.world().flavor = server_flavor::mariadb;
    script.run(query("SET TRANSACTION READ ONLY"), replica, ok_answer());
    script.run(query("BEGIN"), replica, ok_answer(in_reading_transaction));
    script.client_sends(query("BEGIN"));
    EXPECT_EQ(script.stop().what, kind::acquire_backend) << "MariaDB's next one may write";
}

TEST_F(reading_script, says_again_on_the_primary_what_it_has_set_once_the_transaction_is_over) {
    begin();
    script.run(query("SET SESSION insert_id=77"), replica, ok_answer(in_reading_transaction));
    script.run(query("SET @a=1, no_such=1"), replica, error_answer(1193));
    script.run(query("SELECT a FROM t"), replica, rows_answer("1", in_reading_transaction));
    EXPECT_EQ(script.leased(), &replica) << "its snapshot is there";
    script.run(query("COMMIT"), replica, ok_answer());
    script.client_sends(query("INSERT INTO t VALUES (NULL)"));
    ASSERT_EQ(script.stop().what, kind::acquire_backend) << "a write never goes to a replica";
    script.lease(primary);
    EXPECT_EQ(primary.last_sent(), query("SET SESSION insert_id=77"));
    script.backend_sends(ok_answer());
    EXPECT_EQ(primary.last_sent(), query("INSERT INTO t VALUES (NULL)"))
        << "what was refused might not be outside of the transaction";
    script.backend_sends(ok_answer());
    EXPECT_EQ(script.leased(), &primary) << "pinned there";
}

TEST_F(reading_script, tells_what_its_replica_knows_before_it_leaves) {
    begin();
    script.run(
        query("SELECT LAST_INSERT_ID(9)"), replica, rows_answer("9", in_reading_transaction)
    );
    script.client_sends(query("PREPARE s FROM 'SELECT LAST_INSERT_ID()'"));
    EXPECT_EQ(replica.last_sent(), query("SELECT LAST_INSERT_ID(), FOUND_ROWS()"));
    script.backend_sends(rows_answer("9", in_reading_transaction));
    ASSERT_EQ(script.stop().what, kind::acquire_backend);
    script.lease(primary);
    EXPECT_EQ(script.core().facts().insert_id.value, 9U);
}

TEST_F(reading_script, tells_its_conditions_before_it_leaves) {
    begin();
    script.run(query("SELECT a FROM nowhere"), replica, error_answer(1146));
    script.client_sends(query("PREPARE s FROM 'SELECT 1'"));
    EXPECT_EQ(replica.last_sent(), query("SHOW WARNINGS"));
    script.backend_sends(row_answer({"Error", "1146", "no such table"}));
    ASSERT_EQ(script.stop().what, kind::acquire_backend);
    const auto& last = script.core().facts().last;
    ASSERT_NE(last.conditions, nullptr);
    EXPECT_EQ(last.conditions->size(), 1U);
}

TEST_F(reading_script, may_have_autocommit_set_there) {
    begin();
    constexpr status_set off{status_flag::in_transaction, status_flag::in_transaction_read_only};
    script.run(query("SET autocommit = 0"), replica, ok_answer(off));
    EXPECT_FALSE(script.core().facts().transaction.autocommit);
    EXPECT_EQ(script.leased(), &replica);
    script.run(query("SELECT 1"), replica, rows_answer("1", off));
    script.run(query("COMMIT"), replica, ok_answer(status_set{}));
    EXPECT_EQ(script.leased(), nullptr);
    EXPECT_FALSE(script.core().facts().transaction.autocommit) << "for what comes, on the primary";
}

TEST_F(reading_script, commits_a_savepoint_where_that_is_no_write) {
    constexpr struct {
        server_flavor flavor;
        bool moves;
    } rows[]{{server_flavor::mysql, false}, {server_flavor::mariadb, true}};

    for (const auto& row : rows) {
        environment world;
        world.flavor = row.flavor;
        session_script one(session_capabilities, world);
        auto& from = one.connection(role::replica);
        auto& to = one.connection(role::primary);
        one.run(query("START TRANSACTION READ ONLY"), from, ok_answer(in_reading_transaction));
        one.run(query("SAVEPOINT a"), from, ok_answer(in_reading_transaction));
        one.client_sends(query("COMMIT"));
        ASSERT_EQ(one.stop().what == kind::acquire_backend, row.moves);
        if (!row.moves) continue;
        one.lease(to);
        one.backend_sends(ok_answer(in_reading_transaction));
        EXPECT_EQ(to.last_sent(), query("SAVEPOINT a"));
        one.backend_sends(ok_answer(in_reading_transaction));
        EXPECT_EQ(to.last_sent(), query("COMMIT"));
    }
}

TEST(autocommit_off, is_held_where_an_error_may_have_begun_a_transaction) {
    session_script script;
    auto& primary = script.connection(role::primary);
    script.run(query("SET autocommit=0"), primary, ok_answer(status_set{}));
    script.run(query("INSERT nonsense"), primary, error_answer(1064));
    EXPECT_EQ(script.leased(), nullptr) << "that was not even read";
    script.run(query("INSERT INTO t VALUES (1)"), primary, error_answer(1062));
    ASSERT_EQ(script.leased(), &primary);
    (void)script.take_client_bytes();
    const status_set begun{status_flag::in_transaction};
    script.run(test::command(protocol::mysql::command::ping), primary, ok_answer(begun));
    EXPECT_EQ(script.take_client_bytes(), ok_answer(begun));
    script.run(query("ROLLBACK"), primary, ok_answer(status_set{}));
    EXPECT_EQ(script.leased(), nullptr);
}

TEST(autocommit_off, keeps_no_replica_that_was_only_asked_about_the_statement_before) {
    session_script script;
    auto& replica = script.connection(role::replica);
    auto& primary = script.connection(role::primary);
    // Which keeps the conditions of a statement over one that uses no tables.
    replica.state.flavor = primary.state.flavor = server_flavor::mariadb;
    constexpr status_set without_autocommit{};
    script.run(query("SELECT a FROM t"), replica, error_answer(1690));
    script.run(query("SET autocommit=0"), primary, ok_answer(without_autocommit));
    script.run(query("SHOW WARNINGS"), replica, rows_answer("1"));
    EXPECT_EQ(script.leased(), nullptr);
}

TEST(own_trackers, leave_out_what_decides_how_texts_are_read) {
    session_script script;
    auto& primary = script.connection(role::primary);
    script.run(query("SET session_track_system_variables = 'time_zone'"), primary, ok_answer());
    script.client_sends(query("SET @@session.sql_mode := 'NO_BACKSLASH_ESCAPES'"));
    script.backend_sends(ok_answer());
    const std::string* const mode = script.core().facts().state.value_of("sql_mode");
    ASSERT_NE(mode, nullptr);
    EXPECT_EQ(*mode, "NO_BACKSLASH_ESCAPES");
}

TEST(own_trackers, tell_what_changed_before_the_statement_ended_them) {
    using protocol::mysql::session_track_type;
    const tracked change{session_track_type::state_change, "", "1"};
    session_script script;
    auto& primary = script.connection(role::primary);
    script.run(query("SET session_track_state_change = 1"), primary, ok_answer(idle, {change}));
    (void)script.take_client_bytes();
    script.client_sends(query("SET @both = 3, session_track_state_change = 0"));
    const tracked off{session_track_type::system_variables, "session_track_state_change", "OFF"};
    script.backend_sends(ok_answer(idle, {off, change}));
    EXPECT_EQ(script.take_client_bytes(), ok_answer(idle, {change}));
    EXPECT_FALSE(script.core().facts().state.asked().state_changes);
}

}  // namespace
}  // namespace weir::splitter
