#include "splitter/relay/processlist.hpp"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace weir::splitter {
namespace {

using protocol::mysql::server_flavor;

small_result::row server_row(std::string id, std::string user, std::string command = "Sleep") {
    return {
        std::move(id),
        std::move(user),
        "proxy:5000",
        "shop",
        std::move(command),
        "3",
        "",
        std::nullopt};
}

listed_session session_of(std::uint32_t id, std::uint32_t thread_id, std::string user = "app") {
    listed_session session;
    session.id = id;
    session.user = std::move(user);
    session.host = "192.0.2.1:4711";
    session.thread_id = thread_id;
    session.time = std::chrono::seconds(9);
    return session;
}

/// "id user host command" of each row.
std::vector<std::string> rows_of(const local_result& result) {
    std::vector<std::string> shown;
    for (const auto& row : result.rows) {
        shown.push_back(
            std::to_string(std::get<std::int64_t>(row[0])) + " " + std::get<std::string>(row[1]) +
            " " + std::get<std::string>(row[2]) + " " + std::get<std::string>(row[4])
        );
    }
    return shown;
}

using texts = std::vector<std::string>;

TEST(processlist, has_the_ids_that_clients_know) {
    const std::vector<small_result::row> listed{
        server_row("11", "app", "Query"), server_row("12", "app"), server_row("13", "app")};
    const std::vector<listed_session> sessions{
        session_of(2'000'000'001, 11), session_of(2'000'000'002, 13)};
    EXPECT_EQ(
        rows_of(with_sessions(listed, sessions, {"app"})),
        (texts{
            "2000000001 app 192.0.2.1:4711 Query",
            "12 app proxy:5000 Sleep",
            "2000000002 app 192.0.2.1:4711 Sleep"})
    );
}

TEST(processlist, cuts_texts_unless_they_are_asked_for_in_full) {
    auto row = server_row("11", "app", "Query");
    row[7] = std::string(150, 'x');
    const std::vector<small_result::row> listed{row};
    const processlist_request full{.user = "app", .full = true};
    const auto text_of = [](const local_result& result) {
        return std::get<std::string>(result.rows[0][7]);
    };
    EXPECT_EQ(text_of(with_sessions(listed, {}, {"app"})).size(), 100U);
    EXPECT_EQ(text_of(with_sessions(listed, {}, full)).size(), 150U);
}

TEST(processlist, has_sessions_without_a_connection_there) {
    auto idle = session_of(7, 0);
    auto elsewhere = session_of(8, 0);
    elsewhere.elsewhere = "db2";
    elsewhere.text = std::string(150, 'x');
    const std::vector<small_result::row> listed{server_row("11", "app")};
    const auto result =
        with_sessions(listed, std::vector<listed_session>{idle, elsewhere}, {"app"});
    EXPECT_EQ(
        rows_of(result),
        (texts{
            "11 app proxy:5000 Sleep", "7 app 192.0.2.1:4711 Sleep", "8 app 192.0.2.1:4711 Query"})
    );
    EXPECT_EQ(std::get<std::string>(result.rows[2][6]), "on db2");
    EXPECT_EQ(std::get<std::string>(result.rows[2][7]).size(), 100U);
    const processlist_request full{.user = "app", .full = true};
    EXPECT_EQ(
        std::get<std::string>(
            with_sessions(listed, std::vector<listed_session>{elsewhere}, full).rows[1][7]
        )
            .size(),
        150U
    );
}

TEST(processlist, shows_other_users_to_those_who_may_see_them) {
    const std::vector<listed_session> sessions{session_of(7, 0), session_of(8, 0, "other")};
    const std::vector<small_result::row> own{
        server_row("11", "app"), server_row("5", "system user")};
    EXPECT_EQ(rows_of(with_sessions(own, sessions, {"app"})).size(), 3U) << "own ones only";
    const std::vector<small_result::row> all{server_row("11", "app"), server_row("12", "monitor")};
    EXPECT_EQ(rows_of(with_sessions(all, sessions, {"app"})).size(), 4U);
}

TEST(processlist, has_the_columns_of_the_server) {
    EXPECT_EQ(processlist_columns(server_flavor::mysql).columns.size(), 8U);
    EXPECT_EQ(processlist_columns(server_flavor::mariadb).columns.size(), 9U);
    const processlist_request mariadb{.user = "app", .flavor = server_flavor::mariadb};
    const std::vector<small_result::row> listed{server_row("11", "app")};
    const auto result =
        with_sessions(listed, std::vector<listed_session>{session_of(7, 0)}, mariadb);
    for (const auto& row : result.rows)
        EXPECT_EQ(row.size(), 9U);
}

}  // namespace
}  // namespace weir::splitter
