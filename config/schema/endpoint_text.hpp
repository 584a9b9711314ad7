#pragma once

#include "config/schema/proxy_settings.hpp"

#include <string>

namespace weir::config {

/// As an operator writes it: `host:port`, `[address]:port` or `unix:/path`. The loader reads it
/// back as the same value.
[[nodiscard]] inline std::string to_string(const endpoint& address) {
    if (address.what == endpoint::kind::unix_socket) return "unix:" + address.path;
    const bool has_colon = address.host.find(':') != std::string::npos;
    const std::string host = has_colon ? "[" + address.host + "]" : address.host;
    return host + ":" + std::to_string(address.port);
}

}  // namespace weir::config
