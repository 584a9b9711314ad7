#pragma once

#include "config/schema/proxy_settings.hpp"
#include "protocol/wire/result.hpp"

#include <cstdint>

namespace weir::net {

/// Applies what `settings` says to a connected or connecting socket of this kind. Returns the first
/// error; what came before it stays applied, and the socket works without the rest.
[[nodiscard]] error_code apply_socket_options(
    int native, config::endpoint::kind kind, const config::socket_settings& settings
) noexcept;

/// Applies to a listening socket before bind what accepted sockets must inherit (buffer sizes fix
/// the TCP window scale at the handshake, so they cannot wait until accept).
[[nodiscard]] error_code apply_listener_options(
    int native, config::endpoint::kind kind, const config::socket_settings& settings
) noexcept;

}  // namespace weir::net
