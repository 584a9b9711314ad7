#pragma once

#include "protocol/mysql/capabilities.hpp"
#include "protocol/wire/byte_writer.hpp"
#include "protocol/wire/bytes_view.hpp"
#include "protocol/wire/result.hpp"

#include <cstdint>
#include <string_view>

namespace weir::protocol::mysql {

/// Protocol::ColumnDefinition41. Server to client, one per column or parameter. Views into the
/// decoded packet. Hand-written: MariaDB's EXTENDED_METADATA puts a field into the middle.
struct column_definition {
    std::string_view catalog = "def";
    std::string_view schema;
    std::string_view table;
    std::string_view org_table;
    std::string_view name;
    std::string_view org_name;
    wire::bytes_view extended_metadata;  ///< with EXTENDED_METADATA
    std::uint16_t collation = 0;
    std::uint32_t length = 0;
    std::uint8_t type = 0;
    std::uint16_t flags = 0;
    std::uint8_t decimals = 0;
    wire::bytes_view
        default_value;  ///< answers to COM_FIELD_LIST only: the rest, as it lies on the wire

    [[nodiscard]] static result<column_definition> decode(
        wire::bytes_view payload, capability_set capabilities
    );
    void encode(wire::byte_writer& writer, capability_set capabilities) const;

    friend bool operator==(const column_definition&, const column_definition&) = default;
};

}  // namespace weir::protocol::mysql
