#include "replication_monitor/binlog/event_stream.hpp"

#include "protocol/mysql/errc.hpp"
#include "protocol/mysql/packet_header.hpp"

#include <algorithm>
#include <utility>

namespace weir::replication_monitor::binlog {

using protocol::mysql::packet_header;
using protocol::wire::bytes_view;

namespace {

constexpr std::byte event_follows{0x00};
constexpr std::byte end_of_log{0xFE};
constexpr std::byte server_error{0xFF};

/// An EOF packet: header, warnings, status.
constexpr std::uint64_t eof_size = 5;

}  // namespace

result<event_stream::step> event_stream::advance(bytes_view pending) {
    step so_far;
    if (std::exchange(is_complete_, false)) {
        kept_.clear();
        length_ = 0;
    }
    while (true) {
        if (!in_frame_) {
            const bytes_view rest = pending.subspan(so_far.consumed);
            if (rest.size() < packet_header::size) return so_far;
            const auto header = packet_header::load(rest);
            so_far.consumed += packet_header::size;
            frame_left_ = header.payload_length;
            frame_is_last_ = header.payload_length < protocol::mysql::max_frame_payload;
            in_frame_ = true;
        }
        const bytes_view rest = pending.subspan(so_far.consumed);
        const bytes_view taken = rest.first(std::min(frame_left_, rest.size()));
        const bytes_view kept = taken.first(std::min(kept_max_ - kept_.size(), taken.size()));
        kept_.insert(kept_.end(), kept.begin(), kept.end());
        length_ += taken.size();
        frame_left_ -= taken.size();
        so_far.consumed += taken.size();
        if (frame_left_ != 0) return so_far;
        in_frame_ = false;
        if (frame_is_last_) return finish_packet(so_far);
    }
}

result<event_stream::step> event_stream::finish_packet(step so_far) {
    is_complete_ = true;
    if (kept_.empty()) return make_error_code(protocol::mysql::errc::malformed_packet);
    if (kept_[0] == event_follows) return finish_event(so_far);
    if (kept_[0] == server_error) {
        so_far.what = step::kind::refused;
        so_far.error = std::span<const std::byte>(kept_);
        return so_far;
    }
    if (kept_[0] != end_of_log || length_ != eof_size)
        return make_error_code(protocol::mysql::errc::malformed_packet);
    so_far.what = step::kind::end;
    return so_far;
}

result<event_stream::step> event_stream::finish_event(step so_far) {
    const auto decoded =
        decode_event(bytes_view(std::span<const std::byte>(kept_)).subspan(1), ends_in_);
    if (!decoded) return decoded.error();
    if (decoded->header.length != length_ - 1)
        return make_error_code(protocol::mysql::errc::malformed_packet);
    so_far.what = step::kind::event;
    so_far.found = *decoded;
    if (decoded->header.type == event_type::format_description) {
        const auto format = format_description::decode(decoded->body);
        if (!format) return format.error();
        ends_in_ = format->ends_in;
    }
    return so_far;
}

}  // namespace weir::replication_monitor::binlog
