// The binary form of a gtid_set. Source: MySQL's Gtid_set::encode: a number of sources; of each its
// UUID, a number of intervals, and of each interval its first number and the one behind its last.

#include "protocol/mysql/errc.hpp"
#include "protocol/mysql/gtid_set.hpp"
#include "protocol/mysql/transaction_number.hpp"
#include "protocol/mysql/uuid.hpp"
#include "protocol/wire/byte_reader.hpp"

#include <algorithm>
#include <array>
#include <optional>

namespace weir::protocol::mysql {
namespace {

/// What an interval takes: a claimed number of them that cannot be there is not believed.
constexpr std::size_t interval_size = 16;

}  // namespace

result<gtid_set> gtid_set::decode(wire::bytes_view bytes) {
    wire::byte_reader reader(bytes);
    gtid_set decoded;
    const std::uint64_t sources = reader.u64();
    for (std::uint64_t i = 0; i < sources && !reader.failed(); ++i) {
        const std::string source = uuid_text(reader.bytes(uuid_size));
        const std::uint64_t count = reader.u64();
        if (reader.failed()) break;
        if (count == 0 || count > reader.remaining() / interval_size)
            return make_error_code(errc::malformed_gtid_set);
        std::vector<interval>& intervals = decoded.sources_[source];
        for (std::uint64_t at = 0; at < count; ++at) {
            const std::uint64_t first = reader.u64();
            const std::uint64_t behind = reader.u64();
            const bool is_interval = first != 0 && first < behind;
            if (!is_interval || behind - 1 > transaction_number_max)
                return make_error_code(errc::malformed_gtid_set);
            intervals.push_back({first, behind - 1});
        }
        normalise(intervals);
    }
    if (reader.failed()) return reader.error();
    if (reader.remaining() != 0) return make_error_code(wire::errc::trailing_bytes);
    return decoded;
}

bool gtid_set::encode(wire::byte_writer& writer) const {
    const bool has_tags = std::any_of(sources_.begin(), sources_.end(), [](const auto& source) {
        return source.first.size() != uuid_text_size;
    });
    if (has_tags || !domains_.empty()) return false;
    writer.u64(sources_.size());
    for (const auto& [source, intervals] : sources_) {
        const auto uuid = uuid_bytes(source);
        if (!uuid) return false;
        writer.bytes(std::span<const std::byte>(*uuid));
        writer.u64(intervals.size());
        for (const interval& part : intervals) {
            writer.u64(part.first);
            writer.u64(part.last + 1);
        }
    }
    return true;
}

}  // namespace weir::protocol::mysql
