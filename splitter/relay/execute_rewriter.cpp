#include "splitter/relay/execute_rewriter.hpp"

#include "protocol/mysql/messages/stmt_execute.hpp"
#include "protocol/mysql/packet_header.hpp"
#include "protocol/mysql/packet_writer.hpp"
#include "protocol/wire/codec.hpp"
#include "protocol/wire/errc.hpp"
#include "protocol/wire/integers.hpp"

#include <algorithm>
#include <cstddef>
#include <string_view>
#include <vector>

namespace weir::splitter {

using protocol::mysql::command;
using protocol::mysql::packet_header;
using protocol::mysql::stmt_bulk_execute;
using protocol::mysql::stmt_execute;
using protocol::wire::bytes_view;

namespace {

/// The connection is told the statement's types.
void note_told(const statement_on_connection& target) {
    auto& [statement, there] = target;
    if (there.types != statement.types) there.types = statement.types;
    if (there.types_under != statement.types_under) there.types_under = statement.types_under;
}

bool knows_types(const statement_on_connection& target) {
    const auto& [statement, there] = target;
    return there.types == statement.types && there.types_under == statement.types_under;
}

/// The client sent these types along: the connection that gets the packet knows them from then on.
void learn_types(const statement_on_connection& target, const session& session, bytes_view types) {
    auto& [statement, there] = target;
    if (!std::ranges::equal(statement.types, types))
        statement.types.assign(types.begin(), types.end());
    if (!session.state.reads_parameters_by(statement.types_under))
        statement.types_under = session.state.parameter_character_sets();
    note_told(target);
}

constexpr std::size_t null_bitmap_size(std::size_t parameters) noexcept {
    return (parameters + 7) / 8;
}

void append_execute(const stmt_execute& execute, protocol::wire::send_buffer& out) {
    protocol::mysql::packet_writer packet(out, 0);
    auto writer = packet.begin();
    execute.encode(writer);
    packet.end();
}

/// A value as it is bound, whatever it is.
struct bound_value {
    std::uint16_t type = 0;  ///< MYSQL_TYPE_*, and the bit of unsigned ones
    std::string_view bytes;
};

/// Sources: MySQL "Binary Protocol Value", enum_field_types.
bound_value any_value_of(parameter_class type) noexcept {
    using enum parameter_class;
    using namespace std::string_view_literals;
    constexpr std::string_view eight_bytes = "\0\0\0\0\0\0\0\0"sv;
    constexpr std::string_view empty_or_zero = "\0"sv;
    constexpr std::string_view day = "\x04\xE8\x07\x01\x01"sv;
    switch (type) {
        case integer: return {0x0008, eight_bytes};
        case unsigned_integer: return {0x8008, eight_bytes};
        case decimal: return {0x00F6, "\x01\x30"sv};
        case floating: return {0x0005, eight_bytes};
        case text: return {0x00FD, empty_or_zero};
        case binary: return {0x00FC, empty_or_zero};
        case date: return {0x000A, day};
        case datetime: return {0x000C, day};
        case time: return {0x000B, empty_or_zero};
        case null:
        case fraction:
        case other: break;
    }
    return {0x0006, {}};
}

}  // namespace

bool relies_on_types(
    bytes_view payload, const session& session, const prepared_statement& statement
) {
    if (statement.types.empty()) return false;
    if (static_cast<command>(payload[0]) == command::stmt_bulk_execute) {
        const auto bulk = protocol::wire::decode<stmt_bulk_execute>(payload);
        return bulk && (bulk->flags & stmt_bulk_execute::send_types) == 0;
    }
    const auto execute = stmt_execute::decode(payload, session.capabilities, statement.parameters);
    return execute && !execute->new_params_bound;
}

error_code fit_execute(
    std::span<std::byte> command,
    bytes_view payload,
    const session& session,
    statement_on_connection target,
    protocol::wire::send_buffer& out
) {
    auto& [statement, there] = target;
    const auto execute = stmt_execute::decode(payload, session.capabilities, there.parameters);
    if (!execute) return execute.error();
    if (!execute->new_params_bound_offset) {
        patch_statement_id(command, there.backend_id);
        return {};
    }
    if (execute->new_params_bound) {
        learn_types(target, session, execute->types);
        patch_statement_id(command, there.backend_id);
        return {};
    }
    if (knows_types(target)) {
        patch_statement_id(command, there.backend_id);
        return {};
    }
    const std::size_t flag_at = *execute->new_params_bound_offset;
    protocol::mysql::packet_writer packet(out, 0);
    auto writer = packet.begin();
    writer.bytes(payload.first(1));
    writer.u32(there.backend_id);
    constexpr std::size_t behind_id = 5;
    writer.bytes(payload.subspan(behind_id, flag_at - behind_id));
    writer.u8(1);
    writer.bytes(bytes_view(std::span<const std::byte>(statement.types)));
    writer.bytes(payload.subspan(flag_at + 1));
    packet.end();
    note_told(target);
    return {};
}

error_code fit_bulk_execute(
    std::span<std::byte> command,
    bytes_view payload,
    const session& session,
    statement_on_connection target,
    protocol::wire::send_buffer& out
) {
    auto& [statement, there] = target;
    const auto bulk = protocol::wire::decode<stmt_bulk_execute>(payload);
    if (!bulk) return bulk.error();
    const bool sends_types = (bulk->flags & stmt_bulk_execute::send_types) != 0;
    if (sends_types) {
        const std::size_t types_size = std::size_t{2} * there.parameters;
        if (bulk->parameters.size() < types_size) return protocol::wire::errc::truncated;
        learn_types(target, session, bulk->parameters.first(types_size));
    }
    if (knows_types(target)) {
        patch_statement_id(command, there.backend_id);
        return {};
    }
    protocol::mysql::packet_writer packet(out, 0);
    auto writer = packet.begin();
    writer.bytes(payload.first(1));
    writer.u32(there.backend_id);
    writer.u16(static_cast<std::uint16_t>(bulk->flags | stmt_bulk_execute::send_types));
    writer.bytes(bytes_view(std::span<const std::byte>(statement.types)));
    writer.bytes(bulk->parameters);
    packet.end();
    note_told(target);
    return {};
}

namespace {

stmt_execute binding_of(
    const std::vector<std::byte>& types,
    const backend_state::prepared& there,
    const std::vector<std::byte>& nulls
) {
    stmt_execute execute;
    execute.statement_id = there.backend_id;
    execute.parameter_count = there.parameters;
    execute.null_bitmap = std::span<const std::byte>(nulls);
    execute.new_params_bound = true;
    execute.types = std::span<const std::byte>(types);
    return execute;
}

}  // namespace

void append_binding(
    const std::vector<std::byte>& types,
    const backend_state::prepared& there,
    protocol::wire::send_buffer& out
) {
    const std::vector<std::byte> no_nulls(null_bitmap_size(there.parameters));
    append_execute(binding_of(types, there, no_nulls), out);
}

void append_condemned_binding(
    const std::vector<std::byte>& types,
    const backend_state::prepared& there,
    protocol::mysql::capability_set server,
    protocol::wire::send_buffer& out
) {
    constexpr std::uint16_t no_parameter = 0xFFFF;
    protocol::mysql::packet_writer packet(out, 0);
    auto writer = packet.begin();
    writer.u8(static_cast<std::uint8_t>(command::stmt_send_long_data));
    writer.u32(there.backend_id);
    writer.u16(no_parameter);
    packet.end();
    const std::vector<std::byte> nulls(null_bitmap_size(there.parameters), std::byte{0xFF});
    auto execute = binding_of(types, there, nulls);
    execute.counts_parameters = server.has(protocol::mysql::capability::query_attributes);
    if (execute.counts_parameters) execute.flags = stmt_execute::parameter_count_available;
    append_execute(execute, out);
}

void append_reset(std::uint32_t backend_id, protocol::wire::send_buffer& out) {
    protocol::mysql::packet_writer packet(out, 0);
    auto writer = packet.begin();
    writer.u8(static_cast<std::uint8_t>(command::stmt_reset));
    writer.u32(backend_id);
    packet.end();
}

void append_run_with(
    parameter_class_view types,
    std::uint32_t backend_id,
    protocol::mysql::capability_set server,
    protocol::wire::send_buffer& out
) {
    const bool has_names = server.has(protocol::mysql::capability::query_attributes);
    std::vector<std::byte> nulls(null_bitmap_size(types.size()));
    protocol::wire::send_buffer bound;
    protocol::wire::send_buffer values;
    protocol::wire::byte_writer bound_writer(bound);
    protocol::wire::byte_writer value_writer(values);
    for (std::size_t i = 0; i < types.size(); ++i) {
        const auto [type, bytes] = any_value_of(types[i]);
        if (bytes.empty()) nulls[i / 8] |= std::byte{1} << (i % 8);
        bound_writer.u16(type);
        if (has_names) bound_writer.u8(0);
        value_writer.bytes(protocol::wire::bytes_of(bytes));
    }
    stmt_execute execute;
    execute.statement_id = backend_id;
    if (has_names) execute.flags = stmt_execute::parameter_count_available;
    execute.counts_parameters = has_names;
    execute.parameter_count = types.size();
    execute.null_bitmap = std::span<const std::byte>(nulls);
    execute.new_params_bound = true;
    execute.types = bound.view();
    execute.values = values.view();
    append_execute(execute, out);
}

void patch_statement_id(std::span<std::byte> command, std::uint32_t backend_id) {
    constexpr std::size_t at = packet_header::size + stmt_execute::statement_id_offset;
    protocol::wire::store_little<4>(command.subspan(at, 4), backend_id);
}

}  // namespace weir::splitter
