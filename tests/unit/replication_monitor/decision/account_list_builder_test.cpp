#include "replication_monitor/decision/account_list_builder.hpp"

#include <gtest/gtest.h>

namespace weir::replication_monitor {
namespace {

using outcome = accounts_reading::outcome;

account native(const char* user, const char* hash) {
    return {user, "%", "mysql_native_password", hash};
}

accounts_reading read(std::vector<account> accounts) {
    return {outcome::read, std::move(accounts), {}};
}

accounts_reading without_accounts(outcome what) {
    return {what, {}, "no"};
}

TEST(account_list_builder, the_first_reading_is_generation_one) {
    account_list_builder builder;
    const auto list = builder.update(read({native("app", "*1"), native("web", "*2")}));
    EXPECT_EQ(list->generation, 1U);
    EXPECT_TRUE(list->readable);
    ASSERT_EQ(list->by_user.count("app"), 1U);
    EXPECT_EQ(list->by_user.find("app")->second, native("app", "*1"));
}

TEST(account_list_builder, an_account_with_two_methods_has_two_entries) {
    account_list_builder builder;
    const account other{"app", "%", "ed25519", "key"};
    EXPECT_EQ(builder.update(read({native("app", "*1"), other}))->by_user.count("app"), 2U);
}

TEST(account_list_builder, the_same_accounts_in_another_order_are_the_same_list) {
    account_list_builder builder;
    const auto list = builder.update(read({native("app", "*1"), native("app", "*2")}));
    EXPECT_EQ(builder.update(read({native("app", "*2"), native("app", "*1")})), list);
}

TEST(account_list_builder, a_changed_password_is_the_next_generation) {
    account_list_builder builder;
    (void)builder.update(read({native("app", "*1")}));
    EXPECT_EQ(builder.update(read({native("app", "*2")}))->generation, 2U);
}

TEST(account_list_builder, a_dropped_account_is_gone) {
    account_list_builder builder;
    (void)builder.update(read({native("app", "*1"), native("web", "*2")}));
    const auto list = builder.update(read({native("web", "*2")}));
    EXPECT_EQ(list->generation, 2U);
    EXPECT_EQ(list->by_user.count("app"), 0U);
}

TEST(account_list_builder, a_failed_reading_changes_nothing) {
    account_list_builder builder;
    const auto list = builder.update(read({native("app", "*1")}));
    EXPECT_EQ(builder.update(without_accounts(outcome::failed)), list);
}

TEST(account_list_builder, a_refused_reading_leaves_no_accounts) {
    account_list_builder builder;
    (void)builder.update(read({native("app", "*1")}));
    const auto list = builder.update(without_accounts(outcome::refused));
    EXPECT_EQ(list->generation, 2U);
    EXPECT_FALSE(list->readable);
    EXPECT_TRUE(list->by_user.empty());
}

TEST(account_list_builder, older_lists_live_as_long_as_their_owners) {
    account_list_builder builder;
    const auto old = builder.update(read({native("app", "*1")}));
    (void)builder.update(read({}));
    EXPECT_EQ(old->by_user.find("app")->second.authentication_string, "*1");
}

}  // namespace
}  // namespace weir::replication_monitor
