#pragma once

#include "protocol/mysql/capabilities.hpp"
#include "protocol/wire/bytes_view.hpp"
#include "protocol/wire/result.hpp"
#include "protocol/wire/send_buffer.hpp"
#include "splitter/session/backend_state.hpp"
#include "splitter/session/parameter_types.hpp"
#include "splitter/session/session.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace weir::splitter {

/// One statement, as its client knows it and as one connection does.
struct statement_on_connection {
    prepared_statement& statement;
    backend_state::prepared& there;
};

/// The client's run of `statement` says no types: those that it said last are meant, read by the
/// character sets of that time.
[[nodiscard]] bool relies_on_types(
    protocol::wire::bytes_view payload, const session& session, const prepared_statement& statement
);

/// Makes a client's COM_STMT_EXECUTE fit the connection it goes to: the statement's id there, and
/// the parameter types if that connection was not told them last (a client sends them once and
/// counts on the server to remember). `command`: the client's packet, headers included; `payload`:
/// the same without headers. Either patches `command` in place and leaves `out` empty, or appends a
/// new packet to `out`. Errors: truncated, value_out_of_range.
[[nodiscard]] error_code fit_execute(
    std::span<std::byte> command,
    protocol::wire::bytes_view payload,
    const session& session,
    statement_on_connection target,
    protocol::wire::send_buffer& out
);

/// The same for MariaDB's COM_STMT_BULK_EXECUTE, which shares the parameter types with EXECUTE.
[[nodiscard]] error_code fit_bulk_execute(
    std::span<std::byte> command,
    protocol::wire::bytes_view payload,
    const session& session,
    statement_on_connection target,
    protocol::wire::send_buffer& out
);

/// Appends a COM_STMT_EXECUTE that tells these types and has no values: MariaDB fails it, and knows
/// the types.
void append_binding(
    const std::vector<std::byte>& types,
    const backend_state::prepared& there,
    protocol::wire::send_buffer& out
);

/// The same for MySQL: data that belongs nowhere goes before, so that it fails until it is reset.
void append_condemned_binding(
    const std::vector<std::byte>& types,
    const backend_state::prepared& there,
    protocol::mysql::capability_set server,
    protocol::wire::send_buffer& out
);

/// Appends a COM_STMT_RESET.
void append_reset(std::uint32_t backend_id, protocol::wire::send_buffer& out);

/// Appends a COM_STMT_EXECUTE without a cursor, whose values have these types and mean nothing:
/// zeros, empty texts, any day. What has no type of its own is NULL.
void append_run_with(
    parameter_class_view types,
    std::uint32_t backend_id,
    protocol::mysql::capability_set server,
    protocol::wire::send_buffer& out
);

/// Puts the statement's id on its connection into any STMT_* command, in place.
void patch_statement_id(std::span<std::byte> command, std::uint32_t backend_id);

}  // namespace weir::splitter
