#pragma once

#include "protocol/mysql/capabilities.hpp"
#include "protocol/wire/byte_reader.hpp"
#include "protocol/wire/byte_writer.hpp"

#include <cstddef>
#include <cstdint>

namespace weir::protocol::mysql {

/// What ssl_request and handshake_response begin with: capabilities, packet limit, collation and 23
/// bytes of filler, in whose last four MariaDB's clients put their extended capabilities.
struct login_head {
    static constexpr std::size_t size = 32;

    capability_set capabilities;
    std::uint32_t max_packet = 0;
    std::uint8_t collation = 0;

    [[nodiscard]] static login_head read(wire::byte_reader& reader) {
        login_head head;
        const std::uint64_t base = reader.u32();
        head.max_packet = reader.u32();
        head.collation = reader.u8();
        reader.skip(filler_size);
        const std::uint64_t extended = reader.u32();
        head.capabilities = capability_set(base);
        if (!head.capabilities.has(capability::long_password)) {
            head.capabilities = capability_set(base | (extended << 32U));
        }
        return head;
    }

    void write(wire::byte_writer& writer) const {
        writer.u32(capabilities.base());
        writer.u32(max_packet);
        writer.u8(collation);
        writer.zeros(filler_size);
        writer.u32(capabilities.has(capability::long_password) ? 0 : capabilities.extended());
    }

private:
    static constexpr std::size_t filler_size = 19;
};

}  // namespace weir::protocol::mysql
