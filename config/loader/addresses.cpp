#include "config/loader/addresses.hpp"

#include "config/loader/digit.hpp"
#include "config/loader/units.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <limits>
#include <optional>
#include <span>

namespace weir::config {

namespace {

constexpr std::string_view unix_prefix = "unix:";
constexpr std::size_t longest_socket_path = sizeof(sockaddr_un::sun_path) - 1;
constexpr std::size_t longest_host_name = 253;  // RFC 1035 s.2.3.4, as text without the root's dot

bool is_host_character(char character) {
    return is_digit(character) || (character >= 'a' && character <= 'z') ||
           (character >= 'A' && character <= 'Z') || character == '-' || character == '.' ||
           character == '_';
}

/// An address's bytes in network order; 4 or 16 of them count.
struct address_bytes {
    std::array<unsigned char, sizeof(in6_addr)> bytes{};
    std::size_t length = 0;

    [[nodiscard]] std::span<const unsigned char> used() const {
        return std::span{bytes}.first(length);
    }
};

std::optional<address_bytes> numeric_address(const std::string& text) {
    address_bytes result;
    const bool is_ipv6 = text.find(':') != std::string::npos;
    result.length = is_ipv6 ? sizeof(in6_addr) : sizeof(in_addr);
    if (inet_pton(is_ipv6 ? AF_INET6 : AF_INET, text.c_str(), result.bytes.data()) != 1) return {};
    return result;
}

/// What is wrong with a host that was not in brackets; empty: nothing.
std::string host_problem(const std::string& host) {
    if (host.empty()) return "has no host";
    if (host == "unix")
        return "is a Unix socket without its path";  // `unix:3306` would read as one
    if (host.find(':') != std::string::npos) return "is an IPv6 address without brackets";
    if (host.size() > longest_host_name ||
        !std::all_of(host.begin(), host.end(), is_host_character)) {
        return "is not a host name or an address";
    }
    const bool is_numeric = std::all_of(host.begin(), host.end(), [](char character) {
        return is_digit(character) || character == '.';
    });
    if (is_numeric && !numeric_address(host)) return "is not an IPv4 address";
    return {};
}

parsed<endpoint> parse_unix(std::string_view path) {
    if (path.empty() || path.front() != '/') return {{}, "is not an absolute path"};
    if (path.size() > longest_socket_path) {
        return {
            {},
            "is longer than the " + std::to_string(longest_socket_path) +
                " bytes a socket's path may have"};
    }
    endpoint result;
    result.what = endpoint::kind::unix_socket;
    result.path = path;
    return {result, {}};
}

/// Reads what follows the host: nothing, or a colon and the port.
parsed<std::uint16_t> parse_port(std::string_view text, const address_rule& rule) {
    if (text.empty() && rule.default_port != 0) return {rule.default_port, {}};
    if (text.empty()) return {0, "has no port"};
    const auto number = parse_number(text.substr(1));
    constexpr auto highest = std::numeric_limits<std::uint16_t>::max();
    if (text.front() != ':' || !number.ok() || number.value == 0 || number.value > highest) {
        return {0, "has a port that is not a number from 1 to 65535"};
    }
    return {static_cast<std::uint16_t>(number.value), {}};
}

parsed<endpoint> make_tcp(std::string host, const parsed<std::uint16_t>& port) {
    if (!port.ok()) return {{}, port.problem};
    endpoint result;
    result.host = std::move(host);
    result.port = port.value;
    return {result, {}};
}

parsed<endpoint> parse_bracketed(std::string_view text, const address_rule& rule) {
    const std::size_t end = text.find(']');
    if (end == std::string_view::npos) return {{}, "has no closing bracket"};
    const std::string host{text.substr(1, end - 1)};
    const std::string without_scope =
        host.substr(0, host.find('%'));  // RFC 4007 s.11: fe80::1%eth0
    if (host.find(':') == std::string::npos || !numeric_address(without_scope)) {
        return {{}, "is not an IPv6 address"};
    }
    return make_tcp(host, parse_port(text.substr(end + 1), rule));
}

/// True if all bits of `bytes` from number `prefix` on are zero.
bool is_zero_behind(std::span<const unsigned char> bytes, std::size_t prefix) {
    for (std::size_t bit = prefix; bit < bytes.size() * 8; ++bit) {
        if ((bytes[bit / 8] & (0x80U >> (bit % 8))) != 0) return false;
    }
    return true;
}

}  // namespace

parsed<endpoint> parse_endpoint(std::string_view text, const address_rule& rule) {
    if (text.substr(0, unix_prefix.size()) == unix_prefix) {
        if (rule.sockets == unix_sockets::refused) return {{}, "is a Unix socket"};
        return parse_unix(text.substr(unix_prefix.size()));
    }
    if (!text.empty() && text.front() == '[') return parse_bracketed(text, rule);

    const std::size_t colon = text.rfind(':');
    const bool several_colons = text.find(':') != colon;
    const std::size_t host_length =
        several_colons || colon == std::string_view::npos ? text.size() : colon;
    std::string host{text.substr(0, host_length)};
    if (auto problem = host_problem(host); !problem.empty()) return {{}, std::move(problem)};
    return make_tcp(std::move(host), parse_port(text.substr(host_length), rule));
}

parsed<std::string> parse_network(std::string_view text) {
    const std::size_t slash = text.find('/');
    const std::string host{text.substr(0, slash)};
    const auto address = numeric_address(host);
    if (!address) return {{}, "is not a network"};
    const std::size_t bits = address->length * 8;
    if (slash == std::string_view::npos) return {host + "/" + std::to_string(bits), {}};

    const auto prefix = parse_number(text.substr(slash + 1));
    if (!prefix.ok() || prefix.value > bits) {
        return {{}, "has a prefix that is not a number from 0 to " + std::to_string(bits)};
    }
    if (!is_zero_behind(address->used(), static_cast<std::size_t>(prefix.value))) {
        return {{}, "has bits set behind its prefix"};
    }
    return {host + "/" + std::to_string(prefix.value), {}};
}

}  // namespace weir::config
