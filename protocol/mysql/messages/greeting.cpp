#include "protocol/mysql/messages/greeting.hpp"

#include "protocol/mysql/errc.hpp"
#include "protocol/wire/byte_reader.hpp"

#include <algorithm>

namespace weir::protocol::mysql {
namespace {

constexpr std::size_t first_part_size = 8;
constexpr std::size_t second_part_size = 12;
constexpr std::size_t reserved_size = 6;

}  // namespace

result<greeting> greeting::decode(wire::bytes_view payload) {
    wire::byte_reader reader(payload);
    greeting message;
    message.protocol_version = reader.u8();
    if (!reader.failed() && message.protocol_version != 10) {
        return make_error_code(errc::unsupported_protocol);
    }
    message.server_version = reader.null_terminated();
    message.thread_id = reader.u32();
    const wire::bytes_view first_part = reader.bytes(first_part_size);
    reader.skip(1);
    std::uint64_t flags = reader.u16();
    message.collation = reader.u8();
    message.status = status_set(reader.u16());
    flags |= std::uint64_t{reader.u16()} << 16U;
    const std::size_t scramble_size = reader.u8();  // with its final zero; 0 without PLUGIN_AUTH
    reader.skip(reserved_size);
    const std::uint64_t extended = reader.u32();
    message.capabilities = capability_set(flags);
    if (!message.capabilities.has(capability::long_password)) {
        message.capabilities = capability_set(flags | (extended << 32U));
    }
    const wire::bytes_view second_part = reader.bytes(second_part_size);
    // Servers may send more scramble than 20 bytes and a zero; only their size byte knows.
    const std::size_t known = first_part_size + second_part_size;
    reader.skip(std::max(scramble_size, known + 1) - known);
    if (message.capabilities.has(capability::plugin_auth)) {
        // An old server leaves out the zero behind the plugin's name.
        const wire::bytes_view name = reader.rest();
        message.auth_plugin = wire::as_text(name);
        message.auth_plugin = message.auth_plugin.substr(0, message.auth_plugin.find('\0'));
    }
    if (reader.failed()) return reader.error();
    std::copy(
        second_part.begin(),
        second_part.end(),
        std::copy(first_part.begin(), first_part.end(), message.scramble.begin())
    );
    return message;
}

void greeting::encode(wire::byte_writer& writer) const {
    const wire::bytes_view random(std::span<const std::byte>{scramble});
    const bool has_plugin = capabilities.has(capability::plugin_auth);
    writer.u8(protocol_version);
    writer.null_terminated(server_version);
    writer.u32(thread_id);
    writer.bytes(random.first(first_part_size));
    writer.u8(0);
    writer.u16(static_cast<std::uint16_t>(capabilities.base() & 0xFFFFU));
    writer.u8(collation);
    writer.u16(status.value());
    writer.u16(static_cast<std::uint16_t>(capabilities.base() >> 16U));
    writer.u8(has_plugin ? static_cast<std::uint8_t>(random.size() + 1) : 0);
    writer.zeros(reserved_size);
    writer.u32(capabilities.has(capability::long_password) ? 0 : capabilities.extended());
    writer.bytes(random.last(second_part_size));
    writer.u8(0);
    if (has_plugin) writer.null_terminated(auth_plugin);
}

}  // namespace weir::protocol::mysql
