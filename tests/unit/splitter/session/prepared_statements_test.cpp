#include "splitter/session/prepared_statements.hpp"

#include "splitter/session/backend_state.hpp"

#include <gtest/gtest.h>

namespace weir::splitter {
namespace {

/// Statements of one session, and the texts that they share.
struct prepared_statements_test : testing::Test {
    prepared_statement& add(std::string_view text) {
        return statements.add(shared.use(text, session_state()), {});
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

TEST_F(prepared_statements_test, remembers_what_a_broken_connection_took_along) {
    const backend_state here;
    const backend_state there;
    auto& lost = add("SELECT 1");
    auto& kept = add("SELECT 2");
    statements.settle(lost, &here);
    statements.settle(kept, &there);
    statements.on_connection_closed(here);
    EXPECT_EQ(lost.home, nullptr);
    EXPECT_TRUE(lost.home_lost);
    EXPECT_EQ(kept.home, &there);
    EXPECT_FALSE(kept.home_lost);
    EXPECT_TRUE(statements.has_home());
    statements.settle(kept, nullptr);
    EXPECT_FALSE(statements.has_home());
}

}  // namespace
}  // namespace weir::splitter
