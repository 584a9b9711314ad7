#include "splitter/relay/backend_preparation.hpp"

#include "protocol/mysql/errc.hpp"
#include "protocol/mysql/messages/ok.hpp"
#include "protocol/mysql/messages/session_track.hpp"
#include "protocol/mysql/messages/stmt_prepare_ok.hpp"
#include "protocol/mysql/packet_writer.hpp"

#include <array>

namespace weir::splitter {

using protocol::mysql::capability;
using protocol::mysql::command;
using protocol::mysql::packet_role;
using protocol::mysql::response_event;
using protocol::mysql::response_kind;
using protocol::wire::bytes_of;
using protocol::wire::bytes_view;

bool backend_preparation::next(
    const session& session,
    const backend_state& backend,
    const prepared_statement* needed,
    protocol::wire::send_buffer& out
) {
    if (backend.reset_needed) {
        begin(step::reset, response_kind::simple, backend);
        append_command(command::reset_connection, {}, out);
        return true;
    }
    if (!backend.tracking_asked) {
        const std::string setup = tracking_setup(backend);
        if (!setup.empty()) {
            begin(step::tracking, response_kind::simple, backend);
            append_command(command::query, bytes_of(setup), out);
            return true;
        }
    }
    if (const auto change = next_change(session.state, backend)) {
        change_ = *change;
        begin(
            step::change,
            change_.what == command::query ? response_kind::query : response_kind::simple,
            backend
        );
        append_command(change_.what, bytes_of(change_.argument), out);
        return true;
    }
    if (needed != nullptr && !backend.knows_statement(needed->id)) {
        preparing_ = needed->id;
        begin(step::prepare, response_kind::prepare, backend);
        append_command(command::stmt_prepare, bytes_of(needed->text), out);
        return true;
    }
    step_ = step::none;
    return false;
}

result<backend_preparation::progress> backend_preparation::on_bytes(
    bytes_view pending, session& session, backend_state& backend
) {
    progress so_far;
    while (true) {
        const auto event = tracker_.advance(pending.subspan(so_far.consumed));
        if (!event) return event.error();
        so_far.consumed += event->forward;
        if (event->what == response_event::kind::more_bytes) {
            if (event->complete) break;
            return so_far;
        }
        if (const auto error = on_packet(*event, session, backend)) return error;
        if (refused_) so_far.error = event->payload;
        if (event->complete) break;
    }
    if (refused_ && step_ == step::tracking) {
        // An old server, or a proxy's idea of one: it serves, but what a session sets there cannot
        // be followed.
        backend.tracking_asked = true;
        so_far.what = progress::kind::done;
        return so_far;
    }
    so_far.what = refused_ ? progress::kind::refused : progress::kind::done;
    if (!refused_) on_done(session, backend);
    return so_far;
}

error_code backend_preparation::on_packet(
    const response_event& event, session& session, backend_state& backend
) {
    using kind = response_event::kind;
    if (event.what == kind::local_infile || event.what == kind::authentication) {
        // A client would have to speak next, and this command is none of a client's.
        return make_error_code(protocol::mysql::errc::unexpected_packet);
    }
    if (event.what == kind::prepare_ok) {
        const auto answer =
            protocol::mysql::stmt_prepare_ok::decode(event.payload, backend.capabilities);
        if (!answer) return answer.error();
        prepared_ = {preparing_, answer->statement_id, 0, answer->parameters};
    } else if (event.role == packet_role::err) {
        refused_ = true;
    } else if (step_ == step::tracking && event.role == packet_role::ok) {
        on_tracking_report(event.payload, session, backend);
    }
    return {};
}

void backend_preparation::begin(step next_step, response_kind kind, const backend_state& backend) {
    step_ = next_step;
    refused_ = false;
    with_attributes_ = backend.capabilities.has(capability::query_attributes);
    tracker_.start(kind, backend.capabilities);
}

void backend_preparation::append_command(
    command what, bytes_view argument, protocol::wire::send_buffer& out
) const {
    protocol::mysql::packet_writer packet(out, 0);
    auto writer = packet.begin();
    writer.u8(static_cast<std::uint8_t>(what));
    if (what == command::query && with_attributes_) {
        // No attributes, one set of them. Source: MySQL "COM_QUERY".
        writer.u8(0);
        writer.u8(1);
    }
    writer.bytes(argument);
    packet.end();
}

void backend_preparation::on_done(session& session, backend_state& backend) {
    switch (step_) {
        case step::reset:
            backend.reset_needed = false;
            backend.tracking_asked = false;
            backend.applied_version = 0;
            backend.multi_statements = backend.capabilities.has(capability::multi_statements);
            backend.statements.clear();
            break;
        case step::tracking:
            backend.tracking_asked = true;
            backend.tracks_variables = true;
            backend.tracks_gtids = true;
            break;
        case step::change: apply(change_, session.state, backend); break;
        case step::prepare: backend.statements.push_back(prepared_); break;
        case step::none: break;
    }
}

void backend_preparation::on_tracking_report(
    bytes_view payload, session& session, backend_state& backend
) {
    const auto answer = protocol::mysql::ok::decode(payload, backend.capabilities);
    if (!answer || !backend.primary) return;
    protocol::mysql::session_track_reader reader(answer->session_state);
    while (true) {
        const auto entry = reader.next();
        if (!entry || !*entry) return;
        if ((*entry)->type == protocol::mysql::session_track_type::system_variables) {
            session.state.on_initial_variable((*entry)->name, (*entry)->value);
        }
    }
}

}  // namespace weir::splitter
