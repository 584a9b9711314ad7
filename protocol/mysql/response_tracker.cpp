#include "protocol/mysql/response_tracker.hpp"

#include "protocol/mysql/errc.hpp"

namespace weir::protocol::mysql {
namespace {

using event_kind = response_event::kind;

/// Which event a packet of this role is; more_bytes: none.
[[nodiscard]] event_kind event_kind_of(packet_role role) noexcept {
    switch (role) {
        case packet_role::ok:
        case packet_role::err:
        case packet_role::row_end:
        case packet_role::column_end:
        case packet_role::statistics: return event_kind::terminator;
        case packet_role::local_infile: return event_kind::local_infile;
        case packet_role::prepare_ok: return event_kind::prepare_ok;
        case packet_role::authentication: return event_kind::authentication;
        case packet_role::parameter_definition: return event_kind::parameter;
        case packet_role::column_count:
        case packet_role::column_definition:
        case packet_role::row:
        case packet_role::parameter_end:
        case packet_role::progress: break;
    }
    return event_kind::more_bytes;
}

}  // namespace

void response_tracker::start(
    response_kind kind, capability_set capabilities, std::size_t frame_max
) noexcept {
    grammar_.start(kind, capabilities, frame_max);
    position_ = frame_position(frame_max);
    rows_ = 0;
    tells_parameters_ = false;
}

result<response_event> response_tracker::advance(wire::bytes_view pending) {
    response_event event;
    for (;;) {
        event.forward += position_.advance(pending.size() - event.forward);
        if (position_.is_inside_frame()) break;
        if (is_complete()) {
            event.complete = true;
            break;
        }
        if (grammar_.expects_rows() && !position_.continues()) {
            event.forward += skip_rows(pending.subspan(event.forward));
        }
        const std::size_t forward_before = event.forward;
        if (const error_code error = on_packet_start(pending.subspan(event.forward), event)) {
            return error;
        }
        if (event.what != event_kind::more_bytes) {
            event.complete = is_complete();
            break;
        }
        if (event.forward == forward_before) break;  // not enough bytes for another step
    }
    return event;
}

/// Steps over rows that are there as a whole, in one frame each; anything else is left to
/// on_packet_start().
std::size_t response_tracker::skip_rows(wire::bytes_view bytes) noexcept {
    std::size_t skipped = 0;
    while (bytes.size() - skipped > packet_header::size) {
        const wire::bytes_view frame = bytes.subspan(skipped);
        const auto header = packet_header::load(frame);
        const std::size_t length = header.payload_length;
        if (length == 0 || length >= position_.frame_max()) break;
        if (frame.size() - packet_header::size < length) break;
        const std::uint8_t first_byte = wire::number_in(frame[packet_header::size]);
        if (!grammar_.is_plain_row(length, first_byte) || !position_.follows(header.sequence))
            break;
        position_.take_whole(header);
        ++rows_;
        skipped += packet_header::size + length;
    }
    return skipped;
}

error_code response_tracker::on_packet_start(wire::bytes_view bytes, response_event& event) {
    if (bytes.size() < packet_header::size) return {};
    const auto header = packet_header::load(bytes);
    if (!position_.follows(header.sequence)) return make_error_code(errc::sequence_mismatch);
    if (!position_.continues()) {
        const auto [is_known, role, why] = peek_role(grammar_, bytes);
        if (why != errc{}) return make_error_code(why);
        if (!is_known) return {};
        const bool is_told = tells_parameters_ && role == packet_role::parameter_definition;
        if (is_told || response_grammar::is_needed_whole(role))
            return on_held_packet(bytes, role, event);
        (void)grammar_.on_streamed(role);
        if (role == packet_role::row) ++rows_;
    }
    position_.open(header);
    event.forward += packet_header::size;
    return {};
}

error_code response_tracker::on_held_packet(
    wire::bytes_view bytes, packet_role role, response_event& event
) {
    const auto header = packet_header::load(bytes);
    const std::size_t size = packet_header::size + header.payload_length;
    if (bytes.size() < size) return {};
    const wire::bytes_view payload = bytes.subspan(packet_header::size, header.payload_length);
    if (const error_code error = grammar_.on_whole(role, payload)) return error;
    position_.take_whole(header);
    event.forward += size;
    event.what = event_kind_of(role);
    if (event.what == event_kind::more_bytes) return {};
    event.role = role;
    event.payload = payload;
    // The client answers next; the server goes on counting from the client's last frame.
    if (role == packet_role::local_infile || role == packet_role::authentication) {
        position_.accept_any_sequence();
    }
    return {};
}

}  // namespace weir::protocol::mysql
