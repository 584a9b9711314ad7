#include "config/loader/unknown_key.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace weir::config {
namespace {

const std::vector<std::string> timeouts{"connect", "login", "idle_client", "idle_backend"};

TEST(unknown_key_message, proposes_a_key_of_the_same_section) {
    EXPECT_EQ(
        unknown_key_message("conect", timeouts, "timeouts"), "is not a key; did you mean connect?"
    );
}

TEST(unknown_key_message, proposes_the_same_key_of_another_section) {
    EXPECT_EQ(
        unknown_key_message("max_lag", timeouts, "timeouts"),
        "is not a key here; did you mean routing.max_lag?"
    );
    EXPECT_EQ(
        unknown_key_message("listen", timeouts, ""),
        "is not a key here; did you mean proxy.listen or metrics.listen?"
    );
}

TEST(unknown_key_message, proposes_the_nearest_of_several_keys) {
    const std::vector<std::string> in_a_rule{"name", "when", "unless", "then"};
    EXPECT_EQ(
        unknown_key_message("user", in_a_rule, "rules[12]"),
        "is not a key here; did you mean rules[].when.user or rules[].unless.user or "
        "rules[].examples[].user?"
    );
    EXPECT_EQ(
        unknown_key_message("user", timeouts, "timeouts"),
        "is not a key here; did you mean monitor.user?"
    );
}

TEST(unknown_key_message, proposes_a_key_that_contains_the_word) {
    EXPECT_EQ(
        unknown_key_message("backend", timeouts, "timeouts"),
        "is not a key; did you mean idle_backend?"
    );
    EXPECT_EQ(
        unknown_key_message("drain", timeouts, "timeouts"),
        "is not a key here; did you mean proxy.drain_timeout?"
    );
}

TEST(unknown_key_message, lists_the_keys_if_none_is_near) {
    EXPECT_EQ(
        unknown_key_message("xyz", timeouts, "timeouts"),
        "is not a key; known here: connect, login, idle_client, idle_backend"
    );
}

TEST(unknown_key_message, sees_a_missing_space) {
    EXPECT_EQ(
        unknown_key_message("connect:5s", timeouts, "timeouts"),
        "is not a key; put a space after the colon"
    );
}

TEST(printable_key, shows_no_more_than_a_key_can_be) {
    EXPECT_EQ(printable_key("idle_client"), "idle_client");
    EXPECT_EQ(printable_key("password:hunter2"), "password...");
    EXPECT_EQ(printable_key("password=hunter2"), "password...");
    EXPECT_EQ(printable_key("a b"), "a...");
    EXPECT_EQ(printable_key("\x1b[31m"), "...");
    EXPECT_EQ(printable_key(std::string(41, 'a')), std::string(40, 'a') + "...");
}

}  // namespace
}  // namespace weir::config
