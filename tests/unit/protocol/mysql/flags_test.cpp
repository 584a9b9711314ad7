#include "protocol/mysql/capabilities.hpp"
#include "protocol/mysql/command.hpp"
#include "protocol/mysql/server_errc.hpp"
#include "protocol/mysql/status_flags.hpp"

#include <gtest/gtest.h>

namespace weir::protocol::mysql {
namespace {

TEST(capability_set, adds_removes_and_intersects) {
    const capability_set ours{capability::ssl, capability::progress};
    EXPECT_TRUE(ours.has(capability::progress));
    EXPECT_FALSE(ours.without(capability::ssl).has(capability::ssl));
    EXPECT_EQ((ours & capability_set{capability::ssl}), capability_set{capability::ssl});
    EXPECT_EQ((ours | capability_set{capability::odbc}), ours.with(capability::odbc));
    EXPECT_EQ(ours.base(), 0x800U);
    EXPECT_EQ(ours.extended(), 1U);
}

TEST(status_set, adds_and_removes) {
    const auto status = status_set(0x0002).with(status_flag::more_results_exists);
    EXPECT_EQ(status.value(), 0x000A);
    EXPECT_EQ(
        status.without(status_flag::autocommit), status_set{status_flag::more_results_exists}
    );
}

TEST(command, has_a_name_for_every_byte) {
    EXPECT_EQ(name(command::stmt_bulk_execute), "stmt_bulk_execute");
    EXPECT_EQ(name(static_cast<command>(0x99)), "unknown");
}

TEST(server_errc, has_the_servers_states) {
    EXPECT_EQ(sql_state(server_errc::access_denied), "28000");
    EXPECT_EQ(sql_state(server_errc::too_many_connections), "08004");
    EXPECT_EQ(sql_state(server_errc::unknown_database), "42000");
    EXPECT_EQ(sql_state(server_errc::idle_timeout), "HY000");
}

}  // namespace
}  // namespace weir::protocol::mysql
