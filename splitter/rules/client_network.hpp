#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace weir::splitter {

/// A client's IP address in network order. IPv4 is IPv4, also where it came through an IPv6
/// listener.
struct client_address {
    enum class kind : std::uint8_t { none, ipv4, ipv6 };

    kind what = kind::none;  ///< none: a Unix socket
    std::array<std::uint8_t, 16> bytes{};

    friend bool operator==(const client_address&, const client_address&) = default;
};

/// Nothing: not an IPv4 or IPv6 address in its usual form.
[[nodiscard]] std::optional<client_address> parse_client_address(std::string_view text);

/// Addresses that begin with the same bits.
class client_network {
public:
    /// `address/bits`, as the configuration's loader gives it. Nothing: it is none.
    [[nodiscard]] static std::optional<client_network> parse(std::string_view text);

    [[nodiscard]] bool contains(const client_address& address) const noexcept;

private:
    client_address first_;
    std::size_t bits_ = 0;
};

}  // namespace weir::splitter
