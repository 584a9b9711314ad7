#include "replication_monitor/probe/replication_row.hpp"

#include <gtest/gtest.h>

#include <ostream>
#include <string>
#include <vector>

namespace weir::replication_monitor {
namespace {

using namespace std::chrono_literals;
using columns = std::vector<named_value>;

replication_channel expected_channel() {
    replication_channel channel;
    channel.name = "ch";
    channel.source_host = "10.0.0.1";
    channel.source_port = 3306;
    channel.source_server_id = 7;
    channel.receiver = receiver_state::running;
    channel.applier_running = true;
    channel.seconds_behind = 3s;
    return channel;
}

replication_channel with_uuid(replication_channel channel) {
    channel.source_uuid = "uuid-1";
    return channel;
}

struct spelling_row {
    const char* name;
    columns values;
    replication_channel expected;

    friend void PrintTo(const spelling_row& shown, std::ostream* out) { *out << shown.name; }
};

class replication_row_spellings : public testing::TestWithParam<spelling_row> {};

TEST_P(replication_row_spellings, are_understood) {
    const auto channel = read_channel(GetParam().values);
    ASSERT_TRUE(channel);
    EXPECT_EQ(*channel, GetParam().expected);
}

const spelling_row spellings[] = {
    {"mysql_from_8_0_22",
     {{"Source_Host", "10.0.0.1"},
      {"Source_Port", "3306"},
      {"Replica_IO_Running", "Yes"},
      {"Replica_SQL_Running", "Yes"},
      {"Seconds_Behind_Source", "3"},
      {"Source_Server_Id", "7"},
      {"Source_UUID", "uuid-1"},
      {"Channel_Name", "ch"}},
     with_uuid(expected_channel())},
    {"mysql_before",
     {{"Master_Host", "10.0.0.1"},
      {"Master_Port", "3306"},
      {"Slave_IO_Running", "Yes"},
      {"Slave_SQL_Running", "Yes"},
      {"Seconds_Behind_Master", "3"},
      {"Master_Server_Id", "7"},
      {"Master_UUID", "uuid-1"},
      {"Channel_Name", "ch"}},
     with_uuid(expected_channel())},
    {"mariadb",
     {{"Connection_name", "ch"},
      {"Master_Host", "10.0.0.1"},
      {"Master_Port", "3306"},
      {"Slave_IO_Running", "Yes"},
      {"Slave_SQL_Running", "Yes"},
      {"Seconds_Behind_Master", "3"},
      {"Master_Server_Id", "7"}},
     expected_channel()},
};

INSTANTIATE_TEST_SUITE_P(
    rows,
    replication_row_spellings,
    testing::ValuesIn(spellings),
    [](const auto& shown) { return std::string{shown.param.name}; }
);

replication_channel read_with(named_value extra) {
    const columns values{{"Source_Host", "h"}, extra};
    return read_channel(values).value();
}

TEST(replication_row, receiver_states) {
    const auto receiver = [](std::string_view text) {
        return read_with({"Replica_IO_Running", text}).receiver;
    };
    EXPECT_EQ(receiver("Yes"), receiver_state::running);
    EXPECT_EQ(receiver("Connecting"), receiver_state::connecting);
    EXPECT_EQ(receiver("Preparing"), receiver_state::connecting);
    EXPECT_EQ(receiver("No"), receiver_state::stopped);
    EXPECT_EQ(receiver(""), receiver_state::stopped);
}

TEST(replication_row, a_lag_that_is_no_number_is_not_known) {
    EXPECT_EQ(read_with({"Seconds_Behind_Source", "0"}).seconds_behind, 0s);
    EXPECT_EQ(read_with({"Seconds_Behind_Source", std::nullopt}).seconds_behind, std::nullopt);
    EXPECT_EQ(read_with({"Seconds_Behind_Source", ""}).seconds_behind, std::nullopt);
    EXPECT_EQ(read_with({"Seconds_Behind_Source", "-1"}).seconds_behind, std::nullopt);
    EXPECT_EQ(read_with({"Seconds_Behind_Source", "12x"}).seconds_behind, std::nullopt);
}

TEST(replication_row, error_numbers) {
    EXPECT_EQ(read_with({"Last_IO_Errno", "2003"}).receiver_error, 2003U);
    EXPECT_EQ(read_with({"Last_SQL_Errno", "1062"}).applier_error, 1062U);
}

TEST(replication_row, a_row_without_a_source_is_no_channel) {
    EXPECT_FALSE(read_channel(columns{}));
    EXPECT_FALSE(read_channel(columns{{"Source_Host", ""}}));
    EXPECT_FALSE(read_channel(columns{{"Source_Host", "<NULL>"}}));
    EXPECT_FALSE(read_channel(columns{{"Source_Host", std::nullopt}}));
}

TEST(replication_row, switches) {
    EXPECT_FALSE(read_switch("0"));
    EXPECT_FALSE(read_switch("OFF"));
    EXPECT_TRUE(read_switch("1"));
    EXPECT_TRUE(read_switch("ON"));
    EXPECT_TRUE(read_switch("NO_LOCK"));
}

}  // namespace
}  // namespace weir::replication_monitor
