// A commit whose answer is lost with its connection: what is asked of its server, and what the
// client is told.

#include "splitter/relay/session_core.hpp"

#include "tests/support/session_script.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <string_view>

namespace weir::splitter {
namespace {

using namespace weir::test;  // the whole file speaks the script's language
using role = session_script::role;
using kind = session_action::kind;
using found = resolved_commit::kind;

environment resolving(bool transaction_replay = false) {
    environment world;
    world.resolves_commits = true;
    world.routing.transaction_replay = transaction_replay;
    return world;
}

/// A connection to a server that has said who it is.
scripted_backend& known_connection(session_script& script) {
    auto& made = script.connection(role::primary);
    made.state.thread_id = 14;
    made.state.origin_asked = true;
    made.state.origin = server_origin{mysql_uuid, mysql_gtids("1-5")};
    return made;
}

byte_vector named(std::string_view gtid, status_set status = idle) {
    return ok_answer(status, {{protocol::mysql::session_track_type::gtids, {}, std::string(gtid)}});
}

/// BEGIN and a write on this connection.
void open_transaction(session_script& script, scripted_backend& on) {
    script.run(query("BEGIN"), on, ok_answer(in_transaction));
    script.run(query("UPDATE t SET a=1"), on, ok_answer(in_transaction));
    (void)script.take_client_bytes();
}

std::string error_text(const byte_vector& sent) {
    const auto message = protocol::mysql::err::decode(view(sent).subspan(4));
    return message ? std::string(message->message) : std::string();
}

TEST(session_resolving, asks_what_became_of_a_commit_once_its_connection_is_gone) {
    session_script script(session_capabilities, resolving());
    auto& primary = known_connection(script);
    script.run(query("INSERT INTO t VALUES (1)"), primary, named(mysql_uuid + ":6"));
    open_transaction(script, primary);
    script.client_sends(query("COMMIT"));
    (void)script.take_trace();
    script.backend_fails();
    EXPECT_EQ(script.take_trace(), "drop resolve");
    const lost_commit* const lost = script.stop().lost;
    ASSERT_NE(lost, nullptr);
    EXPECT_EQ(lost->thread_id, 14U);
    EXPECT_EQ(lost->server_uuid, mysql_uuid);
    EXPECT_EQ(lost->executed.to_string(), mysql_uuid + ":1-5");
    EXPECT_EQ(lost->earlier, mysql_uuid + ":6");
    EXPECT_FALSE(lost->may_have_others);
    EXPECT_EQ(lost->came, script.now());
}

TEST(session_resolving, answers_a_commit_that_happened) {
    session_script script(session_capabilities, resolving());
    open_transaction(script, known_connection(script));
    script.client_sends(query("COMMIT"));
    script.backend_fails();
    script.resolve({found::committed, mysql_uuid + ":7"});
    EXPECT_EQ(script.take_client_bytes(), ok_answer());
    EXPECT_EQ(script.stop().what, kind::read_client);
    EXPECT_FALSE(script.core().facts().transaction.open);
    const auto* const required = script.core().facts().written.required();
    ASSERT_NE(required, nullptr) << "the session's reads are to find it";
    EXPECT_EQ(required->to_string(), mysql_uuid + ":7");
    auto& next = known_connection(script);
    script.run(query("UPDATE t SET a=2"), next, named(mysql_uuid + ":8"));
    EXPECT_EQ(script.take_client_bytes(), ok_answer());
}

TEST(session_resolving, says_that_a_commit_did_not_happen) {
    session_script script(session_capabilities, resolving());
    open_transaction(script, known_connection(script));
    script.client_sends(query("COMMIT"));
    script.backend_fails();
    script.resolve({found::rolled_back, {}});
    const byte_vector answer = script.take_client_bytes();
    EXPECT_EQ(error_in(answer), 3101);
    EXPECT_EQ(script.stop().what, kind::read_client);
    EXPECT_FALSE(script.core().facts().transaction.open);
}

TEST(session_resolving, replays_a_transaction_whose_commit_did_not_happen) {
    session_script script(session_capabilities, resolving(true));
    open_transaction(script, known_connection(script));
    script.client_sends(query("COMMIT"));
    script.backend_fails();
    script.resolve({found::rolled_back, {}});
    auto& other = known_connection(script);
    script.lease(other);
    EXPECT_EQ(other.last_sent(), query("BEGIN"));
    script.backend_sends(ok_answer(in_transaction));
    EXPECT_EQ(other.last_sent(), query("UPDATE t SET a=1"));
    script.backend_sends(ok_answer(in_transaction));
    EXPECT_EQ(other.last_sent(), query("COMMIT"));
    script.backend_sends(named(mysql_uuid + ":7"));
    EXPECT_EQ(script.take_client_bytes(), ok_answer());
}

TEST(session_resolving, tells_what_became_of_a_write_with_a_commit_of_its_own) {
    const struct {
        std::string_view name;
        resolved_commit outcome;
        std::uint16_t error;
        std::string_view says;
    } rows[]{
        {"committed", {found::committed, mysql_uuid + ":7"}, 1105, "committed as GTID 3e11fa47"},
        {"committed under a number that is not read", {found::committed, {}}, 1105, "committed,"},
        {"rolled back", {found::rolled_back, {}}, 3101, "rolled back"},
    };

    for (const auto& row : rows) {
        session_script script(session_capabilities, resolving());
        auto& primary = known_connection(script);
        script.client_sends(query("INSERT INTO t VALUES (1)"));
        script.lease(primary);
        script.backend_fails();
        script.resolve(row.outcome);
        const byte_vector answer = script.take_client_bytes();
        EXPECT_EQ(error_in(answer), row.error) << row.name;
        EXPECT_NE(error_text(answer).find(row.says), std::string::npos) << error_text(answer);
        EXPECT_EQ(script.stop().what, kind::read_client) << row.name;
        EXPECT_EQ(primary.sent.size(), 1U) << row.name;
    }
}

TEST(session_resolving, runs_a_write_again_that_is_known_not_to_have_happened_if_it_may) {
    session_script script(session_capabilities, resolving(true));
    script.client_sends(query("INSERT INTO t VALUES (1)"));
    script.lease(known_connection(script));
    script.backend_fails();
    script.resolve({found::rolled_back, {}});
    auto& other = known_connection(script);
    script.lease(other);
    EXPECT_EQ(other.last_sent(), query("INSERT INTO t VALUES (1)"));
    script.backend_sends(named(mysql_uuid + ":7"));
    EXPECT_EQ(script.take_client_bytes(), ok_answer());
}

TEST(session_resolving, cuts_off_whose_outcome_nobody_knows) {
    session_script script(session_capabilities, resolving(true));
    open_transaction(script, known_connection(script));
    script.client_sends(query("COMMIT"));
    script.backend_fails();
    script.resolve({});
    EXPECT_TRUE(script.take_client_bytes().empty());
    EXPECT_EQ(script.stop().what, kind::close);
    EXPECT_TRUE(script.stop().why.code.failed());
}

TEST(session_resolving, asks_only_where_the_log_can_tell) {
    const struct {
        std::string_view name;
        std::string_view sql;
        std::function<void(environment&)> world = [](environment&) {};
        std::function<void(backend_state&)> connection = [](backend_state&) {};
        std::string_view before{};
        bool asks = false;
    } rows[]{
        {.name = "a write", .sql = "DELETE FROM t", .asks = true},
        {.name = "it is turned off",
         .sql = "DELETE FROM t",
         .world = [](environment& world) { world.resolves_commits = false; }},
        {.name = "the server has not said who it is",
         .sql = "DELETE FROM t",
         .connection = [](backend_state& state) { state.origin.reset(); }},
        {.name = "writes on the connection are not named",
         .sql = "DELETE FROM t",
         .connection = [](backend_state& state) { state.tracks_gtids = false; }},
        {.name = "DDL", .sql = "CREATE TABLE u (a INT)"},
        {.name = "a procedure", .sql = "CALL p()"},
        {.name = "several statements", .sql = "DELETE FROM t; DELETE FROM t"},
        {.name = "a query that may write a file", .sql = "SELECT a FROM t INTO OUTFILE 'x'"},
        {.name = "tables that no log has",
         .sql = "UPDATE Performance_Schema.setup_consumers SET a=1"},
        {.name = "a pinned session", .sql = "DELETE FROM t", .before = "SELECT GET_LOCK('a', 1)"},
        {.name = "a commit without a transaction", .sql = "COMMIT"},
    };

    for (const auto& row : rows) {
        environment world = resolving();
        row.world(world);
        session_script script(session_capabilities, world);
        auto& primary = known_connection(script);
        row.connection(primary.state);
        if (!row.before.empty()) script.run(query(row.before), primary, rows_answer());
        script.client_sends(query(row.sql));
        if (script.stop().what == kind::acquire_backend) script.lease(primary);
        script.backend_fails();
        EXPECT_EQ(script.stop().what, row.asks ? kind::resolve_commit : kind::close) << row.name;
    }
}

TEST(session_resolving, knows_whether_the_connection_may_have_written_more_than_it_named) {
    const struct {
        std::string_view name;
        std::string_view before;
        byte_vector answer;
        bool may;
    } rows[]{
        {"a named write", "DELETE FROM t", named(mysql_uuid + ":6"), false},
        {"a write that changed nothing", "DELETE FROM t", ok_answer(), false},
        {"a write that failed", "DELETE FROM t", error_answer(1205), true},
        {"a read", "SELECT 1 FROM t FOR SHARE", error_answer(1146), true},
        {"a procedure that failed half-way", "CALL p()", error_answer(1146), true},
    };

    for (const auto& row : rows) {
        session_script script(session_capabilities, resolving());
        auto& primary = known_connection(script);
        script.run(query(row.before), primary, row.answer);
        open_transaction(script, primary);
        script.client_sends(query("COMMIT"));
        script.backend_fails();
        ASSERT_EQ(script.stop().what, kind::resolve_commit) << row.name;
        EXPECT_EQ(script.stop().lost->may_have_others, row.may) << row.name;
    }
}

byte_vector origin_answer(std::string_view server, std::string_view executed) {
    const byte_vector row = payload_from([&](auto& writer) {
        writer.lenenc_text(server);
        writer.lenenc_text(executed);
    });
    return frames_of(
        {bytes({2}), definition_payload(), definition_payload(), row, ok_payload(idle, 0xFE)}
    );
}

TEST(session_resolving, asks_a_new_connection_to_the_primary_who_its_server_is) {
    const byte_vector question = query("SELECT @@server_uuid, @@GLOBAL.gtid_executed");

    const struct {
        std::string_view name;
        byte_vector answer;
        bool is_known;
    } rows[]{
        {"a server with GTIDs", origin_answer(mysql_uuid, mysql_uuid + ":1-5"), true},
        {"without", origin_answer(mysql_uuid, ""), false},
        {"one that does not say it", error_answer(1193), false},
    };

    for (const auto& row : rows) {
        session_script script(session_capabilities, resolving());
        auto& fresh = script.fresh_connection(role::primary);
        script.client_sends(query("DELETE FROM t"));
        script.lease(fresh);
        script.backend_sends(ok_answer());
        ASSERT_EQ(fresh.last_sent(), question) << row.name;
        script.backend_sends(row.answer);
        EXPECT_EQ(fresh.last_sent(), query("DELETE FROM t")) << row.name;
        EXPECT_EQ(fresh.state.origin.has_value(), row.is_known) << row.name;
        script.backend_sends(named(mysql_uuid + ":6"));
        EXPECT_EQ(script.stop().what, kind::read_client) << row.name;
    }
    session_script script(session_capabilities, resolving());
    auto& replica = script.fresh_connection(role::replica);
    script.client_sends(query("SELECT 1"));
    script.lease(replica);
    script.backend_sends(ok_answer());
    EXPECT_EQ(replica.last_sent(), query("SELECT 1")) << "nothing is written there";
}

}  // namespace
}  // namespace weir::splitter
