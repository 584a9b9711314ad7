#include "splitter/session/session_diff.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

namespace weir::splitter {
namespace {

using protocol::mysql::command;

/// Every command until nothing is missing, as text: "init_db shop", "query SET ...".
std::vector<std::string> all_changes(const session_state& wanted, backend_state& actual) {
    std::vector<std::string> changes;
    while (const auto change = next_change(wanted, actual)) {
        const std::string_view name = change->what == command::init_db      ? "init_db "
                                      : change->what == command::set_option ? "set_option "
                                                                            : "query ";
        changes.push_back(std::string(name) + change->argument);
        apply(*change, wanted, actual);
        if (changes.size() > 3) break;  // more than the contract allows
    }
    return changes;
}

struct value_row {
    std::string_view name;
    std::string_view value;
    std::string_view expected;
};

TEST(session_diff, writes_values_as_the_server_takes_them) {
    constexpr value_row rows[]{
        {"wait_timeout", "100", "wait_timeout=100"},
        {"long_query_time", "1.500000", "long_query_time=1.500000"},
        {"optimizer_depth", "-1", "optimizer_depth=-1"},
        {"time_zone", "+02:00", "time_zone='+02:00'"},
        {"time_zone", "1.2.3", "time_zone='1.2.3'"},
        {"time_zone", "-", "time_zone='-'"},
        {"time_zone", "5.", "time_zone='5.'"},
        {"autocommit", "ON", "autocommit='ON'"},
        {"sql_mode", "", "sql_mode=''"},
        {"character_set_results", "", "character_set_results=NULL"},
        {"character_set_results", "latin1", "character_set_results='latin1'"},
        {"init_name", "it's", "init_name='it''s'"},
        {"init_name", "a\\b", "init_name=CONCAT('a',CHAR(92 USING utf8mb4),'b')"},
        {"init_name", "\\', x=1", "init_name=CONCAT('',CHAR(92 USING utf8mb4),''', x=1')"},
        {"init_name", "'; DROP TABLE t; --", "init_name='''; DROP TABLE t; --'"},
    };
    for (const auto& [name, value, expected] : rows) {
        session_state wanted;
        wanted.on_variable(name, value);
        backend_state actual;
        EXPECT_EQ(
            all_changes(wanted, actual), std::vector{"query SET SESSION " + std::string(expected)}
        ) << name;
    }
}

TEST(session_diff, leaves_to_parameters_the_collation_that_was_named) {
    session_state named;
    for (const std::string_view name :
         {"character_set_client", "character_set_results", "character_set_connection"})
        named.on_variable(name, "utf8mb4");
    named.on_variable("collation_connection", "utf8mb4_bin");
    named.on_variable(results_collation, "utf8mb4_bin");
    session_state plain;
    for (const std::string_view name :
         {"character_set_client", "character_set_results", "character_set_connection"})
        plain.on_variable(name, "utf8mb4");
    backend_state there;
    for (const std::string_view name :
         {"character_set_client", "character_set_results", "character_set_connection"})
        there.initial.push_back({std::string(name), "utf8mb4"});
    EXPECT_EQ(
        all_changes(named, there),
        std::vector<std::string>{
            "query SET NAMES 'utf8mb4' COLLATE 'utf8mb4_bin', SESSION "
            "character_set_connection='utf8mb4', SESSION collation_connection='utf8mb4_bin'"}
    );
    settle(named, there);
    const auto back = all_changes(plain, there);
    ASSERT_EQ(back.size(), 1U);
    EXPECT_NE(back[0].find("character_set_client='utf8mb4'"), std::string::npos)
        << "its collation is the default one again";
    there.variables = named.variables();
    for (auto& one : there.variables)
        if (one.name == "character_set_client") one.value = "latin1";
    const auto again = all_changes(named, there);
    ASSERT_EQ(again.size(), 1U);
    EXPECT_TRUE(again[0].starts_with("query SET NAMES 'utf8mb4' COLLATE 'utf8mb4_bin'"));
    EXPECT_EQ(again[0].find("character_set_client"), std::string::npos);
}

TEST(session_diff, sets_collations_behind_character_sets) {
    session_state wanted;
    wanted.on_variable("collation_connection", "utf8mb4_bin");
    wanted.on_variable("character_set_client", "utf8mb4");
    wanted.on_variable("collation_database", "latin1_bin");
    wanted.on_variable("character_set_connection", "utf8mb4");
    backend_state actual;
    EXPECT_EQ(
        all_changes(wanted, actual),
        std::vector<std::string>{
            "query SET SESSION character_set_client='utf8mb4', SESSION "
            "character_set_connection='utf8mb4', SESSION collation_connection='utf8mb4_bin', "
            "SESSION collation_database='latin1_bin'"}
    );
}

TEST(session_diff, asks_for_schema_then_option_then_variables) {
    session_state wanted;
    wanted.set_schema("shop");
    wanted.set_multi_statements(true);
    wanted.on_variable("time_zone", "UTC");
    backend_state actual;
    const std::vector<std::string> expected{
        "init_db shop",
        std::string("set_option ") + std::string(2, '\0'),
        "query SET SESSION time_zone='UTC'"};
    EXPECT_EQ(all_changes(wanted, actual), expected);
    EXPECT_EQ(actual.schema, "shop");
    EXPECT_TRUE(actual.multi_statements);
    EXPECT_EQ(actual.applied, wanted.mark());
}

TEST(session_diff, switches_multi_statements_off_too) {
    session_state wanted;
    backend_state actual;
    actual.multi_statements = true;
    const std::vector<std::string> expected{std::string("set_option \1\0", 13)};
    EXPECT_EQ(all_changes(wanted, actual), expected);
    EXPECT_FALSE(actual.multi_statements);
}

TEST(session_diff, is_empty_for_a_connection_that_has_this_version) {
    session_state wanted;
    wanted.set_schema("shop");
    wanted.on_variable("time_zone", "UTC");
    backend_state actual;
    actual.applied = wanted.mark();
    EXPECT_EQ(next_change(wanted, actual), std::nullopt);
    wanted.on_variable("time_zone", "SYSTEM");
    EXPECT_NE(next_change(wanted, actual), std::nullopt);
}

TEST(session_diff, leaves_the_schema_of_a_session_without_one_alone) {
    session_state wanted;
    backend_state actual;
    actual.schema = "shop";
    EXPECT_EQ(next_change(wanted, actual), std::nullopt);
}

struct setup_row {
    protocol::mysql::server_flavor flavor;
    std::uint32_t version;
    std::string_view isolation;  ///< how the server spells it; empty: no tracking there
    bool gtids;
};

TEST(session_diff, asks_each_kind_of_server_for_the_tracking_it_has) {
    using protocol::mysql::server_flavor;
    constexpr setup_row rows[]{
        {server_flavor::mysql, 50651, "", false},
        {server_flavor::mysql, 50744, "transaction_isolation", true},
        {server_flavor::mysql, 90700, "transaction_isolation", true},
        {server_flavor::mariadb, 100240, "", false},
        {server_flavor::mariadb, 101119, "tx_isolation", false},
    };
    for (const auto& row : rows) {
        backend_state fresh;
        fresh.flavor = row.flavor;
        fresh.version_number = row.version;
        const std::string sql = tracking_setup(fresh);
        EXPECT_EQ(sql.empty(), row.isolation.empty()) << row.version;
        if (row.isolation.empty()) continue;
        const std::string asked = " " + std::string(row.isolation) + "=@@";
        EXPECT_NE(sql.find(asked), std::string::npos) << row.version << ": " << sql;
        EXPECT_EQ(sql.find("session_track_gtids") != std::string::npos, row.gtids) << sql;
    }
}

}  // namespace
}  // namespace weir::splitter
