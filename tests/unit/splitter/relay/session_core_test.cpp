// One command and its answer: what passes, where it goes, what is answered here.

#include "splitter/relay/session_core.hpp"

#include "tests/support/session_script.hpp"

#include <gtest/gtest.h>

#include <initializer_list>
#include <string_view>

namespace weir::splitter {
namespace {

using namespace weir::test;  // the whole file speaks the script's language
using role = session_script::role;
using kind = session_action::kind;

TEST(session_core, relays_a_read_to_a_replica_and_its_answer_unchanged) {
    session_script script;
    auto& replica = script.connection(role::replica);
    script.client_sends(query("SELECT 1"));
    EXPECT_EQ(script.take_trace(), "read_client acquire:replica");
    script.lease(replica);
    EXPECT_EQ(replica.last_sent(), query("SELECT 1"));
    script.backend_sends(rows_answer());
    EXPECT_EQ(script.take_client_bytes(), rows_answer());
    EXPECT_EQ(script.take_trace(), "write_backend read_backend write_client release read_client");
}

TEST(session_core, relays_a_command_that_arrives_in_two_pieces_split_anywhere) {
    const byte_vector sent = query("SELECT 1");
    for (std::size_t at = 0; at <= sent.size(); ++at) {
        session_script script;
        auto& replica = script.connection(role::replica);
        const auto middle = sent.begin() + static_cast<std::ptrdiff_t>(at);
        script.client_sends({sent.begin(), middle});
        if (at < sent.size()) {
            EXPECT_EQ(script.stop().what, kind::read_client) << at;
        }
        script.client_sends({middle, sent.end()});
        script.lease(replica);
        EXPECT_EQ(replica.last_sent(), sent) << at;
    }
}

TEST(session_core, relays_an_answer_that_arrives_in_two_pieces_split_anywhere) {
    const byte_vector answer = rows_answer("a longer value than the last one");
    for (std::size_t at = 0; at <= answer.size(); ++at) {
        session_script script;
        const auto middle = answer.begin() + static_cast<std::ptrdiff_t>(at);
        script.run(query("SELECT 1"), script.connection(role::replica), {answer.begin(), middle});
        if (at < answer.size()) script.backend_sends({middle, answer.end()});
        EXPECT_EQ(script.take_client_bytes(), answer) << at;
        EXPECT_EQ(script.stop().what, kind::read_client) << at;
    }
}

TEST(session_core, hides_the_tracking_that_it_asked_for_itself) {
    session_script script;
    script.run(
        query("SET sql_safe_updates=1"),
        script.connection(role::primary),
        ok_answer(
            idle,
            {variable("sql_safe_updates", "ON"),
             variable("time_zone", "UTC"),
             {protocol::mysql::session_track_type::gtids, "", "0-1-7"}}
        )
    );
    EXPECT_EQ(script.take_client_bytes(), ok_answer(idle, {variable("time_zone", "UTC")}));
    EXPECT_EQ(script.core().facts().state.variables().size(), 2U);
}

TEST(session_core, hides_the_same_tracking_where_it_translates) {
    for (const bool translated : {false, true}) {
        session_script script;
        auto& primary = script.connection(role::primary);
        if (translated) {
            primary.state.capabilities = session_capabilities.without(capability::deprecate_eof);
        }
        script.run(
            query("SET sql_safe_updates=1"),
            primary,
            ok_answer(
                idle,
                {variable("sql_safe_updates", "ON"),
                 variable("statement_id", "7"),
                 variable("time_zone", "UTC"),
                 {protocol::mysql::session_track_type::schema, "", "shop"},
                 {protocol::mysql::session_track_type::gtids, "", "0-1-7"}}
            )
        );
        EXPECT_EQ(
            script.take_client_bytes(),
            ok_answer(
                idle,
                {variable("time_zone", "UTC"),
                 {protocol::mysql::session_track_type::schema, "", "shop"}}
            )
        ) << translated;
    }
}

TEST(session_core, hides_what_mariadb_reports_only_of_a_scope_that_the_client_did_not_say) {
    const byte_vector told = ok_answer(idle, {variable("time_zone", "UTC")});
    for (const bool is_prepared : {false, true}) {
        session_script script;
        script.world().flavor = protocol::mysql::server_flavor::mariadb;
        auto& primary = script.connection(role::primary);
        if (is_prepared) {
            script.run(stmt_prepare("SET @@time_zone='UTC'"), primary, prepared_answer(5, 0));
            (void)script.take_client_bytes();
        }
        const byte_vector sets =
            is_prepared ? stmt_execute_bare(1) : query("SET @@time_zone='UTC'");
        script.run(sets, primary, told);
        EXPECT_EQ(script.take_client_bytes(), ok_answer()) << is_prepared;
        EXPECT_NE(script.core().facts().state.value_of("time_zone"), nullptr);
        script.run(query("SET SESSION time_zone='UTC'"), primary, told);
        EXPECT_EQ(script.take_client_bytes(), told) << is_prepared;
    }
}

namespace {

constexpr status_set state_changed = idle.with(protocol::mysql::status_flag::session_state_changed);

byte_vector rows_with_eofs(status_set status) {
    return frames_of(
        {bytes({1}),
         definition_payload(),
         eof_payload(status),
         text_row_payload("x"),
         eof_payload(status)}
    );
}

}  // namespace

TEST(session_core, hides_at_both_ends_that_something_has_changed_unless_the_client_would_know) {
    session_script script(with_eofs);
    auto& primary = script.connection(role::primary);
    primary.state.capabilities = with_eofs;
    script.run(query("ANALYZE TABLE t"), primary, rows_with_eofs(state_changed));
    EXPECT_EQ(script.take_client_bytes(), rows_with_eofs(idle));
    script.run(
        query("SET session_track_transaction_info='STATE'"),
        primary,
        ok_answer(idle, {variable("session_track_transaction_info", "STATE")})
    );
    (void)script.take_client_bytes();
    script.run(query("SELECT a FROM t FOR UPDATE"), primary, rows_with_eofs(state_changed));
    EXPECT_EQ(script.take_client_bytes(), rows_with_eofs(state_changed));
}

TEST(session_core, tells_that_a_statement_of_another_schema_has_changed_that_and_back) {
    session_script script(with_eofs);
    auto& primary = script.connection(role::primary);
    primary.state.capabilities = with_eofs;
    script.run(stmt_prepare("SELECT a FROM t FOR UPDATE"), primary, prepared_answer(5, 0));
    script.run(stmt_execute_bare(1), primary, rows_with_eofs(state_changed));
    EXPECT_TRUE(script.take_client_bytes().size() > 0);
    script.run(init_db("other"), primary, ok_answer());
    (void)script.take_client_bytes();
    script.run(stmt_execute_bare(1), primary, rows_with_eofs(state_changed));
    EXPECT_EQ(script.take_client_bytes(), rows_with_eofs(state_changed));
}

TEST(session_core, runs_pipelined_commands_one_after_the_other) {
    session_script script;
    auto& replica = script.connection(role::replica);
    script.client_sends(query("SELECT 1") + query("SELECT 2"));
    script.lease(replica);
    EXPECT_EQ(replica.last_sent(), query("SELECT 1"));
    script.backend_sends(rows_answer("1"));
    EXPECT_EQ(script.stop().what, kind::acquire_backend);
    script.lease(replica);
    EXPECT_EQ(replica.last_sent(), query("SELECT 2"));
    script.backend_sends(rows_answer("2"));
    EXPECT_EQ(script.take_client_bytes(), rows_answer("1") + rows_answer("2"));
    EXPECT_EQ(script.stop().what, kind::read_client);
}

TEST(session_core, passes_several_results_as_one_answer) {
    const status_set more = idle.with(status_flag::more_results_exists);
    const byte_vector answer = frames_of(
        {bytes({1}),
         definition_payload(),
         text_row_payload("1"),
         ok_payload(more, 0xFE),
         ok_payload(idle)}
    );
    session_script script;
    script.run(query("CALL p()"), script.connection(role::primary), answer);
    EXPECT_EQ(script.take_client_bytes(), answer);
    EXPECT_EQ(script.stop().what, kind::read_client);
}

// --- what we answer ourselves -------------------------------------------------------------------

TEST(session_core, answers_what_no_server_need_see) {
    struct refusal_row {
        std::string_view name;
        byte_vector sent;
        std::uint16_t error;  ///< 0: an OK
    };

    using protocol::mysql::command;
    const refusal_row rows[]{
        {"ping", test::command(command::ping), 0},
        {"unknown command", test::command(static_cast<command>(0x77)), 1047},
        {"sleep is internal", test::command(command::sleep), 1047},
        {"empty packet", frames_of({{}}, 0), 1835},
        {"execute of nothing prepared", stmt_execute(99, bound::types), 1243},
        {"execute cut short", test::command(command::stmt_execute, bytes({1, 0})), 1835},
        {"fetch of nothing prepared", statement_command(command::stmt_fetch, 9, number(1)), 1243},
        {"reset of nothing prepared", statement_command(command::stmt_reset, 9), 1243},
    };
    for (const auto& row : rows) {
        session_script script;
        script.client_sends(row.sent);
        const byte_vector answer = script.take_client_bytes();
        EXPECT_EQ(error_in(answer), row.error) << row.name;
        ASSERT_GE(answer.size(), 5U) << row.name;
        EXPECT_EQ(answer[3], std::byte{1}) << row.name << ": sequence number";
        EXPECT_EQ(script.take_trace(), "read_client write_client read_client") << row.name;
    }
}

TEST(session_core, ends_when_the_client_quits) {
    session_script script;
    script.client_sends(test::command(protocol::mysql::command::quit));
    EXPECT_EQ(script.stop().what, kind::close);
    EXPECT_FALSE(script.stop().why.code);
}

TEST(session_core, refuses_a_packet_out_of_order_and_ends) {
    session_script script;
    script.client_sends(frames_of({bytes("\x03SELECT 1")}, 5));
    EXPECT_EQ(error_in(script.take_client_bytes()), 1156);
    EXPECT_EQ(script.stop().what, kind::close);
}

TEST(session_core, refuses_a_packet_over_the_limit_as_soon_as_its_header_is_there) {
    environment world;
    world.limits.packet_size = 1024;
    session_script script(session_capabilities, world);
    script.client_sends(bytes({0x01, 0x04, 0x00, 0x00}));  // 1025 bytes are to follow
    EXPECT_EQ(error_in(script.take_client_bytes()), 1153);
    EXPECT_EQ(script.stop().what, kind::close);
}

TEST(session_core, asks_a_held_connection_whether_it_is_alive) {
    session_script script;
    auto& primary = script.connection(role::primary);
    const byte_vector ping = test::command(protocol::mysql::command::ping);
    script.run(query("BEGIN"), primary, ok_answer(in_transaction));
    script.run(ping, primary, ok_answer(in_transaction));
    EXPECT_EQ(primary.last_sent(), ping);
}

TEST(session_core, numbers_its_refusal_of_a_packet_after_the_last_frame_received) {
    const byte_vector first_frame = frames_of({byte_vector(protocol::mysql::max_frame_payload)}, 0);
    const byte_vector second_header = bytes({100, 0, 0, 1});

    const struct {
        std::string_view name;
        byte_vector sent;
        std::uint16_t error;
        unsigned sequence;
    } rows[]{
        {"too large in its first frame", bytes({0xFE, 0xFF, 0xFF, 0}), 1153, 1},
        {"too large in its second frame",
         {first_frame.begin(), first_frame.begin() + protocol::mysql::max_frame_payload + 4},
         1153,
         2},
        {"out of order", bytes({1, 0, 0, 7, 14}), 1156, 8},
    };

    for (const auto& row : rows) {
        environment world;
        const bool in_second = row.sequence == 2;
        world.limits.packet_size = protocol::mysql::max_frame_payload - (in_second ? 0U : 10U);
        session_script script(session_capabilities, world);
        script.client_sends(in_second ? row.sent + second_header : row.sent);
        const byte_vector answer = script.take_client_bytes();
        EXPECT_EQ(error_in(answer), row.error) << row.name;
        ASSERT_GT(answer.size(), 3U) << row.name;
        EXPECT_EQ(answer[3], static_cast<std::byte>(row.sequence)) << row.name;
        EXPECT_EQ(script.stop().what, kind::close) << row.name;
    }
}

// --- other commands -----------------------------------------------------------------------------

TEST(session_core, hands_a_login_anew_to_the_shell_and_starts_over) {
    session_script script;
    script.client_sends(test::command(protocol::mysql::command::change_user, bytes("root")));
    EXPECT_EQ(script.stop().what, kind::change_user);
}

TEST(session_core, makes_a_replication_client_a_tunnel_to_the_primary) {
    session_script script;
    auto& primary = script.connection(role::primary);
    const byte_vector dump =
        test::command(protocol::mysql::command::binlog_dump, bytes("anything"));
    script.client_sends(dump);
    ASSERT_EQ(script.stop().what, kind::acquire_backend);
    EXPECT_EQ(script.stop().where.role, server_role::primary);
    script.lease(primary);
    EXPECT_EQ(primary.last_sent(), dump);
    EXPECT_EQ(script.stop().what, kind::tunnel);
}

struct answered_row {
    std::string_view name;
    protocol::mysql::command what;
    byte_vector argument;
    byte_vector answer;
};

TEST(session_core, relays_the_smaller_commands_to_the_primary) {
    using protocol::mysql::command;
    const byte_vector fields = frames_of({definition_payload(), ok_payload(idle, 0xFE)});
    const answered_row rows[]{
        {"init_db", command::init_db, bytes("shop"), ok_answer()},
        {"field_list", command::field_list, bytes("t"), fields},
        {"statistics", command::statistics, {}, frames_of({bytes("Uptime: 1")})},
        {"debug", command::debug, {}, frames_of({ok_payload(idle, 0xFE)})},
        {"create_db", command::create_db, bytes("d"), ok_answer()},
        {"register_slave", command::register_slave, bytes("1234"), ok_answer()},
    };
    for (const auto& row : rows) {
        session_script script;
        auto& primary = script.connection(role::primary);
        script.client_sends(test::command(row.what, row.argument));
        ASSERT_EQ(script.stop().what, kind::acquire_backend) << row.name;
        EXPECT_EQ(script.stop().where.role, server_role::primary) << row.name;
        script.lease(primary);
        EXPECT_EQ(primary.last_sent(), test::command(row.what, row.argument)) << row.name;
        script.backend_sends(row.answer);
        EXPECT_EQ(script.take_client_bytes(), row.answer) << row.name;
        EXPECT_EQ(script.stop().what, kind::read_client) << row.name;
    }
}

}  // namespace
}  // namespace weir::splitter
