// GET DIAGNOSTICS behind a read that ran on a replica.

#include "splitter/relay/session_core.hpp"

#include "tests/support/session_script.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace weir::splitter {
namespace {

using namespace weir::test;  // the whole file speaks the script's language
using role = session_script::role;
using kind = session_action::kind;

struct session_diagnostics : testing::Test {
    session_script script;
    scripted_backend& primary = script.connection(role::primary);
    scripted_backend& replica = script.connection(role::replica);

    session_diagnostics() {
        script.run(query("SELECT CAST('x' AS SIGNED) FROM t"), replica, rows_answer());
        (void)script.take_trace();
    }

    static std::string last_query(const scripted_backend& backend) {
        const byte_vector sent = backend.last_sent();
        return sent.size() < 5 ? "" : std::string(protocol::wire::as_text(view(sent).subspan(5)));
    }

    void get(std::string_view statement) {
        script.run(query(statement), replica, ok_answer());
        EXPECT_EQ(last_query(replica), statement);
        EXPECT_EQ(script.leased(), &replica) << "which alone knows the values";
        EXPECT_FALSE(script.core().is_pinned());
    }
};

TEST_F(session_diagnostics, go_where_the_read_ran) {
    script.client_sends(query("GET DIAGNOSTICS @n = NUMBER"));
    EXPECT_EQ(script.take_trace(), "acquire:home");
}

TEST_F(session_diagnostics, are_told_before_the_next_statement) {
    get("GET DIAGNOSTICS @n = NUMBER");
    get("GET DIAGNOSTICS CONDITION 1 @m = MESSAGE_TEXT");
    script.client_sends(query("INSERT INTO t VALUES (@n)"));
    EXPECT_EQ(last_query(replica), "SELECT @`n`, CAST(@`m` AS BINARY) LIMIT 1");
    script.backend_sends(row_answer({"3", "it's"}));
    EXPECT_EQ(script.leased(), nullptr);
    script.lease(primary);
    EXPECT_EQ(last_query(primary), "SET @`n`=CAST(3 AS UNSIGNED), @`m`=_utf8mb3 0x69742773");
    script.backend_sends(ok_answer());
    EXPECT_EQ(last_query(primary), "INSERT INTO t VALUES (@n)");
    script.backend_sends(ok_answer());
    EXPECT_FALSE(script.core().is_pinned());
}

TEST_F(session_diagnostics, are_lost_with_the_replica_and_the_session_with_them) {
    get("GET DIAGNOSTICS @n = NUMBER");
    script.client_sends(query("SELECT 1 FROM t"));
    script.backend_fails();
    EXPECT_EQ(script.stop().what, kind::close);
}

TEST_F(session_diagnostics, end_with_a_reset) {
    get("GET DIAGNOSTICS @n = NUMBER");
    script.client_sends(test::command(protocol::mysql::command::reset_connection));
    script.backend_sends(row_answer({"3", ""}));
    EXPECT_TRUE(script.core().facts().state.user_variables().empty());
    EXPECT_EQ(script.leased(), nullptr);
}

TEST_F(session_diagnostics, are_answered_by_weir_where_another_session_has_the_connection) {
    script.core().on_connection_closed(replica.state);
    script.client_sends(query("GET DIAGNOSTICS @n = NUMBER"));
    EXPECT_EQ(script.take_trace(), "write_client read_client");
    script.client_sends(query("GET DIAGNOSTICS @c = CATALOG_NAME"));
    EXPECT_EQ(script.take_trace(), "acquire:primary") << "which is not known here";
}

TEST_F(session_diagnostics, tell_states_by_numbers_on_mariadb) {
    script.world().flavor = protocol::mysql::server_flavor::mariadb;
    script.core().facts().last.conditions = std::make_unique<std::vector<condition>>();
    script.core().facts().last.conditions->push_back({"Note", 1051, "Unknown table"});
    (void)script.take_client_bytes();
    script.client_sends(query("GET DIAGNOSTICS CONDITION 1 @s = RETURNED_SQLSTATE"));
    EXPECT_EQ(script.take_client_bytes().size(), ok_answer().size());
    const auto& filled = script.core().facts().state.user_variables();
    ASSERT_EQ(filled.size(), 1U);
    EXPECT_EQ(filled[0].value, "_utf8mb3 0x3432533032") << "42S02";
}

}  // namespace
}  // namespace weir::splitter
