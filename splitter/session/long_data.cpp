#include "splitter/session/long_data.hpp"

#include "protocol/mysql/messages/stmt_execute.hpp"
#include "protocol/mysql/packet_header.hpp"
#include "protocol/wire/integers.hpp"

#include <algorithm>

namespace weir::splitter {

void long_data::append(protocol::wire::bytes_view packet) {
    begins_.push_back(packets_.size());
    packets_.insert(packets_.end(), packet.begin(), packet.end());
}

bool long_data::has(std::size_t parameter) const {
    using protocol::mysql::packet_header;
    using protocol::mysql::stmt_execute;
    constexpr std::size_t parameter_at =
        packet_header::size + stmt_execute::statement_id_offset + sizeof(std::uint32_t);
    const std::span<const std::byte> all(packets_);
    return std::ranges::any_of(begins_, [&](std::size_t begin) {
        return protocol::wire::load_little<2>(all.subspan(begin + parameter_at, 2)) == parameter;
    });
}

std::span<std::byte> long_data::addressed_to(std::uint32_t backend_id) {
    using protocol::mysql::packet_header;
    using protocol::mysql::stmt_execute;
    constexpr std::size_t id_at = packet_header::size + stmt_execute::statement_id_offset;
    const std::span<std::byte> all(packets_);
    for (const std::size_t begin : begins_)
        protocol::wire::store_little<4>(all.subspan(begin + id_at, 4), backend_id);
    return all;
}

}  // namespace weir::splitter
