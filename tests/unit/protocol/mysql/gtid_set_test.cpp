#include "protocol/mysql/gtid_set.hpp"

#include "protocol/mysql/errc.hpp"

#include <gtest/gtest.h>

namespace weir::protocol::mysql {
namespace {

const std::string first_uuid = "3e11fa47-71ca-11e1-9e33-c80aa9429562";
const std::string second_uuid = "4e11fa47-71ca-11e1-9e33-c80aa9429562";

[[nodiscard]] gtid_set mysql_set(const std::string& text) {
    const auto parsed = gtid_set::parse(text, server_flavor::mysql);
    EXPECT_TRUE(parsed) << text;
    return parsed ? *parsed : gtid_set{};
}

[[nodiscard]] gtid_set mariadb_set(const std::string& text) {
    const auto parsed = gtid_set::parse(text, server_flavor::mariadb);
    EXPECT_TRUE(parsed) << text;
    return parsed ? *parsed : gtid_set{};
}

TEST(gtid_set, writes_its_canonical_form) {
    const struct {
        const char* name;
        server_flavor flavor;
        std::string text;
        std::string canonical;
    } rows[] = {
        {"empty", server_flavor::mysql, " \n", ""},
        {"one transaction", server_flavor::mysql, first_uuid + ":5", first_uuid + ":5"},
        {"upper case",
         server_flavor::mysql,
         "3E11FA47-71CA-11E1-9E33-C80AA9429562:1-3",
         first_uuid + ":1-3"},
        {"touching intervals",
         server_flavor::mysql,
         first_uuid + ":4-5:1-3:7",
         first_uuid + ":1-5:7"},
        {"overlapping intervals",
         server_flavor::mysql,
         first_uuid + ":1-9:2-3",
         first_uuid + ":1-9"},
        {"line feeds",
         server_flavor::mysql,
         second_uuid + ":1,\n" + first_uuid + ":2",
         first_uuid + ":2," + second_uuid + ":1"},
        {"one source twice",
         server_flavor::mysql,
         first_uuid + ":1," + first_uuid + ":2",
         first_uuid + ":1-2"},
        {"tags",
         server_flavor::mysql,
         first_uuid + ":1-2:Blue:3:red:4-5",
         first_uuid + ":1-2," + first_uuid + ":blue:3," + first_uuid + ":red:4-5"},
        {"domains", server_flavor::mariadb, "1-2-33, 0-1-100", "0-1-100,1-2-33"},
        {"one domain twice", server_flavor::mariadb, "0-1-100,0-2-99", "0-1-100"},
    };

    for (const auto& row : rows) {
        SCOPED_TRACE(row.name);
        const auto parsed = gtid_set::parse(row.text, row.flavor);
        ASSERT_TRUE(parsed);
        EXPECT_EQ(parsed->to_string(), row.canonical);
        const auto again = gtid_set::parse(row.canonical, row.flavor);
        ASSERT_TRUE(again);
        EXPECT_EQ(*again, *parsed);
    }
}

TEST(gtid_set, refuses_what_is_no_set) {
    const struct {
        const char* name;
        server_flavor flavor;
        std::string text;
    } rows[] = {
        {"no interval", server_flavor::mysql, first_uuid},
        {"empty interval", server_flavor::mysql, first_uuid + ":"},
        {"zero", server_flavor::mysql, first_uuid + ":0-5"},
        {"backwards", server_flavor::mysql, first_uuid + ":5-4"},
        {"open end", server_flavor::mysql, first_uuid + ":5-"},
        {"too large", server_flavor::mysql, first_uuid + ":9223372036854775807"},
        {"short uuid", server_flavor::mysql, "3e11fa47:1"},
        {"no hexadecimal", server_flavor::mysql, "3g11fa47-71ca-11e1-9e33-c80aa9429562:1"},
        {"tag without interval", server_flavor::mysql, first_uuid + ":blue"},
        {"mariadb form", server_flavor::mysql, "0-1-100"},
        {"mysql form", server_flavor::mariadb, first_uuid + ":1"},
        {"two numbers", server_flavor::mariadb, "0-1"},
        {"four numbers", server_flavor::mariadb, "0-1-2-3"},
        {"domain too large", server_flavor::mariadb, "4294967296-1-1"},
    };

    for (const auto& row : rows) {
        SCOPED_TRACE(row.name);
        const auto parsed = gtid_set::parse(row.text, row.flavor);
        EXPECT_EQ(parsed.error(), make_error_code(errc::malformed_gtid_set));
    }
}

TEST(gtid_set, contains_by_interval_and_by_domain) {
    const auto ours = mysql_set(first_uuid + ":1-5:8-9," + second_uuid + ":3");
    EXPECT_TRUE(ours.contains(mysql_set("")));
    EXPECT_TRUE(ours.contains(ours));
    EXPECT_TRUE(ours.contains(mysql_set(first_uuid + ":2-3:9")));
    EXPECT_FALSE(ours.contains(mysql_set(first_uuid + ":5-8")));
    EXPECT_FALSE(ours.contains(mysql_set(second_uuid + ":2")));
    EXPECT_FALSE(ours.contains(mysql_set(second_uuid + ":red:3")));

    const auto position = mariadb_set("0-1-100,1-1-5");
    EXPECT_TRUE(position.contains(mariadb_set("0-7-100")));
    EXPECT_FALSE(position.contains(mariadb_set("0-1-101")));
    EXPECT_FALSE(position.contains(mariadb_set("2-1-1")));
    EXPECT_FALSE(position.contains(ours));
    EXPECT_FALSE(ours.contains(position));
    EXPECT_TRUE(position.contains(gtid_set{}));
}

TEST(gtid_set, merges_sets_of_its_own_form_only) {
    auto ours = mysql_set(first_uuid + ":1-5");
    ours.merge(mysql_set(first_uuid + ":6," + second_uuid + ":1"));
    EXPECT_EQ(ours.to_string(), first_uuid + ":1-6," + second_uuid + ":1");
    ours.merge(mariadb_set("0-1-1"));
    EXPECT_EQ(ours.to_string(), first_uuid + ":1-6," + second_uuid + ":1");

    gtid_set position;
    position.merge(mariadb_set("0-1-5"));
    position.merge(mariadb_set("0-2-4,1-1-1"));
    EXPECT_EQ(position.to_string(), "0-1-5,1-1-1");
    position.merge(ours);
    EXPECT_EQ(position.to_string(), "0-1-5,1-1-1");
}

}  // namespace
}  // namespace weir::protocol::mysql
