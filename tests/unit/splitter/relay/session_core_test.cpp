// One command and its answer: what passes, where it goes, what a failure makes of it.

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

// --- failures -----------------------------------------------------------------------------------

TEST(session_core, runs_a_read_elsewhere_if_nothing_of_its_answer_was_passed_on) {
    session_script script;
    auto& first = script.connection(role::replica);
    auto& second = script.connection(role::replica);
    script.client_sends(query("SELECT 1"));
    script.lease(first);
    script.backend_fails();
    ASSERT_EQ(script.stop().what, kind::acquire_backend);
    EXPECT_EQ(script.stop().where.role, server_role::replica);
    EXPECT_EQ(script.stop().where.attempt, 1U);
    script.lease(second);
    EXPECT_EQ(second.last_sent(), query("SELECT 1"));
    script.backend_sends(rows_answer());
    EXPECT_EQ(script.take_client_bytes(), rows_answer()) << "the client has seen nothing of it";
}

TEST(session_core, gives_up_on_a_read_after_some_attempts) {
    session_script script;
    script.client_sends(query("SELECT 1"));
    int attempts = 0;
    while (script.stop().what == kind::acquire_backend && attempts < 100) {
        ++attempts;
        script.lease(script.connection(role::replica));
        script.backend_fails();
    }
    EXPECT_LT(attempts, 100);
    EXPECT_GT(attempts, 1);
    EXPECT_TRUE(script.take_client_bytes().empty());
    EXPECT_EQ(script.stop().what, kind::close);
}

TEST(session_core, never_sends_a_write_twice) {
    constexpr std::string_view writes[]{
        "UPDATE t SET a=1",
        "INSERT INTO t VALUES (1)",
        "CALL p()",
        "SELECT * FROM t FOR UPDATE",
        "SELECT f(1)",
        "CREATE TABLE t (a INT)",
        "COMMIT",
        "SELECT 1; DELETE FROM t",
        "anything else",
    };
    for (const std::string_view sql : writes) {
        session_script script;
        auto& primary = script.connection(role::primary);
        script.client_sends(query(sql));
        script.lease(primary);
        script.backend_fails();
        EXPECT_TRUE(script.take_client_bytes().empty()) << sql;
        EXPECT_EQ(script.stop().what, kind::close) << sql;
        EXPECT_EQ(primary.sent.size(), 1U) << sql;
    }
}

TEST(session_core, leaves_a_quiet_replica_only_under_what_may_run_elsewhere) {
    const byte_vector rows = rows_answer();
    const byte_vector some_rows{rows.begin(), rows.begin() + 12};
    const byte_vector nothing;
    const status_set read_only = in_transaction.with(status_flag::in_transaction_read_only);

    const struct {
        std::string_view name;
        role server;
        std::string_view before;  ///< a statement that is answered; empty: none
        std::string_view sql;
        byte_vector answered;  ///< of `sql`, before the server goes quiet
        bool leaves;
    } rows_of_table[]{
        {"a read", role::replica, "", "SELECT 1", nothing, true},
        {"half a header of its answer", role::replica, "", "SELECT 1", {rows[0]}, true},
        {"a read whose answer has begun", role::replica, "", "SELECT 1", some_rows, false},
        {"a read whose answer is over", role::replica, "", "SELECT 1", rows, false},
        {"a read on the primary", role::primary, "", "SELECT 1", nothing, false},
        {"a write", role::primary, "", "UPDATE t SET a=1", nothing, false},
        {"opening a transaction", role::replica, "", "START TRANSACTION READ ONLY", nothing, false},
        {"a read in a transaction",
         role::replica,
         "START TRANSACTION READ ONLY",
         "SELECT 1",
         nothing,
         false},
        {"a read behind a pin", role::primary, "SELECT @a:=1", "SELECT 1", nothing, false},
    };

    for (const auto& row : rows_of_table) {
        session_script script;
        auto& quiet = script.connection(row.server);
        if (!row.before.empty()) script.run(query(row.before), quiet, ok_answer(read_only));
        script.client_sends(query(row.sql));
        if (script.stop().what == kind::acquire_backend) script.lease(quiet);
        if (!row.answered.empty()) script.backend_sends(row.answered);
        EXPECT_EQ(script.core().may_leave_replica(), row.leaves) << row.name;
        if (!row.leaves) continue;
        script.backend_fails();
        script.lease(script.connection(role::primary));
        script.backend_sends(rows);
        EXPECT_EQ(script.take_client_bytes(), rows) << row.name;
    }
}

TEST(session_core, leaves_a_quiet_replica_while_its_connection_is_prepared) {
    session_script script;
    auto& quiet = script.fresh_connection(role::replica);
    script.client_sends(query("SELECT 1"));
    script.lease(quiet);
    ASSERT_EQ(script.stop().what, kind::read_backend) << "the tracking set-up is under way";
    EXPECT_TRUE(script.core().may_leave_replica());
}

TEST(session_core, has_no_replica_to_leave_between_commands) {
    session_script script;
    EXPECT_FALSE(script.core().may_leave_replica());
    script.client_sends(query("SELECT 1"));
    EXPECT_FALSE(script.core().may_leave_replica()) << "none is leased yet";
}

TEST(session_core, tries_a_write_elsewhere_that_was_not_sent_yet) {
    session_script script;
    auto& stale = script.fresh_connection(role::primary);
    auto& good = script.connection(role::primary);
    script.client_sends(query("UPDATE t SET a=1"));
    script.lease(stale);
    ASSERT_EQ(stale.sent.size(), 1U) << "the tracking set-up";
    script.backend_fails();
    ASSERT_EQ(script.stop().what, kind::acquire_backend);
    script.lease(good);
    script.backend_sends(ok_answer());
    EXPECT_EQ(good.last_sent(), query("UPDATE t SET a=1"));
    EXPECT_EQ(script.take_client_bytes(), ok_answer());
}

TEST(session_core, cuts_the_client_off_when_a_server_fails_in_the_middle_of_an_answer) {
    const byte_vector answer = rows_answer();
    session_script script;
    script.run(
        query("SELECT 1"), script.connection(role::replica), {answer.begin(), answer.begin() + 12}
    );
    ASSERT_FALSE(script.take_client_bytes().empty());
    script.backend_fails();
    EXPECT_EQ(script.stop().what, kind::close);
    EXPECT_EQ(script.stop().why.origin, failure_origin::backend);
    EXPECT_TRUE(script.take_client_bytes().empty()) << "an error would be read as data";
}

TEST(session_core, treats_nonsense_from_a_server_as_a_failure) {
    session_script script;
    auto& primary = script.connection(role::primary);
    script.client_sends(query("UPDATE t SET a=1"));
    script.lease(primary);
    script.backend_sends(frames_of({bytes({0xFF})}));  // an error without a number
    EXPECT_TRUE(script.take_client_bytes().empty());
    EXPECT_EQ(script.stop().what, kind::close);
}

TEST(session_core, ends_the_session_when_an_open_transaction_is_lost) {
    session_script script;
    auto& primary = script.connection(role::primary);
    script.run(query("BEGIN"), primary, ok_answer(in_transaction));
    EXPECT_EQ(script.take_client_bytes(), ok_answer(in_transaction));
    script.client_sends(query("SELECT 1"));
    script.backend_fails();
    EXPECT_TRUE(script.take_client_bytes().empty());
    EXPECT_EQ(script.stop().what, kind::close);
}

TEST(session_core, tells_the_client_why_no_server_could_be_had_and_goes_on) {
    session_script script;
    script.client_sends(query("UPDATE t SET a=1"));
    script.refuse_lease(protocol::mysql::server_errc::unknown_error);
    EXPECT_EQ(error_in(script.take_client_bytes()), 1105);
    EXPECT_EQ(script.stop().what, kind::read_client);
    script.run(query("SELECT 1"), script.connection(role::replica), rows_answer());
    EXPECT_EQ(script.take_client_bytes(), rows_answer());
}

TEST(session_core, runs_a_read_on_the_primary_when_the_error_is_the_replicas_own) {
    for (const int code : {1044, 1049, 1054, 1146, 1290, 1305, 1792, 1836}) {
        session_script script;
        auto& replica = script.connection(role::replica);
        auto& primary = script.connection(role::primary);
        script.run(
            query("SELECT * FROM fresh"), replica, error_answer(static_cast<std::uint16_t>(code))
        );
        ASSERT_EQ(script.stop().what, kind::acquire_backend) << code;
        EXPECT_EQ(script.stop().where.role, server_role::primary) << code;
        script.lease(primary);
        script.backend_sends(rows_answer());
        EXPECT_EQ(script.take_client_bytes(), rows_answer()) << code;
    }
}

TEST(session_core, passes_on_errors_that_are_the_statements_own) {
    for (const int code : {1064, 1062, 1365, 3024}) {
        session_script script;
        script.run(
            query("SELECT 1"),
            script.connection(role::replica),
            error_answer(static_cast<std::uint16_t>(code))
        );
        EXPECT_EQ(script.take_client_bytes(), error_answer(static_cast<std::uint16_t>(code)))
            << code;
        EXPECT_EQ(script.stop().what, kind::read_client) << code;
    }
}

TEST(session_core, believes_the_primary_when_it_repeats_the_replicas_error) {
    session_script script;
    script.run(query("SELECT * FROM none"), script.connection(role::replica), error_answer(1146));
    script.lease(script.connection(role::primary));
    script.backend_sends(error_answer(1146));
    EXPECT_EQ(script.take_client_bytes(), error_answer(1146));
    EXPECT_EQ(script.stop().what, kind::read_client);
}

TEST(session_core, asks_for_warnings_where_the_statement_before_ran) {
    const struct {
        const char* name;
        role ran_on;
        bool then_lost;
        role asked;
    } rows[] = {
        {"a read on a replica", role::replica, false, role::replica},
        {"a statement on the primary", role::primary, false, role::primary},
        {"a replica whose connection has gone", role::replica, true, role::primary},
    };

    for (const auto& row : rows) {
        SCOPED_TRACE(row.name);
        session_script script;
        auto& before = script.connection(row.ran_on);
        script.run(query("SELECT 1/0"), before, rows_answer());
        if (row.then_lost) script.core().on_connection_closed(before.state);
        script.client_sends(query("SHOW WARNINGS"));
        ASSERT_EQ(script.stop().what, kind::acquire_backend);
        if (row.asked == role::replica) {
            EXPECT_EQ(script.stop().where.connection, &before.state);
        } else {
            EXPECT_EQ(script.stop().where.connection, nullptr);
            EXPECT_EQ(script.stop().where.role, server_role::primary);
        }
    }
}

TEST(session_core, asks_the_primary_for_warnings_whose_replica_is_lost_meanwhile) {
    session_script script;
    auto& replica = script.connection(role::replica);
    script.run(query("SELECT 1/0"), replica, rows_answer());
    script.client_sends(query("SHOW WARNINGS"));
    script.lease(replica);
    script.backend_fails();
    ASSERT_EQ(script.stop().what, kind::acquire_backend);
    EXPECT_EQ(script.stop().where.connection, nullptr);
    EXPECT_EQ(script.stop().where.role, server_role::primary);
}

// --- what we answer ourselves -------------------------------------------------------------------

struct refusal_row {
    std::string_view name;
    byte_vector sent;
    std::uint16_t error;  ///< 0: an OK
};

TEST(session_core, answers_what_no_server_need_see) {
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

// --- LOCAL INFILE -------------------------------------------------------------------------------

byte_vector infile_request() {
    return frames_of({bytes("\xFB/tmp/file")});
}

TEST(session_core, streams_a_local_file_from_client_to_server) {
    session_script script(session_capabilities.with(capability::local_files));
    auto& primary = script.connection(role::primary);
    primary.state.capabilities = session_capabilities.with(capability::local_files);
    script.run(query("LOAD DATA LOCAL INFILE '/tmp/file' INTO TABLE t"), primary, infile_request());
    EXPECT_EQ(script.take_client_bytes(), infile_request());
    ASSERT_EQ(script.stop().what, kind::read_client);
    const byte_vector data = frames_of({bytes("1\n2\n3\n"), {}}, 2);
    primary.sent.clear();
    for (const std::byte one : data) {
        script.client_sends({one});
    }
    byte_vector passed;
    for (const auto& piece : primary.sent) {
        passed = passed + piece;
    }
    EXPECT_EQ(passed, data);
    ASSERT_EQ(script.stop().what, kind::read_backend);
    const byte_vector answer = frames_of({ok_payload(idle)}, 4);
    script.backend_sends(answer);
    EXPECT_EQ(script.take_client_bytes(), answer);
    EXPECT_EQ(script.stop().what, kind::read_client);
}

TEST(session_core, lets_a_command_follow_a_local_file_in_the_same_read) {
    session_script script(session_capabilities.with(capability::local_files));
    auto& primary = script.connection(role::primary);
    primary.state.capabilities = session_capabilities.with(capability::local_files);
    script.run(query("LOAD DATA LOCAL INFILE '/tmp/file' INTO TABLE t"), primary, infile_request());
    script.client_sends(frames_of({bytes("1\n"), {}}, 2) + query("SELECT 1"));
    script.backend_sends(frames_of({ok_payload(idle)}, 4));
    ASSERT_EQ(script.stop().what, kind::acquire_backend);
    auto& replica = script.connection(role::replica);
    script.lease(replica);
    EXPECT_EQ(replica.last_sent(), query("SELECT 1"));
}

TEST(session_core, does_not_let_a_server_ask_for_a_file_that_the_client_did_not_offer) {
    const byte_vector request = bytes("\xFB/tmp/file");
    const byte_vector first = ok_payload(idle.with(status_flag::more_results_exists));
    const auto rows_of_two = frames_of({first}, 1);

    const struct {
        std::string_view name;
        byte_vector answer;
        byte_vector before;  ///< what the client gets of it
        unsigned sequence;   ///< of the error
    } rows[]{
        {"at once", frames_of({request}), {}, 1},
        {"as second result", frames_of({first, request}), rows_of_two, 2},
    };

    for (const auto& row : rows) {
        for (const bool translated : {false, true}) {
            SCOPED_TRACE(std::string(row.name) + (translated ? " translated" : ""));
            session_script script;
            auto& primary = script.connection(role::primary);
            if (translated) {
                primary.state.capabilities =
                    session_capabilities.without(capability::deprecate_eof);
            }
            script.run(query("INSERT INTO t VALUES (1)"), primary, row.answer);
            const byte_vector sent = script.take_client_bytes();
            ASSERT_GT(sent.size(), row.before.size() + 4);
            const auto middle = sent.begin() + static_cast<std::ptrdiff_t>(row.before.size());
            EXPECT_EQ(byte_vector(sent.begin(), middle), row.before);
            const byte_vector error{middle, sent.end()};
            EXPECT_EQ(error_in(error), 3948);
            EXPECT_EQ(error[3], static_cast<std::byte>(row.sequence));
            EXPECT_EQ(script.stop().what, kind::close);
        }
    }
}

TEST(session_core, ends_when_the_server_is_lost_during_an_upload) {
    session_script script(session_capabilities.with(capability::local_files));
    auto& primary = script.connection(role::primary);
    primary.state.capabilities = session_capabilities.with(capability::local_files);
    script.run(query("LOAD DATA LOCAL INFILE '/tmp/file' INTO TABLE t"), primary, infile_request());
    script.client_sends(frames_of({bytes("1\n")}, 2));
    script.backend_fails();
    EXPECT_EQ(script.stop().what, kind::close);
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
        {"process_info", command::process_info, {}, rows_answer()},
        {"debug", command::debug, {}, frames_of({ok_payload(idle, 0xFE)})},
        {"set_option", command::set_option, bytes({0, 0}), frames_of({ok_payload(idle, 0xFE)})},
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
