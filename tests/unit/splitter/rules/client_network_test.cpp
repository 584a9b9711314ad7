#include "splitter/rules/client_network.hpp"

#include <gtest/gtest.h>

namespace weir::splitter {
namespace {

TEST(client_network, contains_addresses_that_begin_as_it_does) {
    struct row {
        std::string_view network;
        std::string_view address;
        bool expected;
    };

    constexpr row rows[]{
        {"10.0.0.0/8", "10.255.0.1", true},
        {"10.0.0.0/8", "11.0.0.1", false},
        {"10.0.0.0/31", "10.0.0.1", true},
        {"10.0.0.0/31", "10.0.0.2", false},
        {"10.1.2.3/32", "10.1.2.3", true},
        {"10.1.2.3/32", "10.1.2.2", false},
        {"0.0.0.0/0", "1.2.3.4", true},
        {"0.0.0.0/0", "::1", false},
        {"172.16.0.0/12", "172.31.9.9", true},
        {"172.16.0.0/12", "172.32.0.0", false},
        {"::/0", "fd00::1", true},
        {"::/0", "1.2.3.4", false},
        {"fd00::/9", "fd7f::1", true},
        {"fd00::/9", "fd80::1", false},
        {"::1/128", "::1", true},
        {"::1/128", "::2", false},
    };
    for (const row& each : rows) {
        const auto network = client_network::parse(each.network);
        const auto address = parse_client_address(each.address);
        ASSERT_TRUE(network && address);
        EXPECT_EQ(network->contains(*address), each.expected)
            << each.address << " in " << each.network;
    }
}

TEST(client_network, contains_nobody_without_an_address) {
    EXPECT_FALSE(client_network::parse("0.0.0.0/0")->contains({}));
}

TEST(client_network, is_not_made_of_anything_else) {
    for (const std::string_view text :
         {"", "10.0.0.0", "10.0.0.0/", "10.0.0.0/33", "::/129", "10.0.0/8", "x/8", "10.0.0.0/8x"}) {
        EXPECT_FALSE(client_network::parse(text)) << text;
    }
}

}  // namespace
}  // namespace weir::splitter
