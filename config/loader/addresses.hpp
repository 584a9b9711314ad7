#pragma once

#include "config/loader/parsed.hpp"
#include "config/schema/proxy_settings.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace weir::config {

enum class unix_sockets : std::uint8_t { allowed, refused };

/// What an address may look like under one key.
struct address_rule {
    std::uint16_t default_port = 0;  ///< 0: the port has to be written
    unix_sockets sockets = unix_sockets::allowed;
};

/// `host:port`, `[IPv6 address]:port` or `unix:/absolute/path`. Names are not looked up.
[[nodiscard]] parsed<endpoint> parse_endpoint(std::string_view text, const address_rule& rule);

/// An IPv4 or IPv6 network in CIDR form, the bits behind the prefix zero. A single address gets its
/// full prefix, so that every value read has the form `address/bits`.
[[nodiscard]] parsed<std::string> parse_network(std::string_view text);

}  // namespace weir::config
