#include "splitter/session/prepared_statements.hpp"

#include "splitter/session/backend_state.hpp"

#include <gtest/gtest.h>

namespace weir::splitter {
namespace {

TEST(prepared_statements, gives_each_its_own_id_and_never_one_in_use) {
    prepared_statements statements;
    const auto first = statements.add("SELECT 1", {}).id;
    const auto second = statements.add("SELECT 2", {}).id;
    EXPECT_NE(first, 0U);
    EXPECT_NE(first, second);
    statements.close(first);
    EXPECT_NE(statements.add("SELECT 3", {}).id, second);
    EXPECT_EQ(statements.size(), 2U);
    EXPECT_EQ(statements.find(first), nullptr);
    ASSERT_NE(statements.find(second), nullptr);
    EXPECT_EQ(statements.find(second)->text, "SELECT 2");
}

TEST(prepared_statements, finds_the_newest_by_mariadbs_special_id) {
    prepared_statements statements;
    EXPECT_EQ(statements.find(prepared_statements::last_prepared), nullptr);
    statements.add("SELECT 1", {});
    const auto newest = statements.add("SELECT 2", {}).id;
    ASSERT_NE(statements.find(prepared_statements::last_prepared), nullptr);
    EXPECT_EQ(statements.find(prepared_statements::last_prepared)->id, newest);
    statements.close(prepared_statements::last_prepared);
    EXPECT_EQ(statements.find(newest), nullptr);
    EXPECT_EQ(statements.size(), 1U);
}

TEST(prepared_statements, remembers_what_a_broken_connection_took_along) {
    prepared_statements statements;
    const backend_state here;
    const backend_state there;
    auto& lost = statements.add("SELECT 1", {});
    auto& kept = statements.add("SELECT 2", {});
    lost.home = &here;
    kept.home = &there;
    EXPECT_TRUE(statements.is_home(here));
    statements.on_connection_closed(here);
    EXPECT_EQ(lost.home, nullptr);
    EXPECT_TRUE(lost.home_lost);
    EXPECT_EQ(kept.home, &there);
    EXPECT_FALSE(kept.home_lost);
    EXPECT_FALSE(statements.is_home(here));
    EXPECT_TRUE(statements.is_home(there));
}

}  // namespace
}  // namespace weir::splitter
