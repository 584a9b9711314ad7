#include "protocol/mysql/response_translator.hpp"

#include "protocol/mysql/messages/column_definition.hpp"
#include "protocol/mysql/messages/eof.hpp"
#include "protocol/mysql/messages/session_track.hpp"
#include "protocol/mysql/messages/stmt_prepare_ok.hpp"
#include "protocol/mysql/packet_writer.hpp"
#include "protocol/wire/byte_reader.hpp"
#include "protocol/wire/codec.hpp"

#include <algorithm>

// The translator walks a response as the tracker does and writes each packet anew. Between
// definitions and rows lies its one difficulty: a server that speaks DEPRECATE_EOF sends no EOF
// there, but a client that does not needs one, or exactly one if a cursor was opened, which only
// the packet after the definitions tells. That EOF is therefore owed until the next packet has been
// seen.

namespace weir::protocol::mysql {
namespace {

/// What changes the form of a response, as opposed to its content.
constexpr capability_set form_capabilities{
    capability::deprecate_eof,
    capability::session_track,
    capability::optional_resultset_metadata,
    capability::cache_metadata,
    capability::extended_metadata,
    capability::progress,
};

[[nodiscard]] bool has_metadata_flag(capability_set capabilities) noexcept {
    return capabilities.has(capability::optional_resultset_metadata) ||
           capabilities.has(capability::cache_metadata);
}

[[nodiscard]] translated::kind translated_kind_of(packet_role role, bool is_complete) noexcept {
    switch (role) {
        case packet_role::ok:
        case packet_role::err:
        case packet_role::row_end:
        case packet_role::statistics: return translated::kind::terminator;
        case packet_role::column_end:
            return is_complete ? translated::kind::terminator : translated::kind::more_bytes;
        case packet_role::local_infile: return translated::kind::local_infile;
        case packet_role::prepare_ok: return translated::kind::prepare_ok;
        case packet_role::authentication: return translated::kind::authentication;
        case packet_role::column_count:
        case packet_role::column_definition:
        case packet_role::row:
        case packet_role::parameter_definition:
        case packet_role::parameter_end:
        case packet_role::progress: break;
    }
    return translated::kind::more_bytes;
}

[[nodiscard]] bool has_name(const std::vector<std::string>& names, std::string_view name) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

}  // namespace

bool is_dropped(const tracker_filter& filter, const session_track_entry& entry) {
    switch (entry.type) {
        case session_track_type::gtids: return filter.drop_gtids;
        case session_track_type::transaction_characteristics:
        case session_track_type::transaction_state: return filter.drop_transaction_info;
        case session_track_type::system_variables:
            return has_name(filter.dropped_variables, entry.name) ||
                   (!filter.only_variables.empty() && !has_name(filter.only_variables, entry.name));
        case session_track_type::state_change: return filter.drop_state_changes;
        case session_track_type::schema: return false;
    }
    return false;
}

error_code append_filtered(
    wire::bytes_view session_state, const tracker_filter& filter, wire::send_buffer& kept
) {
    std::vector<std::string_view> told;
    session_track_reader reader(session_state);
    wire::byte_writer writer(kept);
    for (;;) {
        const auto entry = reader.next();
        if (!entry) return entry.error();
        if (!*entry) break;
        if (is_dropped(filter, **entry)) continue;
        if (!filter.more_variables.empty()) told.push_back((*entry)->name);
        append_session_track(writer, **entry);
    }
    if (kept.empty()) return {};
    for (const auto& [name, value] : filter.more_variables) {
        if (std::find(told.begin(), told.end(), name) != told.end()) continue;
        append_session_track(writer, {session_track_type::system_variables, name, value, {}});
    }
    return {};
}

bool needs_translation(
    capability_set server, capability_set client, const tracker_filter& filter
) noexcept {
    const bool filters = !filter.empty() && server.has(capability::session_track);
    return filters || (server & form_capabilities) != (client & form_capabilities);
}

void response_translator::start(const settings& wanted) noexcept {
    settings_ = wanted;
    grammar_.start(wanted.kind, wanted.server, wanted.frame_max);
    position_ = frame_position(wanted.frame_max);
    rows_ = 0;
    sequence_ = wanted.first_sequence;
    drops_packet_ = ends_definitions_ = owes_eof_ = false;
}

result<translated> response_translator::translate(
    wire::bytes_view pending, wire::send_buffer& out
) {
    translated event;
    for (;;) {
        const std::size_t piece = position_.advance(pending.size() - event.consumed);
        if (!drops_packet_) out.append(pending.subspan(event.consumed, piece));
        event.consumed += piece;
        if (position_.is_inside_frame()) break;
        if (position_.is_between_packets()) on_packet_end(out);
        if (is_complete()) {
            event.complete = true;
            break;
        }
        const std::size_t consumed_before = event.consumed;
        if (const error_code error = on_packet_start(pending.subspan(event.consumed), out, event)) {
            return error;
        }
        if (event.what != translated::kind::more_bytes) {
            event.complete = is_complete();
            break;
        }
        if (event.consumed == consumed_before) break;  // not enough bytes for another step
    }
    return event;
}

error_code response_translator::on_packet_start(
    wire::bytes_view bytes, wire::send_buffer& out, translated& event
) {
    if (bytes.size() < packet_header::size) return {};
    const auto header = packet_header::load(bytes);
    if (!position_.follows(header.sequence)) return make_error_code(errc::sequence_mismatch);
    if (!position_.continues()) {
        const auto [is_known, role, why] = peek_role(grammar_, bytes);
        if (why != errc{}) return make_error_code(why);
        if (!is_known) return {};
        if (response_grammar::is_needed_whole(role) || is_rewritten_definition(role)) {
            return on_held_packet(bytes, role, out, event);
        }
        ends_definitions_ = grammar_.on_streamed(role);
        drops_packet_ =
            role == packet_role::progress && !settings_.client.has(capability::progress);
        if (role == packet_role::row) {
            write_owed_eof(out);
            ++rows_;
        }
    }
    position_.open(header);
    event.consumed += packet_header::size;
    if (drops_packet_) return {};
    packet_header{header.payload_length, sequence_}.store(out.extend(packet_header::size));
    sequence_ = next_sequence(sequence_);
    return {};
}

error_code response_translator::on_held_packet(
    wire::bytes_view bytes, packet_role role, wire::send_buffer& out, translated& event
) {
    const auto header = packet_header::load(bytes);
    const std::size_t size = packet_header::size + header.payload_length;
    if (header.payload_length >= settings_.frame_max)
        return make_error_code(errc::malformed_packet);
    if (bytes.size() < size) return {};
    const wire::bytes_view payload = bytes.subspan(packet_header::size, header.payload_length);
    if (is_rewritten_definition(role)) {
        ends_definitions_ = grammar_.on_streamed(role);
    } else if (const error_code error = grammar_.on_whole(role, payload)) {
        return error;
    }
    position_.take_whole(header);
    if (const error_code error = write_held(role, payload, out)) return error;
    event.consumed += size;
    event.what = translated_kind_of(role, grammar_.is_complete());
    if (event.what == translated::kind::more_bytes) return {};
    event.role = role;
    event.payload = payload;
    if (role == packet_role::local_infile || role == packet_role::authentication) {
        position_.accept_any_sequence();
    }
    return {};
}

void response_translator::on_packet_end(wire::send_buffer& out) {
    drops_packet_ = false;
    if (!ends_definitions_) return;
    ends_definitions_ = false;
    if (!adds_eofs()) return;
    if (grammar_.expects_rows()) {
        owes_eof_ = true;
    } else {
        write_eof(0, settings_.last_status, out);  // the definitions of a prepare
    }
}

bool response_translator::is_rewritten_definition(packet_role role) const noexcept {
    const bool is_definition =
        role == packet_role::column_definition || role == packet_role::parameter_definition;
    return is_definition && settings_.server.has(capability::extended_metadata) !=
                                settings_.client.has(capability::extended_metadata);
}

bool response_translator::adds_eofs() const noexcept {
    return settings_.server.has(capability::deprecate_eof) &&
           !settings_.client.has(capability::deprecate_eof);
}

error_code response_translator::write_held(
    packet_role role, wire::bytes_view payload, wire::send_buffer& out
) {
    const bool client_has_eofs = !settings_.client.has(capability::deprecate_eof);
    switch (role) {
        case packet_role::column_count: return write_column_count(payload, out);
        case packet_role::prepare_ok: return write_prepare_ok(payload, out);
        case packet_role::column_definition:
        case packet_role::parameter_definition: return write_definition(payload, out);
        case packet_role::column_end: {
            // A cursor's only EOF becomes the OK that ends its rows; all others fall away with the
            // rest.
            const bool ends_response =
                grammar_.is_complete() && settings_.kind != response_kind::prepare;
            if (client_has_eofs || ends_response) return write_status_packet(role, payload, out);
            return {};
        }
        case packet_role::parameter_end:
            if (client_has_eofs) append_packet(out, sequence_, payload, settings_.frame_max);
            return {};
        case packet_role::ok:
        case packet_role::row_end: return write_status_packet(role, payload, out);
        case packet_role::err: write_owed_eof(out); break;
        case packet_role::local_infile:
        case packet_role::statistics:
        case packet_role::authentication:
        case packet_role::row:
        case packet_role::progress: break;
    }
    append_packet(out, sequence_, payload, settings_.frame_max);
    return {};
}

error_code response_translator::write_status_packet(
    packet_role role, wire::bytes_view payload, wire::send_buffer& out
) {
    ok message;
    const bool has_eof_form = payload.size() < ok_size_min;
    if (has_eof_form) {
        const auto decoded = wire::decode<eof>(payload);
        if (!decoded) return make_error_code(errc::malformed_packet);
        message.header = eof_byte;
        message.status = decoded->status;
        message.warnings = decoded->warnings;
    } else {
        const auto decoded = ok::decode(payload, settings_.server);
        if (!decoded) return make_error_code(errc::malformed_packet);
        message = *decoded;
    }
    if (const error_code error = filter_session_state(message)) return error;
    if (settings_.transaction)
        message.status = message.status.with_transaction_of(*settings_.transaction);
    if (role != packet_role::ok) message.status = flags_for_client(message.status);
    const bool is_eof = message.header == eof_byte;
    if (is_eof && !settings_.client.has(capability::deprecate_eof)) {
        const bool is_cursor = role == packet_role::row_end &&
                               settings_.kind == response_kind::cursor &&
                               message.status.has(status_flag::cursor_exists);
        if (is_cursor) {
            owes_eof_ = false;  // this one is it
        }
        write_owed_eof(out);
        write_eof(
            message.warnings, message.status.without(status_flag::session_state_changed), out
        );
        return {};
    }
    packet_writer packet(out, sequence_, settings_.frame_max);
    auto writer = packet.begin();
    message.encode(writer, settings_.client);
    packet.end();
    sequence_ = packet.next_sequence();
    return {};
}

status_set response_translator::flags_for_client(status_set status) const noexcept {
    if (!settings_.last_columns) return status;
    return *settings_.last_columns != grammar_.columns()
               ? status.with(status_flag::metadata_changed)
               : status.without(status_flag::metadata_changed);
}

error_code response_translator::filter_session_state(ok& message) {
    const tracker_filter* const filter = settings_.filter;
    const bool has_state = message.status.has(status_flag::session_state_changed);
    if (filter == nullptr || filter->empty() || !has_state) return {};
    session_state_.clear();
    if (append_filtered(message.session_state, *filter, session_state_))
        return make_error_code(errc::malformed_packet);
    message.session_state = session_state_.view();
    if (message.session_state.empty()) {
        message.status = message.status.without(status_flag::session_state_changed);
    }
    return {};
}

error_code response_translator::write_column_count(
    wire::bytes_view payload, wire::send_buffer& out
) {
    wire::byte_reader reader(payload);
    const std::uint64_t count = reader.lenenc();
    const bool has_definitions = grammar_.metadata_follows();
    const bool client_has_flag = has_metadata_flag(settings_.client);
    if (!has_definitions && !client_has_flag) return make_error_code(errc::unsupported_capability);
    packet_writer packet(out, sequence_, settings_.frame_max);
    auto writer = packet.begin();
    writer.lenenc(count);
    if (client_has_flag) writer.u8(has_definitions ? 1 : 0);
    packet.end();
    sequence_ = packet.next_sequence();
    owes_eof_ = adds_eofs() && !has_definitions;
    return {};
}

error_code response_translator::write_prepare_ok(wire::bytes_view payload, wire::send_buffer& out) {
    auto message = stmt_prepare_ok::decode(payload, settings_.server);
    if (!message) return make_error_code(errc::malformed_packet);
    const bool client_has_flag = settings_.client.has(capability::optional_resultset_metadata);
    if (!message->metadata_follows && !client_has_flag) {
        return make_error_code(errc::unsupported_capability);
    }
    message->statement_id = settings_.statement_id.value_or(message->statement_id);
    packet_writer packet(out, sequence_, settings_.frame_max);
    auto writer = packet.begin();
    message->encode(writer, settings_.client);
    packet.end();
    sequence_ = packet.next_sequence();
    return {};
}

error_code response_translator::write_definition(wire::bytes_view payload, wire::send_buffer& out) {
    const auto message = column_definition::decode(payload, settings_.server);
    if (!message) return make_error_code(errc::malformed_packet);
    packet_writer packet(out, sequence_, settings_.frame_max);
    auto writer = packet.begin();
    message->encode(writer, settings_.client);
    packet.end();
    sequence_ = packet.next_sequence();
    return {};
}

void response_translator::write_eof(
    std::uint16_t warnings, status_set status, wire::send_buffer& out
) {
    packet_writer packet(out, sequence_, settings_.frame_max);
    auto writer = packet.begin();
    wire::encode(writer, eof{warnings, status});
    packet.end();
    sequence_ = packet.next_sequence();
}

void response_translator::write_owed_eof(wire::send_buffer& out) {
    if (!owes_eof_) return;
    owes_eof_ = false;
    write_eof(0, flags_for_client(settings_.last_status), out);
}

}  // namespace weir::protocol::mysql
