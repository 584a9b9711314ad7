#include "config/loader/addresses.hpp"

#include "config/schema/endpoint_text.hpp"

#include "tests/unit/config/loader/load_support.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace weir::config {
namespace {

using test::tcp;

constexpr address_rule port_required{};
constexpr address_rule port_3306{.default_port = 3306};

endpoint unix_socket(std::string path) {
    endpoint result;
    result.what = endpoint::kind::unix_socket;
    result.path = std::move(path);
    return result;
}

TEST(parse_endpoint, reads_every_form) {
    struct row {
        const char* text;
        endpoint expected;
    };

    const std::vector<row> rows{
        {"127.0.0.1:6033", tcp("127.0.0.1", 6033)},
        {"0.0.0.0:1", tcp("0.0.0.0", 1)},
        {"db-1.example_x.com:65535", tcp("db-1.example_x.com", 65535)},
        {"localhost", tcp("localhost", 3306)},
        {"10.0.0.1", tcp("10.0.0.1", 3306)},
        {"[::1]", tcp("::1", 3306)},
        {"[::1]:6033", tcp("::1", 6033)},
        {"[fe80::1%eth0]:6033", tcp("fe80::1%eth0", 6033)},
        {"[::ffff:10.0.0.1]:6033", tcp("::ffff:10.0.0.1", 6033)},
        {"unix:/run/weir.sock", unix_socket("/run/weir.sock")},
        {"unix:/a:b", unix_socket("/a:b")},
    };
    for (const row& each : rows) {
        SCOPED_TRACE(each.text);
        const auto address = parse_endpoint(each.text, port_3306);
        EXPECT_EQ(address.problem, "");
        EXPECT_EQ(address.value, each.expected);
        EXPECT_EQ(parse_endpoint(to_string(address.value), port_required).value, each.expected);
    }
}

TEST(parse_endpoint, says_what_is_wrong) {
    struct row {
        std::string text;
        const char* problem;
    };

    const char* const bad_port = "has a port that is not a number from 1 to 65535";
    const std::vector<row> rows{
        {"", "has no host"},
        {":6033", "has no host"},
        {"localhost", "has no port"},
        {"unix", "is a Unix socket without its path"},
        {"[::1]", "has no port"},
        {"localhost:", bad_port},
        {"localhost:0", bad_port},
        {"localhost:65536", bad_port},
        {"localhost:http", bad_port},
        {"[::1]6033", bad_port},
        {"[::1]:", bad_port},
        {"::1", "is an IPv6 address without brackets"},
        {"::1:6033", "is an IPv6 address without brackets"},
        {"[::1:6033", "has no closing bracket"},
        {"[]:6033", "is not an IPv6 address"},
        {"[127.0.0.1]:6033", "is not an IPv6 address"},
        {"[::g]:6033", "is not an IPv6 address"},
        {"127.0.0.300:6033", "is not an IPv4 address"},
        {"127.1:6033", "is not an IPv4 address"},
        {"a host:6033", "is not a host name or an address"},
        {"*:6033", "is not a host name or an address"},
        {"host/x:6033", "is not a host name or an address"},
        {std::string(254, 'a') + ":1", "is not a host name or an address"},
        {"unix:", "is not an absolute path"},
        {"unix:run/weir.sock", "is not an absolute path"},
        {"unix:/" + std::string(107, 'x'), "is longer than the 107 bytes a socket's path may have"},
    };
    for (const row& each : rows) {
        SCOPED_TRACE(each.text);
        EXPECT_EQ(parse_endpoint(each.text, port_required).problem, each.problem);
    }
}

TEST(parse_endpoint, takes_the_longest_socket_path) {
    EXPECT_TRUE(parse_endpoint("unix:/" + std::string(106, 'x'), port_required).ok());
}

TEST(parse_endpoint, refuses_a_unix_socket_where_the_rule_does) {
    constexpr address_rule tcp_only{.sockets = unix_sockets::refused};
    EXPECT_EQ(parse_endpoint("unix:/x", tcp_only).problem, "is a Unix socket");
}

TEST(parse_network, reads_networks_and_single_addresses) {
    struct row {
        const char* text;
        const char* expected;
    };

    const std::vector<row> rows{
        {"10.0.0.0/8", "10.0.0.0/8"},
        {"0.0.0.0/0", "0.0.0.0/0"},
        {"192.168.1.128/25", "192.168.1.128/25"},
        {"10.1.2.3", "10.1.2.3/32"},
        {"10.1.2.3/32", "10.1.2.3/32"},
        {"fd00::/8", "fd00::/8"},
        {"::1", "::1/128"},
        {"::/0", "::/0"},
        {"10.0.0.0/08", "10.0.0.0/8"},
    };
    for (const row& each : rows) {
        SCOPED_TRACE(each.text);
        const auto network = parse_network(each.text);
        EXPECT_EQ(network.problem, "");
        EXPECT_EQ(network.value, each.expected);
    }
}

TEST(parse_network, says_what_is_wrong) {
    struct row {
        const char* text;
        const char* problem;
    };

    const char* const bad_ipv4_prefix = "has a prefix that is not a number from 0 to 32";
    const std::vector<row> rows{
        {"", "is not a network"},
        {"lan", "is not a network"},
        {"10.0.0/8", "is not a network"},
        {"[fd00::]/8", "is not a network"},
        {"10.0.0.0/", bad_ipv4_prefix},
        {"10.0.0.0/33", bad_ipv4_prefix},
        {"10.0.0.0/255.0.0.0", bad_ipv4_prefix},
        {"10.0.0.0/-1", bad_ipv4_prefix},
        {"fd00::/129", "has a prefix that is not a number from 0 to 128"},
        {"10.0.0.1/8", "has bits set behind its prefix"},
        {"192.168.1.129/25", "has bits set behind its prefix"},
        {"10.0.0.0/0", "has bits set behind its prefix"},
        {"fd00::1/64", "has bits set behind its prefix"},
    };
    for (const row& each : rows) {
        SCOPED_TRACE(each.text);
        EXPECT_EQ(parse_network(each.text).problem, each.problem);
    }
}

}  // namespace
}  // namespace weir::config
