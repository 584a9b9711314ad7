#include "replication_monitor/probe/probe_queries.hpp"

#include "replication_monitor/probe/greeting_version.hpp"

#include <gtest/gtest.h>

namespace weir::replication_monitor {
namespace {

using protocol::mysql::server_flavor;
constexpr auto mysql = server_flavor::mysql;
constexpr auto mariadb = server_flavor::mariadb;

TEST(probe_queries, replication_is_asked_in_the_servers_words) {
    using probe_queries::replication;
    EXPECT_EQ(replication(mysql, 50744), "SHOW SLAVE STATUS");
    EXPECT_EQ(replication(mysql, 80021), "SHOW SLAVE STATUS");
    EXPECT_EQ(replication(mysql, 80022), "SHOW REPLICA STATUS");
    EXPECT_EQ(replication(mysql, 90700), "SHOW REPLICA STATUS");
    EXPECT_EQ(replication(mariadb, 101108), "SHOW ALL SLAVES STATUS");
    EXPECT_EQ(replication(mariadb, 110402), "SHOW ALL SLAVES STATUS");
}

TEST(probe_queries, accounts_are_read_where_the_server_keeps_them) {
    using probe_queries::accounts;
    const auto reads_from = [](std::string_view sql, std::string_view table) {
        return sql.find(table) != std::string_view::npos;
    };
    EXPECT_TRUE(reads_from(accounts(mysql, 90700), "FROM mysql.user"));
    EXPECT_TRUE(reads_from(accounts(mariadb, 101108), "FROM mysql.global_priv"));
    EXPECT_TRUE(reads_from(accounts(mariadb, 100338), "FROM mysql.user"));
}

TEST(probe_queries, only_mysql_is_asked_for_what_mariadb_lacks) {
    using probe_queries::variables;
    EXPECT_NE(variables(mysql).find("super_read_only"), std::string_view::npos);
    EXPECT_EQ(variables(mariadb).find("super_read_only"), std::string_view::npos);
    EXPECT_EQ(variables(mariadb).find("uuid"), std::string_view::npos);
}

TEST(greeting_version, mariadb_10_hides_behind_5_5_5) {
    EXPECT_EQ(greeting_version(mariadb, 101108, "10.11.8-MariaDB"), "5.5.5-10.11.8-MariaDB");
    EXPECT_EQ(greeting_version(mariadb, 100038, "10.0.38-MariaDB"), "5.5.5-10.0.38-MariaDB");
}

TEST(greeting_version, others_do_not) {
    EXPECT_EQ(greeting_version(mariadb, 110402, "11.4.2-MariaDB"), "11.4.2-MariaDB");
    EXPECT_EQ(greeting_version(mariadb, 50568, "5.5.68-MariaDB"), "5.5.68-MariaDB");
    EXPECT_EQ(greeting_version(mysql, 90700, "9.7.0"), "9.7.0");
}

}  // namespace
}  // namespace weir::replication_monitor
