// SET ROLE, which no session tracker tells of: what weir learns of it, and where it brings it.

#include "splitter/relay/session_core.hpp"
#include "splitter/session/active_role.hpp"
#include "splitter/session/session_diff.hpp"

#include "tests/support/session_script.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace weir::splitter {
namespace {

using namespace weir::test;  // the whole file speaks the script's language
using role = session_script::role;
using kind = session_action::kind;

/// LAST_INSERT_ID(), FOUND_ROWS() and the role of a connection.
byte_vector role_answer(std::string_view name) {
    byte_vector row;
    for (const std::string_view value : {std::string_view("0"), std::string_view("1"), name})
        row = row + bytes({static_cast<unsigned>(value.size())}) + bytes(value);
    std::vector<byte_vector> packets{bytes({3})};
    for (int i = 0; i < 3; ++i)
        packets.push_back(definition_payload());
    packets.push_back(row);
    packets.push_back(ok_payload(idle, 0xFE));
    return frames_of(packets);
}

struct session_roles : testing::Test {
    session_script script;
    scripted_backend& primary = script.connection(role::primary);
    scripted_backend& replica = script.connection(role::replica);

    session_roles() { script.world().version_number = 90700; }

    /// After a reset the tracker is set up anew, and what a login sets.
    void answer_settings(const scripted_backend& backend) {
        while (last_query(backend).starts_with("SET SESSION "))
            script.backend_sends(ok_answer());
    }

    static std::string last_query(const scripted_backend& backend) {
        const byte_vector sent = backend.last_sent();
        return sent.size() < 5 ? "" : std::string(protocol::wire::as_text(view(sent).subspan(5)));
    }

    /// On a primary that has not been asked yet for its login's role.
    void set_role(std::string_view statement) {
        script.client_sends(query(statement));
        script.lease(primary);
        EXPECT_EQ(last_query(primary), role_query) << "what the connection is to go back to";
        script.backend_sends(role_answer("`login`@`%`"));
        EXPECT_EQ(last_query(primary), statement);
    }
};

TEST_F(session_roles, are_brought_to_other_connections) {
    set_role("SET ROLE r");
    script.backend_sends(ok_answer());
    EXPECT_FALSE(script.core().is_pinned());
    EXPECT_EQ(script.leased(), nullptr);
    script.client_sends(query("SELECT a FROM t"));
    script.lease(replica);
    EXPECT_EQ(last_query(replica), role_query);
    script.backend_sends(role_answer("NONE"));
    EXPECT_EQ(last_query(replica), "SET ROLE `r`@`%`");
    script.backend_sends(ok_answer());
    EXPECT_EQ(last_query(replica), "SELECT a FROM t");
    script.backend_sends(rows_answer());
    script.run(query("SELECT b FROM t"), replica, rows_answer());
    EXPECT_EQ(last_query(replica), "SELECT b FROM t") << "once is enough";
}

TEST_F(session_roles, are_taken_back_for_the_next_session) {
    set_role("SET ROLE r");
    script.backend_sends(ok_answer());
    session_script second(session_capabilities, {}, 2);
    second.client_sends(query("UPDATE t SET a=1"));
    second.lease(primary);
    EXPECT_EQ(last_query(primary), "SET ROLE `login`@`%`");
    second.backend_sends(ok_answer());
    EXPECT_EQ(last_query(primary), "UPDATE t SET a=1");
}

TEST_F(session_roles, change_nothing_where_they_are_refused) {
    set_role("SET ROLE r");
    script.backend_sends(error_answer(3530));
    EXPECT_EQ(script.core().facts().state.role(), std::nullopt);
    EXPECT_FALSE(script.core().is_pinned());
}

TEST_F(session_roles, are_asked_for_where_the_text_does_not_tell) {
    set_role("SET ROLE ALL");
    script.backend_sends(ok_answer());
    EXPECT_TRUE(script.core().is_pinned()) << "until they are known";
    script.client_sends(query("SELECT ROW_COUNT()"));
    EXPECT_EQ(last_query(primary), "SELECT ROW_COUNT()") << "which the question would change";
    script.backend_sends(rows_answer());
    script.client_sends(query("SELECT a FROM t"));
    EXPECT_EQ(last_query(primary), role_query);
    script.backend_sends(role_answer("`a`@`%`,`b`@`%`"));
    EXPECT_EQ(last_query(primary), "SELECT a FROM t");
    script.backend_sends(rows_answer());
    EXPECT_FALSE(script.core().is_pinned());
    EXPECT_EQ(script.core().facts().state.role(), "`a`@`%`,`b`@`%`");
}

TEST_F(session_roles, pin_where_no_other_connection_would_read_the_name_alike) {
    set_role("SET ROLE r\xC3\xA9");
    script.backend_sends(ok_answer());
    script.client_sends(query("SELECT a FROM t"));
    script.backend_sends(role_answer("`r\xC3\xA9`@`%`"));
    EXPECT_EQ(last_query(primary), "SELECT a FROM t");
    script.backend_sends(rows_answer());
    EXPECT_TRUE(script.core().is_pinned());
    script.client_sends(test::command(protocol::mysql::command::reset_connection));
    script.backend_sends(ok_answer());
    EXPECT_TRUE(script.core().is_pinned()) << "a reset leaves the role";
    script.client_sends(query("SET ROLE NONE"));
    answer_settings(primary);
    EXPECT_EQ(last_query(primary), "SET ROLE NONE");
    script.backend_sends(ok_answer());
    EXPECT_FALSE(script.core().is_pinned());
}

TEST_F(session_roles, outlive_a_reset) {
    set_role("SET ROLE r");
    script.backend_sends(ok_answer());
    script.client_sends(test::command(protocol::mysql::command::reset_connection));
    script.client_sends(query("SELECT a FROM t"));
    script.lease(primary);
    answer_settings(primary);
    EXPECT_EQ(last_query(primary), "SELECT a FROM t") << "it is there";
    EXPECT_EQ(script.core().facts().state.role(), "`r`@`%`");
}

TEST_F(session_roles, may_have_been_set_by_what_was_not_understood) {
    script.run(query("EXECUTE IMMEDIATE 'SET ROLE r'"), primary, ok_answer());
    script.client_sends(test::command(protocol::mysql::command::reset_connection));
    script.backend_sends(ok_answer());
    EXPECT_TRUE(script.core().is_pinned()) << "until it is known which it is";
    script.client_sends(query("SELECT a FROM t"));
    answer_settings(primary);
    EXPECT_EQ(last_query(primary), role_query);
    script.backend_sends(role_answer("`r`@`%`"));
    answer_settings(primary);
    script.backend_sends(rows_answer());
    EXPECT_FALSE(script.core().is_pinned());
    EXPECT_TRUE(is_out_of_reach(session_state(), primary.state))
        << "nobody knows what others would have there";
}

}  // namespace
}  // namespace weir::splitter
