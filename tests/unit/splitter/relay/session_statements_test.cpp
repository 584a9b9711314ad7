// Prepared statements: one id for the client, another on every connection.

#include "protocol/mysql/messages/stmt_execute.hpp"
#include "splitter/relay/session_core.hpp"

#include "tests/support/session_script.hpp"

#include <gtest/gtest.h>

#include <string_view>

namespace weir::splitter {
namespace {

using namespace weir::test;  // the whole file speaks the script's language
using role = session_script::role;
using kind = session_action::kind;
using protocol::mysql::command;

/// A session that has prepared "SELECT ?" on a replica, where its id is 71. The client's is 1.
struct statement_script : session_script {
    statement_script() {
        run(stmt_prepare("SELECT ?"), replica, prepared_answer(71));
        answer = take_client_bytes();
    }

    scripted_backend& replica = connection(role::replica);
    byte_vector answer;
};

TEST(session_statements, have_an_id_of_ours_towards_the_client) {
    statement_script script;
    EXPECT_EQ(script.answer, prepared_answer(1));
    EXPECT_EQ(script.replica.last_sent(), stmt_prepare("SELECT ?"));
    EXPECT_EQ(script.leased(), nullptr);
}

TEST(session_statements, are_run_under_the_connections_id) {
    statement_script script;
    script.run(stmt_execute(1, bound::types), script.replica, rows_answer());
    EXPECT_EQ(script.replica.last_sent(), stmt_execute(71, bound::types));
    EXPECT_EQ(script.take_client_bytes(), rows_answer());
    script.run(stmt_execute(1, bound::nothing), script.replica, rows_answer());
    EXPECT_EQ(script.replica.last_sent(), stmt_execute(71, bound::nothing));
}

TEST(session_statements, are_prepared_on_demand_where_they_are_not_known) {
    statement_script script;
    auto& other = script.connection(role::replica);
    script.client_sends(stmt_execute(1, bound::types));
    script.lease(other);
    EXPECT_EQ(other.last_sent(), stmt_prepare("SELECT ?"));
    script.backend_sends(prepared_answer(9));
    EXPECT_EQ(other.last_sent(), stmt_execute(9, bound::types));
    script.backend_sends(rows_answer());
    EXPECT_EQ(script.take_client_bytes(), rows_answer()) << "the client sees its answer only";
}

TEST(session_statements, have_texts_read_on_mariadb_as_when_their_types_were_sent) {
    statement_script script;
    auto& other = script.connection(role::replica);
    script.world().flavor = protocol::mysql::server_flavor::mariadb;
    script.replica.state.flavor = other.state.flavor = protocol::mysql::server_flavor::mariadb;
    script.run(stmt_execute(1, bound::types), script.replica, rows_answer());
    (void)script.core().facts().state.on_variable("character_set_client", "latin1");
    script.client_sends(stmt_execute(1, bound::nothing));
    script.lease(other);
    EXPECT_EQ(other.last_sent(), stmt_prepare("SELECT ?"));
    script.backend_sends(prepared_answer(9));
    byte_vector without_value = bytes({0, 1, 0, 0, 0, 0, 1, 3, 0});
    EXPECT_EQ(
        other.last_sent(), statement_command(command::stmt_execute, 9, std::move(without_value))
    );
    script.backend_sends(error_answer(1210));
    EXPECT_EQ(other.last_sent(), query("SET SESSION character_set_client='latin1'"));
    script.backend_sends(ok_answer());
    EXPECT_EQ(other.last_sent(), stmt_execute(9, bound::nothing));
    script.backend_sends(rows_answer());
    script.run(stmt_execute(1, bound::nothing), other, rows_answer());
    EXPECT_EQ(other.last_sent(), stmt_execute(9, bound::nothing)) << "bound once";
    script.run(stmt_execute(1, bound::types), other, rows_answer());
    EXPECT_EQ(other.last_sent(), stmt_execute(9, bound::types)) << "by what is set now";
}

/// COM_STMT_BULK_EXECUTE with one parameter; `type` 0: without types.
byte_vector bulk_execute(std::uint32_t id, unsigned type) {
    constexpr unsigned send_types = 128;
    const byte_vector head = type == 0 ? bytes({0, 0}) : bytes({send_types, 0, type, 0});
    return statement_command(command::stmt_bulk_execute, id, head + bytes({0, 5, 0, 0, 0}));
}

/// Runs a statement of one parameter with 5, an integer of that type.
byte_vector execute_five_as(std::uint32_t id, unsigned type) {
    const byte_vector rest = bytes({0, 1, 0, 0, 0, 0, 1, type, 0});
    return statement_command(command::stmt_execute, id, rest + number(5));
}

TEST(session_statements, share_their_types_between_execute_and_bulk_execute) {
    constexpr unsigned type_long = 3;
    constexpr unsigned type_int24 = 9;

    const struct {
        std::string_view name;
        byte_vector here;     ///< sent with types, on the replica that prepared it
        byte_vector there;    ///< sent without types, on another
        byte_vector as_sent;  ///< what the other gets
    } rows[]{
        {"bulk, then one",
         bulk_execute(1, type_int24),
         stmt_execute(1, bound::nothing),
         execute_five_as(9, type_int24)},
        {"one, then bulk",
         execute_five_as(1, type_long),
         bulk_execute(1, 0),
         bulk_execute(9, type_long)},
        {"bulk, then bulk",
         bulk_execute(1, type_long),
         bulk_execute(1, 0),
         bulk_execute(9, type_long)},
    };

    for (const auto& row : rows) {
        statement_script script;
        auto& other = script.connection(role::replica);
        script.run(row.here, script.replica, rows_answer());
        script.client_sends(row.there);
        script.lease(other);
        script.backend_sends(prepared_answer(9));
        EXPECT_EQ(other.last_sent(), row.as_sent) << row.name;
        script.backend_sends(rows_answer());
        script.run(row.there, other, rows_answer());
        EXPECT_EQ(other.last_sent().size(), row.there.size()) << row.name << ": told once";
    }
}

TEST(session_statements, tell_a_connection_the_types_that_a_bulk_execute_changed_elsewhere) {
    statement_script script;
    auto& other = script.connection(role::replica);
    script.run(stmt_execute(1, bound::types), script.replica, rows_answer());
    script.client_sends(bulk_execute(1, 9));
    script.lease(other);
    script.backend_sends(prepared_answer(9));
    script.backend_sends(rows_answer());
    script.run(stmt_execute(1, bound::nothing), script.replica, rows_answer());
    EXPECT_EQ(script.replica.last_sent(), execute_five_as(71, 9));
}

TEST(session_statements, refuse_a_bulk_execute_without_the_types_it_promises) {
    statement_script script;
    const byte_vector cut = statement_command(command::stmt_bulk_execute, 1, bytes({128, 0, 3}));
    script.client_sends(cut);
    script.lease(script.replica);
    EXPECT_EQ(error_in(script.take_client_bytes()), 1835);
}

TEST(session_statements, bring_the_types_that_the_client_sent_once_to_another_connection) {
    statement_script script;
    auto& other = script.connection(role::replica);
    script.run(stmt_execute(1, bound::types), script.replica, rows_answer());
    script.client_sends(stmt_execute(1, bound::nothing, 8));
    script.lease(other);
    script.backend_sends(prepared_answer(9));
    EXPECT_EQ(other.last_sent(), stmt_execute(9, bound::types, 8));
    script.backend_sends(rows_answer());
    script.run(stmt_execute(1, bound::nothing, 8), other, rows_answer());
    EXPECT_EQ(other.last_sent(), stmt_execute(9, bound::nothing, 8)) << "once is enough";
}

TEST(session_statements, go_to_the_primary_when_a_replica_cannot_prepare_them) {
    session_script script;
    auto& replica = script.connection(role::replica);
    auto& primary = script.connection(role::primary);
    script.run(stmt_prepare("SELECT a FROM fresh"), replica, error_answer(1146));
    ASSERT_EQ(script.stop().what, kind::acquire_backend);
    script.lease(primary);
    script.backend_sends(prepared_answer(5, 0));
    EXPECT_EQ(script.take_client_bytes(), prepared_answer(1, 0));
    script.client_sends(stmt_execute_bare(1));
    script.lease(replica);
    EXPECT_EQ(replica.last_sent(), stmt_prepare("SELECT a FROM fresh"));
    script.backend_sends(error_answer(1146));
    ASSERT_EQ(script.stop().what, kind::acquire_backend);
    EXPECT_EQ(script.stop().where.role, server_role::primary);
    script.lease(primary);
    EXPECT_EQ(primary.last_sent(), stmt_execute_bare(5));
}

TEST(session_statements, are_run_again_elsewhere_if_they_only_read) {
    statement_script script;
    auto& other = script.connection(role::replica);
    script.client_sends(stmt_execute(1, bound::types));
    script.lease(script.replica);
    script.backend_fails();
    script.lease(other);
    script.backend_sends(prepared_answer(9));
    EXPECT_EQ(other.last_sent(), stmt_execute(9, bound::types));
}

TEST(session_statements, are_not_run_twice_if_they_write) {
    session_script script;
    auto& primary = script.connection(role::primary);
    script.run(stmt_prepare("UPDATE t SET a=?"), primary, prepared_answer(71));
    EXPECT_EQ(script.take_client_bytes(), prepared_answer(1));
    script.client_sends(stmt_execute(1, bound::types));
    script.lease(primary);
    script.backend_fails();
    EXPECT_TRUE(script.take_client_bytes().empty());
    EXPECT_EQ(script.stop().what, kind::close);
}

TEST(session_statements, are_forgotten_if_they_could_not_be_prepared) {
    session_script script;
    script.run(stmt_prepare("UPDAT t"), script.connection(role::primary), error_answer(1064));
    EXPECT_EQ(script.take_client_bytes(), error_answer(1064));
    EXPECT_EQ(script.core().facts().statements.size(), 0U);
}

TEST(session_statements, are_limited_in_number) {
    environment world;
    world.limits.prepared_statements = 1;
    session_script script(session_capabilities, world);
    auto& replica = script.connection(role::replica);
    script.run(stmt_prepare("SELECT 1"), replica, prepared_answer(5, 0));
    EXPECT_EQ(script.take_client_bytes(), prepared_answer(1, 0));
    script.client_sends(stmt_prepare("SELECT 2"));
    EXPECT_EQ(error_in(script.take_client_bytes()), 1461);
}

TEST(session_statements, are_refused_if_cut_short) {
    statement_script script;
    script.client_sends(statement_command(command::stmt_execute, 1, bytes({0, 1, 0})));
    script.lease(script.replica);
    EXPECT_EQ(error_in(script.take_client_bytes()), 1835);
    EXPECT_EQ(script.stop().what, kind::read_client);
    EXPECT_EQ(script.replica.last_sent(), stmt_prepare("SELECT ?")) << "nothing was sent of it";
}

// --- closing ------------------------------------------------------------------------------------

TEST(session_statements, are_closed_on_a_connection_before_its_next_command) {
    statement_script script;
    const byte_vector ran = script.take_client_bytes();
    script.client_sends(statement_command(command::stmt_close, 1));
    EXPECT_TRUE(script.take_client_bytes().empty()) << "there is no answer";
    EXPECT_EQ(script.stop().what, kind::read_client);
    EXPECT_EQ(script.replica.sent.size(), 1U) << "nor a reason to take a connection";
    script.client_sends(stmt_execute(1, bound::types));
    EXPECT_EQ(error_in(script.take_client_bytes()), 1243);
    script.run(query("SELECT 1"), script.replica, rows_answer());
    ASSERT_EQ(script.replica.sent.size(), 3U);
    EXPECT_EQ(script.replica.sent[1], statement_command(command::stmt_close, 71));
    EXPECT_EQ(script.replica.sent[2], query("SELECT 1"));
}

TEST(session_statements, stay_open_while_another_has_prepared_the_same) {
    statement_script script;
    script.run(stmt_prepare("SELECT ?"), script.replica, prepared_answer(72));
    script.client_sends(statement_command(command::stmt_close, 1));
    script.run(stmt_execute(2, bound::types), script.replica, rows_answer());
    ASSERT_EQ(script.replica.sent.size(), 4U);
    EXPECT_EQ(script.replica.sent[2], statement_command(command::stmt_close, 71))
        << "the older one, which the newer one replaces";
    EXPECT_EQ(script.replica.last_sent(), stmt_execute(72, bound::types));
}

TEST(session_statements, are_closed_by_age_beyond_the_limit_of_a_connection) {
    environment world;
    world.limits.backend_statements = 2;
    session_script script(session_capabilities, world);
    auto& replica = script.connection(role::replica);
    script.run(stmt_prepare("SELECT 1"), replica, prepared_answer(71, 0));
    script.run(stmt_prepare("SELECT 2"), replica, prepared_answer(72, 0));
    script.run(stmt_execute_bare(1), replica, rows_answer());
    script.run(stmt_prepare("SELECT 3"), replica, prepared_answer(73, 0));
    script.run(query("SELECT 4"), replica, rows_answer());
    ASSERT_GE(replica.sent.size(), 2U);
    EXPECT_EQ(replica.sent[replica.sent.size() - 2], statement_command(command::stmt_close, 72));
    script.client_sends(stmt_execute_bare(2));
    script.lease(replica);
    EXPECT_EQ(replica.last_sent(), stmt_prepare("SELECT 2")) << "and prepared again when needed";
}

TEST(session_statements, are_closed_without_fuss_if_unknown) {
    session_script script;
    script.client_sends(statement_command(command::stmt_close, 77));
    EXPECT_EQ(script.take_trace(), "read_client read_client");
}

TEST(session_statements, are_closed_without_giving_up_an_open_transaction) {
    statement_script script;
    auto& primary = script.connection(role::primary);
    script.run(query("BEGIN"), primary, ok_answer(in_transaction));
    script.client_sends(statement_command(command::stmt_close, 1));
    ASSERT_EQ(script.stop().what, kind::read_client);
    EXPECT_EQ(script.leased(), &primary);
    script.run(query("COMMIT"), primary, ok_answer());
    EXPECT_EQ(primary.last_sent(), query("COMMIT"));
}

TEST(session_statements, are_reset_by_us_where_nothing_is_held) {
    statement_script script;
    script.client_sends(statement_command(command::stmt_reset, 1));
    EXPECT_EQ(error_in(script.take_client_bytes()), 0);
    EXPECT_EQ(script.stop().what, kind::read_client);
    EXPECT_EQ(script.replica.sent.size(), 1U);
}

}  // namespace
}  // namespace weir::splitter
