#include "splitter/relay/execute_rewriter.hpp"

#include "protocol/mysql/messages/stmt_execute.hpp"
#include "protocol/mysql/packet_header.hpp"
#include "protocol/mysql/packet_writer.hpp"
#include "protocol/wire/integers.hpp"

namespace weir::splitter {

using protocol::mysql::packet_header;
using protocol::mysql::stmt_execute;
using protocol::wire::bytes_view;

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
        if (!std::ranges::equal(statement.types, execute->types)) {
            statement.types.assign(execute->types.begin(), execute->types.end());
            ++statement.types_version;
        }
        there.types_version = statement.types_version;
        patch_statement_id(command, there.backend_id);
        return {};
    }
    if (there.types_version == statement.types_version) {
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
    there.types_version = statement.types_version;
    return {};
}

void patch_statement_id(std::span<std::byte> command, std::uint32_t backend_id) {
    constexpr std::size_t at = packet_header::size + stmt_execute::statement_id_offset;
    protocol::wire::store_little<4>(command.subspan(at, 4), backend_id);
}

}  // namespace weir::splitter
