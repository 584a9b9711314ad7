#include "protocol/proxy_protocol/header.hpp"

#include "tests/support/bytes.hpp"

#include <gtest/gtest.h>

namespace weir::protocol::proxy_protocol {
namespace {

using test::operator+;

[[nodiscard]] address ipv4(std::initializer_list<unsigned> bytes, std::uint16_t port) {
    address result;
    result.port = port;
    std::size_t i = 0;
    for (const unsigned value : bytes) {
        result.bytes[i++] = static_cast<std::byte>(value);
    }
    return result;
}

[[nodiscard]] address loopback6(std::uint16_t port) {
    address result;
    result.port = port;
    result.bytes[15] = std::byte{1};
    return result;
}

const header tcp4{
    2, false, address_family::ipv4, ipv4({192, 0, 2, 1}, 56324), ipv4({192, 0, 2, 2}, 3306)};
const header tcp6{2, false, address_family::ipv6, loopback6(1), loopback6(65535)};

[[nodiscard]] header as_v1(header value) {
    value.version = 1;
    return value;
}

constexpr const char* v2_tcp4 = "0d0a0d0a000d0a515549540a 21 11 000c c0000201 c0000202 dc04 0cea";

TEST(proxy_header, is_found_wherever_the_bytes_are_split) {
    const struct {
        const char* name;
        test::byte_vector data;
        header expected;
    } rows[] = {
        {"v1 over IPv4", test::bytes("PROXY TCP4 192.0.2.1 192.0.2.2 56324 3306\r\n"), as_v1(tcp4)},
        {"v1 over IPv6", test::bytes("PROXY TCP6 ::1 ::1 1 65535\r\n"), as_v1(tcp6)},
        {"v1 unknown",
         test::bytes("PROXY UNKNOWN\r\n"),
         {1, false, address_family::unspecified, {}, {}}},
        {"v1 unknown with more",
         test::bytes("PROXY UNKNOWN a b c\r\n"),
         {1, false, address_family::unspecified, {}, {}}},
        {"v2 over IPv4", test::from_hex(v2_tcp4), tcp4},
        {"v2 with extensions",
         test::from_hex("0d0a0d0a000d0a515549540a 21 11 0010 c0000201 c0000202 dc04 0cea 04000100"),
         tcp4},
        {"v2 local",
         test::from_hex("0d0a0d0a000d0a515549540a 20 00 0000"),
         {2, true, address_family::unspecified, {}, {}}},
        {"v2 over a Unix socket",
         test::from_hex("0d0a0d0a000d0a515549540a 21 31 0001 00"),
         {2, false, address_family::unspecified, {}, {}}},
    };

    for (const auto& row : rows) {
        const auto data = row.data + test::bytes("J...");
        for (std::size_t split = 0; split <= data.size(); ++split) {
            SCOPED_TRACE(std::string(row.name) + " split at " + std::to_string(split));
            const auto found = decode(test::view(data).first(split));
            ASSERT_TRUE(found);
            ASSERT_EQ(found->has_value(), split >= row.data.size());
            if (*found) {
                EXPECT_EQ(**found, (decoded_header{row.expected, row.data.size()}));
            }
        }
    }
}

TEST(proxy_header, comes_back_as_it_was_written) {
    for (const header& value :
         {tcp4,
          tcp6,
          as_v1(tcp4),
          as_v1(tcp6),
          header{2, true, address_family::unspecified, {}, {}}}) {
        wire::send_buffer out;
        encode(value, out);
        const auto found = decode(out.view());
        ASSERT_TRUE(found && *found);
        EXPECT_EQ((*found)->value, value);
        EXPECT_EQ((*found)->size, out.size());
    }
}

TEST(proxy_header, refuses_what_is_none) {
    const struct {
        const char* name;
        test::byte_vector data;
    } rows[] = {
        {"a login", test::from_hex("4a000001")},
        {"v1 other family", test::bytes("PROXY TCP5 1.1.1.1 1.1.1.1 1 1\r\n")},
        {"v1 no address", test::bytes("PROXY TCP4 1.1.1 1.1.1.1 1 1\r\n")},
        {"v1 wrong family of address", test::bytes("PROXY TCP4 ::1 ::1 1 1\r\n")},
        {"v1 port too large", test::bytes("PROXY TCP4 1.1.1.1 1.1.1.1 65536 1\r\n")},
        {"v1 port with zero", test::bytes("PROXY TCP4 1.1.1.1 1.1.1.1 01 1\r\n")},
        {"v1 something behind", test::bytes("PROXY TCP4 1.1.1.1 1.1.1.1 1 1 1\r\n")},
        {"v1 endless", test::bytes("PROXY " + std::string(200, 'x'))},
        {"v2 other version", test::from_hex("0d0a0d0a000d0a515549540a 11 11 0000")},
        {"v2 other command", test::from_hex("0d0a0d0a000d0a515549540a 22 11 0000")},
        {"v2 too short for its addresses",
         test::from_hex("0d0a0d0a000d0a515549540a 21 11 0001 00")},
    };

    for (const auto& row : rows) {
        SCOPED_TRACE(row.name);
        EXPECT_EQ(decode(test::view(row.data)).error(), make_error_code(errc::malformed_header));
    }
}

}  // namespace
}  // namespace weir::protocol::proxy_protocol
