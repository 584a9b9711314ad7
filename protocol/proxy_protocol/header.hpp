#pragma once

#include "protocol/wire/bytes_view.hpp"
#include "protocol/wire/result.hpp"
#include "protocol/wire/send_buffer.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <type_traits>

/// The PROXY protocol: one header in front of a connection's first byte, naming who really
/// connects. Source: "The PROXY protocol Versions 1 & 2", haproxy.org.
namespace weir::protocol::proxy_protocol {

enum class errc { malformed_header = 1 };

enum class address_family : std::uint8_t {
    unspecified,  ///< v1 UNKNOWN, v2 AF_UNSPEC or AF_UNIX: use the connection's own addresses
    ipv4,
    ipv6,
};

/// One end of a TCP connection, in network byte order; IPv4 uses the first four bytes.
struct address {
    std::array<std::byte, 16> bytes{};
    std::uint16_t port = 0;
    friend bool operator==(const address&, const address&) = default;
};

struct header {
    std::uint8_t version = 2;
    bool local = false;  ///< v2 LOCAL: the proxy itself speaks, as in a health check
    address_family family = address_family::unspecified;
    address source;
    address destination;

    friend bool operator==(const header&, const header&) = default;
};

/// A header and how many bytes it took; what follows is the connection's own.
struct decoded_header {
    header value;
    std::size_t size = 0;
    friend bool operator==(const decoded_header&, const decoded_header&) = default;
};

/// A v1 line has at most this many bytes with its line end.
inline constexpr std::size_t v1_size_max = 107;

/// The header at the front of `pending`, nothing if it is not all there yet. v2 extensions are
/// skipped. A v2 header's length field bounds what is waited for: at most 16 + 65535 bytes. Errors:
/// `malformed_header`.
[[nodiscard]] result<std::optional<decoded_header>> decode(wire::bytes_view pending);

/// Appends the header in the form that its `version` (1 or 2) says.
void encode(const header& value, wire::send_buffer& out);

[[nodiscard]] const boost::system::error_category& proxy_protocol_category() noexcept;

[[nodiscard]] inline boost::system::error_code make_error_code(errc code) noexcept {
    return {static_cast<int>(code), proxy_protocol_category()};
}

}  // namespace weir::protocol::proxy_protocol

template <>
struct boost::system::is_error_code_enum<weir::protocol::proxy_protocol::errc> : std::true_type {};
