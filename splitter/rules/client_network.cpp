#include "splitter/rules/client_network.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>
#include <string>

namespace weir::splitter {

std::optional<client_address> parse_client_address(std::string_view text) {
    const std::string terminated{text};
    const bool is_ipv6 = text.find(':') != std::string_view::npos;
    client_address address;
    address.what = is_ipv6 ? client_address::kind::ipv6 : client_address::kind::ipv4;
    const int family = is_ipv6 ? AF_INET6 : AF_INET;
    if (inet_pton(family, terminated.c_str(), address.bytes.data()) != 1) return std::nullopt;
    return address;
}

std::optional<client_network> client_network::parse(std::string_view text) {
    const std::size_t slash = text.find('/');
    if (slash == std::string_view::npos) return std::nullopt;
    const auto first = parse_client_address(text.substr(0, slash));
    if (!first) return std::nullopt;
    client_network network;
    network.first_ = *first;
    const std::size_t most = first->what == client_address::kind::ipv6 ? 128 : 32;
    const char* const end = text.data() + text.size();
    const auto [stop, code] = std::from_chars(text.data() + slash + 1, end, network.bits_);
    if (code != std::errc{} || stop != end || network.bits_ > most) return std::nullopt;
    return network;
}

bool client_network::contains(const client_address& address) const noexcept {
    if (address.what != first_.what) return false;
    const std::size_t whole = bits_ / 8;
    const auto whole_end = address.bytes.begin() + static_cast<std::ptrdiff_t>(whole);
    if (!std::equal(address.bytes.begin(), whole_end, first_.bytes.begin())) return false;
    const std::size_t rest = bits_ % 8;
    if (rest == 0) return true;
    const unsigned difference = static_cast<unsigned>(address.bytes[whole]) ^ first_.bytes[whole];
    return (difference >> (8 - rest)) == 0;
}

}  // namespace weir::splitter
