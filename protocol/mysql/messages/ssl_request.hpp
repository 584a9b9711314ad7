#pragma once

#include "protocol/mysql/capabilities.hpp"
#include "protocol/wire/byte_writer.hpp"
#include "protocol/wire/bytes_view.hpp"
#include "protocol/wire/result.hpp"

#include <cstdint>

namespace weir::protocol::mysql {

/// Protocol::SSLRequest. Client to server in place of the login, which follows inside TLS. TLS
/// records may arrive in the same read: whatever follows this packet belongs to the TLS handshake.
/// Hand-written: the upper capabilities are on the wire only if `long_password` is absent.
struct ssl_request {
    capability_set capabilities;
    std::uint32_t max_packet = 0;  ///< bytes
    std::uint8_t collation = 0;    ///< low byte of the id

    /// Does a client's first packet ask for TLS rather than log in?
    [[nodiscard]] static bool matches(wire::bytes_view payload) noexcept;

    [[nodiscard]] static result<ssl_request> decode(wire::bytes_view payload);
    void encode(wire::byte_writer& writer) const;

    friend bool operator==(const ssl_request&, const ssl_request&) = default;
};

}  // namespace weir::protocol::mysql
