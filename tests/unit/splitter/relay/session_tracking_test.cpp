// What a client is told of its session: of what a SET STATEMENT gives back, and once it has set
// itself what it is to be told of.

#include "splitter/relay/session_core.hpp"

#include "tests/support/session_script.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace weir::splitter {
namespace {

using namespace weir::test;  // the whole file speaks the script's language
using role = session_script::role;
using protocol::mysql::session_track_type;

struct session_tracking : testing::Test {
    session_script script;
    scripted_backend& primary = script.connection(role::primary);
    scripted_backend& replica = script.connection(role::replica);
    const tracked schema{session_track_type::schema, "", "shop"};
    const tracked change{session_track_type::state_change, "", "1"};
    const tracked zone = variable("time_zone", "+01:00");

    session_tracking() {
        script.world().flavor = protocol::mysql::server_flavor::mariadb;
        for (auto* const one : {&primary, &replica}) {
            one->state.flavor = protocol::mysql::server_flavor::mariadb;
            one->state.initial = {{"time_zone", "+01:00"}};
        }
    }

    static std::string last_query(const scripted_backend& backend) {
        const byte_vector sent = backend.last_sent();
        return sent.size() < 5 ? "" : std::string(protocol::wire::as_text(view(sent).subspan(5)));
    }

    /// The client's answer to a statement on the primary.
    byte_vector told(std::string_view sql, const std::vector<tracked>& reported) {
        script.run(query(sql), primary, ok_answer(idle, reported));
        return script.take_client_bytes();
    }

    void set_for_one_statement() {
        script.run(
            query("SET STATEMENT time_zone='+02:00' FOR SELECT 1"), primary, rows_answer("1")
        );
        (void)script.take_client_bytes();
    }
};

TEST_F(session_tracking, is_the_clients_once_its_statements_are_prepared_there) {
    for (const auto* const sql : {"SELECT a FROM t", "SELECT a FROM gone", "SELECT b FROM t"})
        script.run(stmt_prepare(sql), replica, prepared_answer(5, 0));
    script.client_sends(query("SET session_track_transaction_info='STATE'"));
    script.lease(primary);
    EXPECT_EQ(primary.last_sent(), stmt_prepare("SELECT a FROM t"));
    script.backend_sends(prepared_answer(6, 0));
    EXPECT_EQ(primary.last_sent(), stmt_prepare("SELECT a FROM gone"));
    script.backend_sends(error_answer(1146));
    EXPECT_EQ(primary.last_sent(), stmt_prepare("SELECT b FROM t"));
    script.backend_sends(prepared_answer(7, 0));
    EXPECT_TRUE(last_query(primary).ends_with("session_track_transaction_info='STATE'"));
    script.backend_sends(ok_answer());
    script.run(stmt_execute_bare(1), primary, rows_answer());
    EXPECT_EQ(primary.last_sent(), stmt_execute_bare(6));
}

TEST_F(session_tracking, tells_what_was_given_back_with_the_next_report) {
    set_for_one_statement();
    EXPECT_EQ(told("SET @x=1", {change, zone}), ok_answer(idle)) << "nothing that it is told of";
    EXPECT_EQ(told("USE shop", {schema}), ok_answer(idle, {schema, zone}));
    EXPECT_EQ(told("USE shop", {schema}), ok_answer(idle, {schema})) << "once";
}

TEST_F(session_tracking, tells_it_as_the_server_does_where_that_comes_at_the_same_time) {
    set_for_one_statement();
    EXPECT_EQ(told("USE shop", {schema, zone}), ok_answer(idle, {schema, zone}));
}

TEST_F(session_tracking, learns_what_is_set_for_longer) {
    script.run(
        query("SET STATEMENT sql_select_limit=1 FOR SET time_zone='+03:00'"),
        primary,
        ok_answer(idle, {variable("sql_select_limit", "1"), variable("time_zone", "+03:00")})
    );
    const auto& state = script.core().facts().state;
    EXPECT_EQ(state.value_of("sql_select_limit"), nullptr);
    ASSERT_NE(state.value_of("time_zone"), nullptr);
    EXPECT_EQ(*state.value_of("time_zone"), "+03:00");
}

TEST_F(session_tracking, does_not_take_a_tracker_that_was_given_back_for_the_clients) {
    script.run(
        query("SET STATEMENT session_track_system_variables='*' FOR SET time_zone='+01:00'"),
        primary,
        ok_answer(idle, {variable("session_track_system_variables", "*"), zone})
    );
    (void)script.take_client_bytes();
    const tracked list = variable("session_track_system_variables", "*");
    EXPECT_EQ(told("SET sql_safe_updates=1", {list}), ok_answer(idle));
    EXPECT_FALSE(script.core().is_pinned());
}

TEST_F(session_tracking, does_not_tell_another_session_on_the_connection) {
    set_for_one_statement();
    primary.state.left = {};
    session_script other(session_capabilities, {}, 2);
    other.world().flavor = protocol::mysql::server_flavor::mariadb;
    other.run(query("USE shop"), primary, ok_answer(idle, {schema, zone}));
    EXPECT_EQ(other.take_client_bytes(), ok_answer(idle, {schema}));
    EXPECT_EQ(other.core().facts().state.value_of("time_zone"), nullptr);
}

TEST_F(session_tracking, is_the_clients_once_it_sets_what_it_is_told) {
    EXPECT_EQ(told("SET session_track_state_change = 1", {change}), ok_answer(idle, {change}));
    EXPECT_EQ(
        last_query(primary),
        "SET @@session.session_track_state_change=DEFAULT, "
        "@@session.session_track_system_variables=DEFAULT, @@session.session_track_schema=DEFAULT, "
        "session_track_state_change = 1"
    );
    EXPECT_EQ(told("SET @@time_zone='+01:00'", {change, zone}), ok_answer(idle, {change, zone}));
    EXPECT_EQ(last_query(primary), "SET @@time_zone='+01:00'") << "as it came";
    const tracked characteristics{session_track_type::transaction_characteristics, "", "x"};
    EXPECT_EQ(told("BEGIN", {characteristics}), ok_answer(idle, {characteristics}));
    EXPECT_FALSE(primary.state.tracks_gtids);
}

TEST_F(session_tracking, gives_no_scope_that_would_have_more_told) {
    (void)told("SET @@session_track_transaction_info = 'STATE'", {});
    EXPECT_TRUE(last_query(primary).ends_with(", @@session_track_transaction_info = 'STATE'"));
}

TEST_F(session_tracking, does_not_tell_what_had_changed_before) {
    EXPECT_EQ(
        told("SET session_track_system_variables='time_zone'", {change, zone}),
        ok_answer(idle, {zone})
    );
}

}  // namespace
}  // namespace weir::splitter
