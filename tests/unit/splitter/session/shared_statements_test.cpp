#include "splitter/session/shared_statements.hpp"

#include "splitter/session/session_state.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string_view>

namespace weir::splitter {
namespace {

using protocol::mysql::server_flavor;

TEST(shared_statements, mean_what_was_set_when_they_were_prepared) {
    const struct {
        std::string_view variable;
        bool on_mysql;
        bool on_mariadb;
    } rows[]{
        {"sql_mode", true, true},
        {"collation_connection", true, true},
        {"optimizer_switch", true, true},
        {"div_precision_increment", true, false},
        {"group_concat_max_len", true, false},
        {"time_zone", true, false},
        {"old_mode", false, true},
        {"character_set_results", false, false},
        {"max_sort_length", false, false},
    };

    for (const auto& row : rows) {
        for (const auto flavor : {server_flavor::mysql, server_flavor::mariadb}) {
            const bool counts = flavor == server_flavor::mysql ? row.on_mysql : row.on_mariadb;
            shared_statements all;
            session_state state;
            const statement_use before = all.use("SELECT 1 / 3", state, flavor);
            (void)state.on_variable(row.variable, "another");
            const statement_use after = all.use("SELECT 1 / 3", state, flavor);
            EXPECT_EQ(before.get() != after.get(), counts) << row.variable;
            EXPECT_EQ(before.get()->means_the_same(state), !counts) << row.variable;
            EXPECT_TRUE(after.get()->means_the_same(state)) << row.variable;

            const session_state meant = state.as_of(before.get()->prepared_under());
            const auto& variables = meant.variables();
            const bool is_set = std::ranges::any_of(variables, [&](const session_variable& one) {
                return one.name == row.variable && one.value == "another";
            });
            EXPECT_EQ(is_set, !counts) << row.variable << ": what does not count stays as it is";
        }
    }
}

}  // namespace
}  // namespace weir::splitter
