#pragma once

#include "protocol/wire/byte_reader.hpp"
#include "protocol/wire/bytes_view.hpp"
#include "protocol/wire/result.hpp"

#include <optional>
#include <string_view>

namespace weir::protocol::mysql {

/// One pair of what a client says of itself ("_client_name", "libmysql").
struct connect_attribute {
    std::string_view name;
    std::string_view value;
    friend bool operator==(const connect_attribute&, const connect_attribute&) = default;
};

/// Walks the attributes of a login or COM_CHANGE_USER: pairs of string<lenenc>. Views into the
/// decoded packet.
class connect_attribute_reader {
public:
    explicit connect_attribute_reader(wire::bytes_view attributes) noexcept : reader_(attributes) {}

    /// The next pair, nothing at the end. Errors: truncated.
    [[nodiscard]] result<std::optional<connect_attribute>> next() {
        if (reader_.failed()) return reader_.error();
        if (reader_.remaining() == 0) return std::optional<connect_attribute>{};
        connect_attribute pair;
        pair.name = reader_.lenenc_text();
        pair.value = reader_.lenenc_text();
        if (reader_.failed()) return reader_.error();
        return std::optional(pair);
    }

private:
    wire::byte_reader reader_;
};

}  // namespace weir::protocol::mysql
