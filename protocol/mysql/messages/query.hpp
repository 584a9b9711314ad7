#pragma once

#include "protocol/mysql/capabilities.hpp"
#include "protocol/mysql/messages/binary_value.hpp"
#include "protocol/wire/byte_reader.hpp"
#include "protocol/wire/byte_writer.hpp"
#include "protocol/wire/bytes_view.hpp"
#include "protocol/wire/result.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

namespace weir::protocol::mysql {

/// One query attribute. Views into the decoded packet.
struct query_attribute {
    std::string_view name;
    field_type type = field_type::null;
    std::optional<wire::bytes_view> value;  ///< content without length prefix; nothing for NULL

    friend bool operator==(const query_attribute&, const query_attribute&) = default;
};

/// COM_QUERY. Client to server. Views into the decoded packet. Hand-written: with QUERY_ATTRIBUTES
/// parameters of variable form stand before the text.
struct query {
    wire::bytes_view attributes_raw;  ///< all between the command byte and the text; empty without
                                      ///< QUERY_ATTRIBUTES
    std::string_view text;

    /// `payload` starts with the command byte. Errors: truncated, value_out_of_range,
    /// `malformed_packet`.
    [[nodiscard]] static result<query> decode(
        wire::bytes_view payload, capability_set capabilities
    );

    /// With QUERY_ATTRIBUTES empty attributes are written as "none"; without, they are left out.
    void encode(wire::byte_writer& writer, capability_set capabilities) const;

    /// The value of the first attribute of that name that is a string; nothing if there is none.
    [[nodiscard]] std::optional<std::string_view> string_attribute(std::string_view name) const;

    friend bool operator==(const query&, const query&) = default;
};

/// Walks query::attributes_raw.
class query_attribute_reader {
public:
    explicit query_attribute_reader(wire::bytes_view attributes_raw);

    /// The next attribute, nothing at the end. Errors: truncated, value_out_of_range,
    /// `malformed_packet`.
    [[nodiscard]] result<std::optional<query_attribute>> next();

    /// Number of attributes still to come.
    [[nodiscard]] std::uint64_t remaining() const noexcept { return count_ - index_; }

    /// Everything behind the attributes read so far, once all are.
    [[nodiscard]] wire::bytes_view behind() { return values_.rest(); }

private:
    wire::byte_reader types_;   ///< at the next attribute's type and name
    wire::byte_reader values_;  ///< at the next attribute's value
    wire::bytes_view null_bitmap_;
    std::uint64_t count_ = 0;
    std::uint64_t index_ = 0;
    error_code error_;
};

}  // namespace weir::protocol::mysql
