// What clients ask weir itself: EXPLAIN ROUTE, SHOW WEIR PINS, SET weir_trace.

#include "protocol/mysql/packet_header.hpp"
#include "splitter/relay/session_core.hpp"

#include "tests/support/session_script.hpp"
#include "tests/unit/splitter/rules/rule_support.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

namespace weir::splitter {
namespace {

using namespace weir::test;  // the whole file speaks the script's language
using role = session_script::role;
using kind = session_action::kind;

std::string text_of(const byte_vector& answer) {
    return std::string(protocol::wire::as_text(view(answer)));
}

bool contains(const byte_vector& answer, std::string_view text) {
    return text_of(answer).find(text) != std::string::npos;
}

explained_servers two_servers(route_target target) {
    return {
        target,
        {{"db2", true, "balanced", std::chrono::milliseconds(12)},
         {"db1", false, "not a replica", std::nullopt}}};
}

struct asking : testing::Test {
    session_script script;
    scripted_backend& primary = script.connection(role::primary);
    scripted_backend& replica = script.connection(role::replica);

    [[nodiscard]] byte_vector ask(std::string_view sql) {
        (void)script.take_client_bytes();
        script.client_sends(query(sql));
        return script.take_client_bytes();
    }
};

TEST_F(asking, where_a_statement_would_go_sends_it_nowhere) {
    script.client_sends(query("EXPLAIN ROUTE SELECT a FROM t"));
    ASSERT_EQ(script.stop().what, kind::explain_route);
    EXPECT_EQ(script.stop().where.role, server_role::replica);
    script.explain(two_servers(route_target::replica));
    const byte_vector answer = script.take_client_bytes();
    for (const std::string_view part :
         {"target",
          "lag_ms",
          "statement_kind",
          "db2",
          "only reads; balanced",
          "12",
          "not a replica"})
        EXPECT_TRUE(contains(answer, part)) << part;
    EXPECT_TRUE(replica.sent.empty());
    EXPECT_EQ(script.stop().what, kind::read_client);
}

TEST_F(asking, where_a_statement_would_go_says_why) {
    struct row {
        std::string_view sql;
        server_role role;
        std::string_view reason;
    };

    const std::vector<row> rows{
        {"UPDATE t SET a=1", server_role::primary, "is not proven to only read"},
        {"CREATE TEMPORARY TABLE x (a INT)", server_role::primary, "leaves something"},
        {"SELECT LAST_INSERT_ID()", server_role::primary, "depends on the statement before"},
        {"SELECT /* weir:primary */ a FROM t", server_role::primary, "a hint or a rule"},
        {"START TRANSACTION READ ONLY", server_role::replica, "read-only transaction"},
        {"TABLE t", server_role::replica, "only reads"},
    };
    for (const row& each : rows) {
        SCOPED_TRACE(each.sql);
        script.client_sends(query("EXPLAIN ROUTE " + std::string(each.sql)));
        ASSERT_EQ(script.stop().what, kind::explain_route);
        EXPECT_EQ(script.stop().where.role, each.role);
        script.explain(two_servers(route_target::replica));
        EXPECT_TRUE(contains(script.take_client_bytes(), each.reason));
    }
}

TEST_F(asking, where_a_statement_would_go_leaves_what_the_last_one_said) {
    protocol::mysql::ok changed;
    changed.affected_rows = 3;
    changed.status = idle;
    changed.warnings = 2;
    script.run(
        query("UPDATE t SET a=1"), primary, frames_of({payload_of(changed, session_capabilities)})
    );
    script.client_sends(query("EXPLAIN ROUTE SELECT 1"));
    script.explain(two_servers(route_target::replica));
    EXPECT_EQ(script.core().facts().last.row_count, 3);
    EXPECT_EQ(script.core().facts().last.warnings, 2U);
    EXPECT_EQ(script.core().facts().last.at, &primary.state);
}

TEST_F(asking, where_a_statement_would_go_names_what_holds_the_session) {
    script.run(query("CREATE TEMPORARY TABLE seen (a INT)"), primary, ok_answer());
    script.client_sends(query("EXPLAIN ROUTE SELECT a FROM t"));
    script.explain({route_target::pinned, {{"db1", true, "", std::nullopt}}});
    const byte_vector answer = script.take_client_bytes();
    EXPECT_TRUE(contains(answer, "temporary table"));
    EXPECT_TRUE(contains(answer, "by: CREATE TEMPORARY TABLE seen (a INT)"));
    EXPECT_TRUE(contains(answer, "pinned"));
}

TEST_F(asking, what_weir_answers_goes_to_no_server) {
    for (const std::string_view sql :
         {"EXPLAIN ROUTE SHOW WEIR PINS",
          "EXPLAIN ROUTE EXPLAIN ROUTE SELECT 1",
          "EXPLAIN ROUTE SET weir_trace=1",
          "EXPLAIN ROUTE KILL 5"}) {
        SCOPED_TRACE(sql);
        EXPECT_TRUE(contains(ask(sql), "proxy"));
    }
    EXPECT_EQ(script.core().facts().trace, nullptr) << "explained, not set";
}

TEST_F(asking, in_a_wrong_form_is_a_syntax_error) {
    const byte_vector answer = ask("EXPLAIN ROUTE FOR SELECT 1");
    EXPECT_TRUE(contains(answer, "You have an error in your SQL syntax"));
    EXPECT_TRUE(contains(answer, "near 'FOR SELECT 1'"));
    EXPECT_TRUE(contains(ask("SET weir_trace = 9"), "can't be set to the value of '9'"));
}

TEST_F(asking, works_prepared) {
    (void)script.take_client_bytes();
    script.client_sends(stmt_prepare("EXPLAIN ROUTE SELECT a FROM t WHERE a = ?"));
    const byte_vector prepared = script.take_client_bytes();
    constexpr std::size_t size_of_ok = 12;
    const auto made = protocol::mysql::stmt_prepare_ok::decode(
        view(prepared).subspan(protocol::mysql::packet_header::size, size_of_ok),
        session_capabilities
    );
    ASSERT_TRUE(made);
    EXPECT_EQ(made->columns, 7);
    EXPECT_EQ(made->parameters, 1);
    script.client_sends(stmt_execute(made->statement_id, bound::types));
    ASSERT_EQ(script.stop().what, kind::explain_route);
    script.explain(two_servers(route_target::replica));
    EXPECT_TRUE(contains(script.take_client_bytes(), "only reads; balanced"));
    script.client_sends(statement_command(protocol::mysql::command::stmt_close, made->statement_id)
    );
    EXPECT_EQ(script.core().facts().statements.size(), 0U);
}

TEST_F(asking, for_pins_lists_each_with_its_statement) {
    EXPECT_FALSE(contains(ask("SHOW WEIR PINS"), "temporary table"));
    script.run(query("CREATE TEMPORARY TABLE x (a INT)"), primary, ok_answer());
    script.run(query("SELECT GET_LOCK('mine', 1)"), primary, rows_answer("1"));
    const byte_vector answer = ask("SHOW WEIR PINS");
    for (const std::string_view part :
         {"temporary table", "named lock", "mine", "SELECT GET_LOCK('mine', 1)"})
        EXPECT_TRUE(contains(answer, part)) << part;
    EXPECT_EQ(script.leased(), &primary) << "it holds on to what it had";
}

TEST_F(asking, for_pins_names_an_open_transaction) {
    script.run(query("BEGIN"), primary, ok_answer(in_transaction));
    EXPECT_TRUE(contains(ask("SHOW WEIR PINS"), "open transaction"));
}

TEST_F(asking, for_a_trace_adds_a_note_to_the_warnings) {
    (void)ask("SET weir_trace = 1");
    ASSERT_NE(script.core().facts().trace, nullptr);
    script.run(query("SELECT a FROM t"), replica, rows_answer());
    script.core().facts().trace->server = "db2";  // as the shell notes it
    const byte_vector answer = ask("SHOW WARNINGS");
    EXPECT_TRUE(contains(answer, "Note"));
    EXPECT_TRUE(contains(answer, "weir: ran on db2 (replica)"));
    EXPECT_TRUE(contains(answer, "reason: only reads"));
    EXPECT_TRUE(contains(ask("SHOW WARNINGS"), "ran on db2")) << "asking changes nothing";
    EXPECT_FALSE(contains(ask("SHOW ERRORS"), "weir:"));
}

TEST_F(asking, for_a_trace_keeps_the_servers_own_warnings) {
    (void)ask("SET weir_trace = 1");
    protocol::mysql::ok warned;
    warned.status = idle;
    warned.warnings = 1;
    script.run(
        query("INSERT IGNORE INTO t VALUES (1)"),
        primary,
        frames_of({payload_of(warned, session_capabilities)})
    );
    (void)script.take_client_bytes();
    script.client_sends(query("SHOW WARNINGS"));
    EXPECT_EQ(script.stop().where.connection, &primary.state);
    script.lease(primary);
    const byte_vector row = bytes({7}) + bytes("Warning") + bytes({4}) + bytes("1062") +
                            bytes({9}) + bytes("Duplicate");
    script.backend_sends(frames_of(
        {bytes({3}),
         definition_payload(),
         definition_payload(),
         definition_payload(),
         row,
         ok_payload(idle, 0xFE)}
    ));
    const byte_vector answer = script.take_client_bytes();
    EXPECT_TRUE(contains(answer, "Duplicate"));
    EXPECT_TRUE(contains(answer, "weir:"));
    EXPECT_EQ(script.stop().what, kind::read_client);
    EXPECT_EQ(script.leased(), nullptr);
}

TEST_F(asking, for_a_trace_ends_with_the_session) {
    (void)ask("SET weir_trace = 1");
    (void)ask("SET weir_trace = 0");
    EXPECT_EQ(script.core().facts().trace, nullptr);
    (void)ask("SET weir_trace = on");
    script.client_sends(test::command(protocol::mysql::command::reset_connection));
    EXPECT_EQ(script.core().facts().trace, nullptr);
}

TEST_F(asking, whether_there_is_a_trace_is_answered_in_the_text) {
    (void)ask("SET weir_trace = 1");
    script.client_sends(query("SELECT @@weir_trace"));
    script.lease(replica);
    const byte_vector sent = replica.last_sent();
    EXPECT_EQ(text_of(sent).find("@@weir_trace)"), std::string::npos);
    EXPECT_NE(text_of(sent).find(" AS `@@weir_trace`"), std::string::npos);
}

byte_vector listed_connection() {
    byte_vector row;
    for (const std::string_view value : {"11", "app", "proxy", "shop", "Sleep", "3", "", "x"})
        row = row + bytes({static_cast<unsigned>(value.size())}) + bytes(value);
    std::vector<byte_vector> packets{bytes({8})};
    for (int i = 0; i < 8; ++i)
        packets.push_back(definition_payload());
    packets.push_back(row);
    packets.push_back(ok_payload(idle, 0xFE));
    return frames_of(packets);
}

listed_session session_at(std::uint32_t thread_id) {
    listed_session known;
    known.id = 2'000'000'001;
    known.thread_id = thread_id;
    known.host = "192.0.2.1:4711";
    return known;
}

TEST_F(asking, for_connections_asks_a_server_and_the_sessions) {
    for (const byte_vector& sent :
         {query("SHOW FULL PROCESSLIST"),
          query("SHOW PROCESSLIST"),
          test::command(protocol::mysql::command::process_info)}) {
        script.client_sends(sent);
        EXPECT_EQ(script.stop().where.role, server_role::primary);
        script.lease(primary);
        script.backend_sends(listed_connection());
        script.list({session_at(11)});
        const byte_vector answer = script.take_client_bytes();
        EXPECT_TRUE(contains(answer, "2000000001"));
        EXPECT_TRUE(contains(answer, "192.0.2.1:4711"));
        EXPECT_EQ(script.leased(), nullptr);
        EXPECT_EQ(script.stop().what, kind::read_client);
        EXPECT_EQ(script.core().facts().last.row_count, -1);
    }
}

TEST_F(asking, for_connections_passes_the_servers_error_on) {
    (void)script.take_client_bytes();
    script.client_sends(query("SHOW PROCESSLIST"));
    script.lease(primary);
    script.backend_sends(error_answer(1399, "not in this state"));
    EXPECT_EQ(script.take_client_bytes(), error_answer(1399, "not in this state"));
    EXPECT_EQ(script.stop().what, kind::read_client);
    EXPECT_EQ(script.leased(), nullptr);
}

}  // namespace
}  // namespace weir::splitter
