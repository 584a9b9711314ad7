#include "splitter/session/session_state.hpp"

#include <gtest/gtest.h>

#include <string_view>

namespace weir::splitter {
namespace {

using tracked = session_state::tracked;

struct variable_row {
    std::string_view name;
    tracked expected;
};

TEST(session_state, tells_which_variables_can_be_replayed) {
    constexpr variable_row rows[]{
        {"sql_mode", tracked::replayable},
        {"time_zone", tracked::replayable},
        {"wait_timeout", tracked::replayable},
        {"character_set_client", tracked::replayable},
        {"binlog_row_image", tracked::own_connection},
        {"gtid_next", tracked::own_connection},
        {"insert_id", tracked::own_connection},
        {"last_insert_id", tracked::own_connection},
        {"pseudo_replica_mode", tracked::own_connection},
        {"pseudo_slave_mode", tracked::own_connection},
        {"pseudo_thread_id", tracked::own_connection},
        {"rand_seed1", tracked::own_connection},
        {"rand_seed2", tracked::own_connection},
        {"session_track_gtids", tracked::own_connection},
        {"session_track_system_variables", tracked::own_connection},
        {"sql_log_bin", tracked::own_connection},
        {"timestamp", tracked::own_connection},
        {"error_count", tracked::ignored},
        {"last_gtid", tracked::ignored},
        {"statement_id", tracked::ignored},
        {"warning_count", tracked::ignored},
    };
    for (const auto& [name, expected] : rows) {
        session_state state;
        EXPECT_EQ(state.on_variable(name, "1"), expected) << name;
        EXPECT_EQ(state.variables().size(), expected == tracked::replayable ? 1U : 0U) << name;
    }
}

TEST(session_state, moves_its_version_with_each_change_and_only_then) {
    session_state state;
    auto version = state.mark().version;
    const auto moved = [&] {
        return std::exchange(version, state.mark().version) != state.mark().version;
    };
    state.on_variable("time_zone", "UTC");
    EXPECT_TRUE(moved());
    state.on_variable("time_zone", "UTC");
    EXPECT_FALSE(moved()) << "same value again";
    state.on_variable("time_zone", "SYSTEM");
    EXPECT_TRUE(moved());
    EXPECT_EQ(state.variables().size(), 1U);
    state.on_variable("timestamp", "1");
    EXPECT_FALSE(moved()) << "not ours to replay";
    state.set_schema("shop");
    EXPECT_TRUE(moved());
    state.set_schema("shop");
    EXPECT_FALSE(moved());
    state.set_multi_statements(true);
    EXPECT_TRUE(moved());
    state.set_multi_statements(true);
    EXPECT_FALSE(moved());
    state.on_initial_variable("sql_mode", "ANSI_QUOTES");
    EXPECT_FALSE(moved()) << "every connection starts with it";
}

struct mode_row {
    std::string_view modes;
    bool ansi_quotes;
    bool no_backslash_escapes;
    bool ignore_space;
};

TEST(session_state, reads_from_sql_mode_how_sql_is_to_be_read) {
    constexpr mode_row rows[]{
        {"", false, false, false},
        {"STRICT_TRANS_TABLES", false, false, false},
        {"ANSI_QUOTES", true, false, false},
        {"REAL_AS_FLOAT,PIPES_AS_CONCAT,ANSI_QUOTES,IGNORE_SPACE,ANSI", true, false, true},
        {"STRICT_ALL_TABLES,NO_BACKSLASH_ESCAPES", false, true, false},
        {"NOT_ANSI_QUOTES", false, false, false},
        {"ANSI_QUOTES_NOT,ANSI_QUOTES", true, false, false},
        {"ANSI", false, false, false},
    };
    for (const auto& row : rows) {
        session_state state;
        state.on_variable("sql_mode", row.modes);
        EXPECT_EQ(state.ansi_quotes(), row.ansi_quotes) << row.modes;
        EXPECT_EQ(state.no_backslash_escapes(), row.no_backslash_escapes) << row.modes;
        EXPECT_EQ(state.ignore_space(), row.ignore_space) << row.modes;
    }
}

TEST(session_state, knows_isolation_and_access_mode_under_both_spellings) {
    for (const std::string_view name : {"transaction_isolation", "tx_isolation"}) {
        session_state state;
        state.on_variable(name, "SERIALIZABLE");
        EXPECT_TRUE(state.serializable()) << name;
        state.on_variable(name, "READ-COMMITTED");
        EXPECT_FALSE(state.serializable()) << name;
    }
    for (const std::string_view name : {"transaction_read_only", "tx_read_only"}) {
        for (const std::string_view value : {"ON", "1"}) {
            session_state state;
            state.on_variable(name, value);
            EXPECT_TRUE(state.transactions_read_only()) << name << '=' << value;
            state.on_variable(name, "OFF");
            EXPECT_FALSE(state.transactions_read_only()) << name;
        }
    }
}

TEST(session_state, follows_the_character_set_of_statements) {
    session_state state;
    EXPECT_EQ(state.charset(), multibyte_of("utf8mb4"));
    state.on_variable("character_set_client", "gbk");
    EXPECT_EQ(state.charset(), multibyte_of("gbk"));
}

TEST(session_state, returns_to_its_initial_values_on_reset_and_keeps_the_schema) {
    session_state state;
    state.on_initial_variable("sql_mode", "ANSI_QUOTES");
    state.set_schema("shop");
    state.on_variable("sql_mode", "NO_BACKSLASH_ESCAPES");
    state.on_variable("tx_isolation", "SERIALIZABLE");
    EXPECT_FALSE(state.ansi_quotes());
    const auto version = state.mark().version;
    state.reset(protocol::mysql::server_flavor::mariadb);
    EXPECT_TRUE(state.ansi_quotes());
    EXPECT_FALSE(state.no_backslash_escapes());
    EXPECT_FALSE(state.serializable());
    EXPECT_TRUE(state.variables().empty());
    EXPECT_EQ(state.schema(), "shop");
    EXPECT_NE(state.mark().version, version);
}

TEST(session_state, reads_parameters_by_the_collation_that_was_named) {
    session_state state;
    (void)state.on_variable("character_set_results", "utf8mb4");
    (void)state.on_variable(results_collation, "utf8mb4_bin");
    const auto sets = state.parameter_character_sets();
    EXPECT_TRUE(state.reads_parameters_by(sets));
    state.forget_variable(results_collation);
    EXPECT_FALSE(state.reads_parameters_by(sets)) << "SET NAMES utf8mb4";
    EXPECT_EQ(state.with_parameters_read_by(sets).parameter_character_sets(), sets);
}

}  // namespace
}  // namespace weir::splitter
