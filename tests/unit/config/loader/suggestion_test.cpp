#include "config/loader/suggestion.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace weir::config {
namespace {

TEST(edit_distance, counts_the_fewest_edits) {
    EXPECT_EQ(edit_distance("", ""), 0U);
    EXPECT_EQ(edit_distance("", "abc"), 3U);
    EXPECT_EQ(edit_distance("abc", ""), 3U);
    EXPECT_EQ(edit_distance("weight", "weight"), 0U);
    EXPECT_EQ(edit_distance("weigt", "weight"), 1U);
    EXPECT_EQ(edit_distance("weightt", "weight"), 1U);
    EXPECT_EQ(edit_distance("waight", "weight"), 1U);
    EXPECT_EQ(edit_distance("kitten", "sitting"), 3U);
}

TEST(edit_distance, counts_swapped_neighbours_once) {
    EXPECT_EQ(edit_distance("wieght", "weight"), 1U);
    EXPECT_EQ(edit_distance("ba", "ab"), 1U);
}

TEST(closest_word, finds_what_was_meant) {
    const std::vector<std::string> words{"name", "address", "weight", "send_proxy_protocol"};
    EXPECT_EQ(closest_word("adress", words), "address");
    EXPECT_EQ(closest_word("wieght", words), "weight");
    EXPECT_EQ(closest_word("Name", words), "name");
    EXPECT_EQ(closest_word("send-proxy-protocol", words), "send_proxy_protocol");
    EXPECT_EQ(closest_word("SendProxyProtocol", words), "send_proxy_protocol");
}

TEST(closest_word, finds_nothing_that_is_too_far) {
    const std::vector<std::string> words{"name", "address"};
    EXPECT_EQ(closest_word("port", words), "");
    EXPECT_EQ(closest_word("nme2", words), "");
    EXPECT_EQ(closest_word(std::string(65, 'a'), words), "");
    EXPECT_EQ(closest_word("name", {}), "");
}

TEST(closest_word, takes_the_first_of_equals) {
    const std::vector<std::string> words{"cat", "car"};
    EXPECT_EQ(closest_word("caz", words), "cat");
}

}  // namespace
}  // namespace weir::config
