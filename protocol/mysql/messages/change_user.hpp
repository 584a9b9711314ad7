#pragma once

#include "protocol/mysql/capabilities.hpp"
#include "protocol/wire/byte_writer.hpp"
#include "protocol/wire/bytes_view.hpp"
#include "protocol/wire/result.hpp"

#include <cstdint>
#include <string_view>

namespace weir::protocol::mysql {

/// COM_CHANGE_USER: a new login on an open connection; everything of the session is reset. Views
/// into the decoded packet. Hand-written: the last fields depend on capabilities and may be
/// missing.
struct change_user {
    std::string_view user;
    wire::bytes_view auth_response;  ///< at most 255 bytes
    std::string_view schema;
    std::uint16_t collation = 0;   ///< 0: not given
    std::string_view auth_plugin;  ///< with PLUGIN_AUTH
    wire::bytes_view attributes;   ///< with CONNECT_ATTRS; for connect_attribute_reader

    /// `payload` starts with the command byte. Errors: truncated, value_out_of_range.
    [[nodiscard]] static result<change_user> decode(
        wire::bytes_view payload, capability_set capabilities
    );
    void encode(wire::byte_writer& writer, capability_set capabilities) const;

    friend bool operator==(const change_user&, const change_user&) = default;
};

}  // namespace weir::protocol::mysql
