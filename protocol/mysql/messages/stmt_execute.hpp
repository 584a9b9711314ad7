#pragma once

#include "protocol/mysql/capabilities.hpp"
#include "protocol/mysql/command.hpp"
#include "protocol/wire/byte_writer.hpp"
#include "protocol/wire/bytes_view.hpp"
#include "protocol/wire/result.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace weir::protocol::mysql {

/// COM_STMT_EXECUTE. Client to server. Views into the decoded packet. Hand-written: which fields
/// there are depends on the number of parameters of the prepared statement, which the packet does
/// not hold.
struct stmt_execute {
    static constexpr std::uint8_t cursor_read_only = 0x01;
    static constexpr std::uint8_t cursor_for_update = 0x02;
    static constexpr std::uint8_t cursor_scrollable = 0x04;
    static constexpr std::uint8_t parameter_count_available = 0x08;

    /// Where the statement id lies in the payload, for who replaces it in place; also in the other
    /// stmt_ commands.
    static constexpr std::size_t statement_id_offset = 1;

    std::uint32_t statement_id = 0;
    std::uint8_t flags = 0;
    std::uint32_t iteration_count = 1;
    bool counts_parameters = false;  ///< the packet gives a count of its own (QUERY_ATTRIBUTES)
    std::uint64_t parameter_count =
        0;  ///< of the packet, attributes included; else of the statement
    wire::bytes_view null_bitmap;
    bool new_params_bound = false;

    /// Offset of the new_params_bound byte in the payload; nothing if there are no parameters.
    std::optional<std::size_t> new_params_bound_offset;

    /// If new_params_bound: two bytes for each parameter, with QUERY_ATTRIBUTES each followed by
    /// its name.
    wire::bytes_view types;
    wire::bytes_view values;  ///< binary values, not checked

    /// `payload` starts with the command byte; `prepared_parameters` is what the prepare said.
    /// Errors: truncated, value_out_of_range.
    [[nodiscard]] static result<stmt_execute> decode(
        wire::bytes_view payload, capability_set capabilities, std::uint16_t prepared_parameters
    );
    void encode(wire::byte_writer& writer) const;

    friend bool operator==(const stmt_execute&, const stmt_execute&) = default;
};

/// MariaDB's COM_STMT_BULK_EXECUTE: many rows of parameters in one command.
struct stmt_bulk_execute {
    static constexpr std::uint16_t send_unit_results = 64;
    static constexpr std::uint16_t send_types = 128;

    std::uint32_t statement_id = 0;
    std::uint16_t flags = 0;
    wire::bytes_view parameters;  ///< types, if flags say so, and values; not checked

    static void fields(auto& io, auto& self) {
        io.literal(static_cast<std::uint8_t>(command::stmt_bulk_execute));
        io.u32(self.statement_id);
        io.u16(self.flags);
        io.rest(self.parameters);
    }

    friend bool operator==(const stmt_bulk_execute&, const stmt_bulk_execute&) = default;
};

}  // namespace weir::protocol::mysql
