// When a session has the primary asked for its position, and what follows from the answer.

#include "tests/support/session_script.hpp"

#include <gtest/gtest.h>

#include <string_view>

namespace weir::splitter {
namespace {

using namespace weir::test;  // the whole file speaks the script's language
using role = session_script::role;
using kind = session_action::kind;
using protocol::mysql::gtid_set;

gtid_set up_to(int last) {
    return mysql_gtids("1-" + std::to_string(last));
}

/// A worker whose primary can be asked.
environment asking_world(config::consistency wanted = config::consistency::session) {
    environment world;
    world.asks_positions = true;
    world.routing.consistency = wanted;
    return world;
}

/// A session that has read on replica 2.
struct after_a_read : testing::Test {
    after_a_read() {
        replica.state.server = 2;
        primary.state.server = 1;
        read();
        script.position_is(up_to(9));
        script.lease(replica);
        script.backend_sends(rows_answer());
    }

    void read() { script.client_sends(query("SELECT a FROM t")); }

    session_script script{session_capabilities, asking_world()};
    scripted_backend& replica = script.connection(role::replica);
    scripted_backend& primary = script.connection(role::primary);
};

TEST(session_positions, a_global_read_requires_one_that_was_asked_for_after_it_came) {
    session_script script{session_capabilities, asking_world(config::consistency::global)};
    auto& replica = script.connection(role::replica);
    for (const int last : {9, 12}) {
        script.client_sends(query("SELECT a FROM t"));
        script.position_is(up_to(last));
        ASSERT_EQ(script.stop().what, kind::acquire_backend);
        EXPECT_EQ(script.stop().where.role, server_role::replica);
        ASSERT_NE(script.stop().where.must_contain, nullptr);
        EXPECT_EQ(*script.stop().where.must_contain, up_to(last));
        script.lease(replica);
        script.backend_sends(rows_answer());
    }
}

TEST(session_positions, a_global_read_goes_to_the_primary_if_there_is_none) {
    session_script script{session_capabilities, asking_world(config::consistency::global)};
    script.client_sends(query("SELECT a FROM t"));
    script.position_is(std::nullopt);
    ASSERT_EQ(script.stop().what, kind::acquire_backend);
    EXPECT_EQ(script.stop().where.role, server_role::primary);
}

TEST(session_positions, a_new_session_goes_by_the_newest_known_if_there_is_none) {
    session_script script{session_capabilities, asking_world()};
    script.client_sends(query("SELECT a FROM t"));
    script.position_is(std::nullopt);
    ASSERT_EQ(script.stop().what, kind::acquire_backend);
    EXPECT_EQ(script.stop().where.role, server_role::replica);
    ASSERT_NE(script.stop().where.must_contain, nullptr);
    EXPECT_EQ(*script.stop().where.must_contain, up_to(5));
}

TEST(session_positions, a_new_session_need_not_ask_if_nothing_was_written_since) {
    const std::atomic<std::uint64_t> writes{4};

    struct row {
        std::uint64_t answered;
        std::uint64_t writes_answered;
        bool asks;
    };

    for (const row& each : {row{0, 4, true}, row{1, 3, true}, row{1, 4, false}}) {
        environment world = asking_world();
        world.confirmed_writes = &writes;
        world.positions_asked = world.position_answered = each.answered;
        world.writes_answered = each.writes_answered;
        session_script script{session_capabilities, world};
        script.client_sends(query("SELECT a FROM t"));
        EXPECT_EQ(script.stop().what == kind::ask_position, each.asks);
    }
}

TEST_F(after_a_read, the_next_one_stays_there) {
    read();
    ASSERT_EQ(script.stop().what, kind::acquire_backend);
    EXPECT_EQ(script.stop().where.role, server_role::replica);
    EXPECT_EQ(script.stop().where.stays_at, 2U);
}

TEST_F(after_a_read, the_next_one_goes_anywhere_that_has_a_later_position) {
    script.world().primary_executed = up_to(11);
    script.world().position_answered = ++script.world().positions_asked;
    read();
    ASSERT_EQ(script.stop().what, kind::acquire_backend);
    EXPECT_FALSE(script.stop().where.stays_at);
    ASSERT_NE(script.stop().where.must_contain, nullptr);
    EXPECT_EQ(*script.stop().where.must_contain, up_to(11));
}

TEST_F(after_a_read, the_next_one_stays_at_the_primary_after_a_read_there) {
    script.run(query("SELECT a FROM t FOR UPDATE"), primary, rows_answer());
    read();
    ASSERT_EQ(script.stop().what, kind::acquire_backend);
    EXPECT_EQ(script.stop().where.stays_at, 1U);
}

TEST_F(after_a_read, what_reads_no_table_sees_nothing) {
    script.run(query("SELECT 1"), primary, rows_answer());
    read();
    EXPECT_EQ(script.stop().where.stays_at, 2U);
}

TEST_F(after_a_read, who_has_waited_for_a_position_has_seen_the_primarys) {
    for (const std::string_view waits :
         {"SELECT WAIT_FOR_EXECUTED_GTID_SET('u:1-9', 1)",
          "DO WAIT_FOR_EXECUTED_GTID_SET('u:1-9', 1)",
          "SET @waited = WAIT_FOR_EXECUTED_GTID_SET('u:1-9', 1)"}) {
        session_script waiting{session_capabilities, asking_world()};
        auto& there = waiting.connection(role::primary);
        there.state.server = 1;
        waiting.client_sends(query(waits));
        waiting.lease(there);
        waiting.backend_sends(waits.starts_with("SELECT") ? rows_answer("0") : ok_answer());
        EXPECT_EQ(waiting.core().facts().written.stays_at(), 1U) << waits;
    }
}

TEST_F(after_a_read, who_asks_for_a_servers_name_again_returns_to_it) {
    script.world().primary_executed = up_to(11);
    script.world().position_answered = ++script.world().positions_asked;
    script.client_sends(query("SELECT @@hostname"));
    EXPECT_FALSE(script.stop().where.returns_to);
    script.lease(replica);
    script.backend_sends(rows_answer("db2"));
    for (const std::string_view text :
         {"SELECT @@server_uuid", "SELECT UPPER(@@global.hostname)"}) {
        script.client_sends(query(text));
        EXPECT_EQ(script.stop().where.returns_to, 2U) << text;
        script.lease(replica);
        script.backend_sends(rows_answer("db2"));
    }
    for (const std::string_view text : {"SELECT @@server_id", "SELECT a FROM t"}) {
        script.client_sends(query(text));
        EXPECT_FALSE(script.stop().where.returns_to) << text;
        script.lease(replica);
        script.backend_sends(rows_answer("db2"));
    }
}

TEST_F(after_a_read, a_reset_begins_anew) {
    script.client_sends(test::command(protocol::mysql::command::reset_connection));
    read();
    script.position_is(up_to(12));
    ASSERT_EQ(script.stop().what, kind::acquire_backend);
    EXPECT_FALSE(script.stop().where.stays_at);
    ASSERT_NE(script.stop().where.must_contain, nullptr);
    EXPECT_EQ(*script.stop().where.must_contain, up_to(12));
}

/// It has committed what the transaction wrote before that, and an error does not say so.
TEST(session_positions, are_not_known_after_a_statement_that_commits_and_then_fails) {
    session_script script;
    auto& primary = script.connection(role::primary);
    script.run(query("BEGIN"), primary, ok_answer(in_transaction));
    script.run(query("INSERT INTO t VALUES (1)"), primary, ok_answer(in_transaction));
    script.run(query("CREATE TABLE t (a INT)"), primary, error_answer(1050));
    script.run(query("ROLLBACK"), primary, ok_answer());
    script.client_sends(query("SELECT a FROM t"));
    ASSERT_EQ(script.stop().what, kind::acquire_backend);
    EXPECT_EQ(script.stop().where.role, server_role::primary);
}

}  // namespace
}  // namespace weir::splitter
