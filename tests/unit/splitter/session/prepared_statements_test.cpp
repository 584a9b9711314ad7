#include "splitter/session/prepared_statements.hpp"

#include "splitter/session/backend_state.hpp"

#include <gtest/gtest.h>

namespace weir::splitter {
namespace {

/// Statements of one session, and the texts that they share.
struct prepared_statements_test : testing::Test {
    prepared_statement& add(std::string_view text) {
        return statements.add(
            shared.use(text, session_state(), protocol::mysql::server_flavor::mysql), {}
        );
    }

    shared_statements shared;
    prepared_statements statements;
};

TEST_F(prepared_statements_test, gives_each_its_own_id_and_never_one_in_use) {
    const auto first = add("SELECT 1").id;
    const auto second = add("SELECT 2").id;
    EXPECT_NE(first, 0U);
    EXPECT_NE(first, second);
    statements.close(first);
    EXPECT_NE(add("SELECT 3").id, second);
    EXPECT_EQ(statements.size(), 2U);
    EXPECT_EQ(statements.find(first), nullptr);
    ASSERT_NE(statements.find(second), nullptr);
    EXPECT_EQ(statements.find(second)->text(), "SELECT 2");
}

TEST_F(prepared_statements_test, finds_the_newest_by_mariadbs_special_id) {
    EXPECT_EQ(statements.find(prepared_statements::last_prepared), nullptr);
    add("SELECT 1");
    const auto newest = add("SELECT 2").id;
    ASSERT_NE(statements.find(prepared_statements::last_prepared), nullptr);
    EXPECT_EQ(statements.find(prepared_statements::last_prepared)->id, newest);
    statements.close(prepared_statements::last_prepared);
    EXPECT_EQ(statements.find(newest), nullptr);
    EXPECT_EQ(statements.size(), 1U);
}

/// A connection that knows a statement by this id.
backend_state knowing(const prepared_statement& statement, std::uint32_t backend_id) {
    backend_state connection;
    connection.statements.push_back({statement.shared.get(), backend_id});
    return connection;
}

TEST_F(prepared_statements_test, remembers_what_a_broken_connection_took_along) {
    auto& lost = add("SELECT 1");
    auto& kept = add("SELECT 2");
    backend_state here = knowing(lost, 7);
    backend_state there = knowing(kept, 8);
    statements.open_cursor(lost, here, 7);
    statements.open_cursor(kept, there, 8);
    EXPECT_TRUE(here.is_kept());
    statements.on_cursors_lost(here);
    EXPECT_EQ(lost.home, nullptr);
    EXPECT_TRUE(lost.cursor_lost);
    EXPECT_EQ(kept.home, &there);
    EXPECT_FALSE(kept.cursor_lost);
    EXPECT_TRUE(statements.has_cursors());
    statements.end_cursor(kept);
    EXPECT_FALSE(statements.has_cursors());
    EXPECT_FALSE(there.is_kept());
    EXPECT_NE(there.find_statement(*kept.shared.get()), nullptr) << "it is open as before";
}

TEST_F(prepared_statements_test, has_statements_closed_whose_cursors_nobody_reads) {
    auto& closed = add("SELECT 1");
    auto& cleared = add("SELECT 2");
    backend_state here = knowing(closed, 7);
    backend_state there = knowing(cleared, 8);
    statements.open_cursor(closed, here, 7);
    statements.open_cursor(cleared, there, 8);
    statements.close(closed.id);
    EXPECT_EQ(here.unwanted_statements, std::vector<std::uint32_t>{7});
    statements.clear();
    EXPECT_EQ(there.unwanted_statements, std::vector<std::uint32_t>{8});
    EXPECT_FALSE(there.is_kept());
}

TEST_F(prepared_statements_test, share_no_connections_statement_with_an_open_cursor) {
    auto& reading = add("SELECT 1");
    auto& same = add("SELECT 1");
    ASSERT_EQ(reading.shared.get(), same.shared.get());
    backend_state here = knowing(reading, 7);
    statements.open_cursor(reading, here, 7);
    EXPECT_EQ(here.find_statement(*same.shared.get(), {same.id, false}), nullptr);
    here.remember_statement({same.shared.get(), 9});
    ASSERT_NE(here.find_cursor(reading.id), nullptr) << "it does not take its place";
    EXPECT_EQ(here.find_cursor(reading.id)->backend_id, 7U);
    EXPECT_EQ(here.find_statement(*same.shared.get(), {same.id, false})->backend_id, 9U);
    here.drop_unwanted_statements(shared, 0);
    EXPECT_TRUE(here.unwanted_statements.empty()) << "it may be what is about to be run";
    (void)here.find_cursor(reading.id);
    here.drop_unwanted_statements(shared, 0);
    EXPECT_EQ(here.unwanted_statements, std::vector<std::uint32_t>{9}) << "whatever the limit";
}

TEST_F(prepared_statements_test, are_prepared_anew_where_mysql_would_not_end_their_rows) {
    using protocol::mysql::server_flavor;

    const struct {
        std::string_view name;
        server_flavor flavor;
        bool had_cursor;
        bool ran_without;
        bool opens_cursor;
        bool is_found;
    } rows[]{
        {"never run", server_flavor::mysql, false, false, false, true},
        {"a cursor after a cursor", server_flavor::mysql, true, false, true, true},
        {"none after a cursor", server_flavor::mysql, true, false, false, false},
        {"none after none and a cursor", server_flavor::mysql, true, true, false, true},
        {"MariaDB does end them", server_flavor::mariadb, true, false, false, true},
    };

    const auto& statement = add("SELECT 1");
    for (const auto& row : rows) {
        backend_state here = knowing(statement, 7);
        here.flavor = row.flavor;
        here.statements[0].had_cursor = row.had_cursor;
        here.statements[0].ran_without = row.ran_without;
        const auto* const found =
            here.find_statement(*statement.shared.get(), {statement.id, row.opens_cursor});
        EXPECT_EQ(found != nullptr, row.is_found) << row.name;
    }
}

TEST_F(prepared_statements_test, keep_data_that_follows_what_a_server_will_refuse) {
    const std::vector<std::byte> packet(20);
    auto& statement = add("SELECT ?");
    statement.data.condemn();
    statements.keep_data(statement, protocol::wire::bytes_view{std::span(packet)}, 50);
    EXPECT_EQ(statement.data.size(), 20U) << "a server looks for it when it reads the EXECUTE";
}

TEST_F(prepared_statements_test, keep_no_more_data_than_they_may) {
    const std::vector<std::byte> packet(20);
    const protocol::wire::bytes_view piece{std::span<const std::byte>(packet)};
    auto& first = add("SELECT ?");
    auto& second = add("SELECT ?, 2");
    statements.keep_data(first, piece, 50);
    statements.keep_data(second, piece, 50);
    EXPECT_FALSE(second.data_refused);
    statements.keep_data(second, piece, 50);
    EXPECT_TRUE(second.data_refused) << "60 bytes of all statements together";
    EXPECT_TRUE(second.data.empty());
    statements.keep_data(first, piece, 50);
    EXPECT_EQ(first.data.size(), 40U) << "what was refused takes no place";
    statements.drop_data(second);
    EXPECT_FALSE(second.data_refused);
    statements.close(first.id);
    statements.keep_data(second, piece, 20);
    EXPECT_FALSE(second.data_refused) << "closed with its data";
}

}  // namespace
}  // namespace weir::splitter
