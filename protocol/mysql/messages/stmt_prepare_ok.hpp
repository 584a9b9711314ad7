#pragma once

#include "protocol/mysql/capabilities.hpp"
#include "protocol/wire/byte_writer.hpp"
#include "protocol/wire/bytes_view.hpp"
#include "protocol/wire/result.hpp"

#include <cstddef>
#include <cstdint>

namespace weir::protocol::mysql {

/// COM_STMT_PREPARE_OK. Server to client; definitions of parameters and columns follow.
/// Hand-written: the last field depends on OPTIONAL_RESULTSET_METADATA, and old servers leave out
/// the warnings.
struct stmt_prepare_ok {
    /// Where the statement id lies in the payload, for who replaces it in place.
    static constexpr std::size_t statement_id_offset = 1;

    std::uint32_t statement_id = 0;
    std::uint16_t columns = 0;
    std::uint16_t parameters = 0;
    std::uint16_t warnings = 0;
    bool metadata_follows = true;  ///< false only with OPTIONAL_RESULTSET_METADATA

    [[nodiscard]] static result<stmt_prepare_ok> decode(
        wire::bytes_view payload, capability_set capabilities
    );
    void encode(wire::byte_writer& writer, capability_set capabilities) const;

    friend bool operator==(const stmt_prepare_ok&, const stmt_prepare_ok&) = default;
};

}  // namespace weir::protocol::mysql
