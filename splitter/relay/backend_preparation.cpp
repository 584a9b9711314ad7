#include "splitter/relay/backend_preparation.hpp"

#include "protocol/mysql/errc.hpp"
#include "protocol/mysql/messages/ok.hpp"
#include "protocol/mysql/messages/session_track.hpp"
#include "protocol/mysql/messages/stmt_prepare_ok.hpp"
#include "protocol/mysql/packet_writer.hpp"
#include "splitter/relay/parameter_reading.hpp"
#include "splitter/relay/variable_preparation.hpp"
#include "splitter/session/active_role.hpp"

#include <algorithm>
#include <cstdlib>
#include <utility>
#include <vector>

namespace weir::splitter {

using protocol::mysql::capability;
using protocol::mysql::command;
using protocol::mysql::packet_role;
using protocol::mysql::response_event;
using protocol::mysql::response_kind;
using protocol::wire::bytes_of;
using protocol::wire::bytes_view;

bool backend_preparation::next(
    session& session,
    backend_state& backend,
    const preparation_needs& needs,
    protocol::wire::send_buffer& out
) {
    if (ask_what_is_there(session, backend, needs, out)) return true;
    other_ = 0;
    if (needs.own_values || needs.own_conditions) {
        step_ = step::none;
        return false;
    }
    if (clears_variables(session, backend, needs)) {
        session.on_connection_lost(backend);
        backend.reset_needed = true;
    }
    if (set_up(backend, needs, out)) return true;
    if (ask_for_role(session, backend, needs, out) || bring_role(session, backend, out))
        return true;
    if (prepare_others(session, backend, needs, out)) return true;
    const bool is_unknown = needs.statement != nullptr &&
                            backend.find_statement(*needs.statement, needs.execution) == nullptr;
    if (is_unknown ? prepare_as_meant(session, backend, needs, out)
                   : have_it_bound(session, backend, needs, out))
        return true;
    if (bring_state(session, backend, out)) return true;
    if (bring_values(session, backend, needs, out)) return true;
    if (is_unknown) {
        prepare(needs, backend, out);
        return true;
    }
    if (needs.transaction && begin_again(session, backend, out)) return true;
    if (needs.processlist && list_ == nullptr) {
        ask(step::ask_processlist, backend, out);
        return true;
    }
    step_ = step::none;
    others_upto_ = 0;
    return false;
}

/// Has the connection as new as a session may find it, and telling what changes.
bool backend_preparation::set_up(
    backend_state& backend, const preparation_needs& needs, protocol::wire::send_buffer& out
) {
    if (backend.reset_needed) {
        begin(step::reset, response_kind::simple, backend);
        append_command(command::reset_connection, {}, out);
        return true;
    }
    if (!backend.tracking_asked) {
        const std::string setup = tracking_setup(backend);
        if (!setup.empty()) {
            send_query(step::tracking, setup, backend, out);
            return true;
        }
    }
    // Only on a connection that is as new: it would disturb what a statement left there.
    if (needs.origin && step_ == step::tracking && !backend.origin_asked) {
        ask(step::origin, backend, out);
        return true;
    }
    return false;
}

/// Only a reset takes a user variable away: one that is set to NULL keeps its type, which shows in
/// results, and one that the client had not set when it prepared a statement would show in that.
/// What is open on the connection is more than that.
bool backend_preparation::clears_variables(
    const session& session, backend_state& backend, const preparation_needs& needs
) {
    if (!needs.user_variables || backend.user_variables.empty()) return false;
    const bool is_prepared_too_late = needs.statement != nullptr &&
                                      has_later_variables(*needs.statement, backend) &&
                                      !backend.find_statement(*needs.statement, needs.execution);
    if (!is_prepared_too_late && !has_foreign_variables(session.state, backend)) return false;
    const bool is_in_use = session.transaction.open || session.one_shot_transaction ||
                           session.pinned.is_set() || session.statements.has_cursors() ||
                           session.begun.moves;
    const bool may_be_in_use = !session.transaction.autocommit && backend.left.owner == &session;
    return !is_in_use && !may_be_in_use;
}

/// Before anything changes on the connection.
bool backend_preparation::ask_what_is_there(
    const session& session,
    backend_state& backend,
    const preparation_needs& needs,
    protocol::wire::send_buffer& out
) {
    if (needs.tells_variables) {
        // The question for them takes the place of the statement that all else is asked about.
        if (!ask_for_remnant(session, backend, {.own_values = true}, out))
            ask_for_variables(session, backend, out);
        return true;
    }
    if (ask_for_remnant(session, backend, needs, out)) return true;
    return needs.caught_up != nullptr && wait_for_replica(backend, needs, out);
}

/// Whoever used the connection last may still ask for what only it knows.
bool backend_preparation::ask_for_remnant(
    const session& session,
    backend_state& backend,
    const preparation_needs& needs,
    protocol::wire::send_buffer& out
) {
    remnant& left = backend.left;
    const bool wants_values = needs.own_values || clears_variables(session, backend, needs);
    const bool asks_own =
        left.owner == &session &&
        ((needs.own_conditions && left.conditions) ||
         (wants_values && (left.conditions || left.insert_id || left.found_rows)));
    if (!asks_own && !left.is_of_another(session)) {
        if (left.owner != nullptr && left.owner != &session)
            left.owner->on_connection_lost(backend);
        return false;
    }
    // In this order: the second query would clear what the first one asks for.
    ask(left.conditions ? step::ask_conditions : step::ask_values, backend, out);
    return true;
}

void backend_preparation::ask(
    step for_what, const backend_state& backend, protocol::wire::send_buffer& out
) {
    told_ = std::make_unique<small_result>();
    told_->start(backend.capabilities);
    std::string_view text = "SELECT LAST_INSERT_ID(), FOUND_ROWS()";
    if (for_what == step::ask_conditions) text = "SHOW WARNINGS";
    if (for_what == step::ask_processlist) text = "SHOW FULL PROCESSLIST";
    if (for_what == step::origin) text = "SELECT @@server_uuid, @@GLOBAL.gtid_executed";
    if (for_what == step::ask_role) text = role_query;
    send_query(for_what, text, backend, out);
}

std::vector<small_result::row> backend_preparation::take_list() {
    return std::move(*std::exchange(list_, nullptr));
}

/// Sources: MySQL manual "Functions Used with Global Transaction Identifiers"; MariaDB knowledge
/// base "MASTER_GTID_WAIT".
bool backend_preparation::wait_for_replica(
    const backend_state& backend, const preparation_needs& needs, protocol::wire::send_buffer& out
) {
    const bool is_mariadb = backend.flavor == protocol::mysql::server_flavor::mariadb;
    const auto milliseconds = std::to_string(needs.causal_wait.count() % 1'000);
    const std::string seconds = std::to_string(needs.causal_wait.count() / 1'000) + "." +
                                std::string(3 - milliseconds.size(), '0') + milliseconds;
    const std::string text =
        std::string(
            is_mariadb ? "SELECT MASTER_GTID_WAIT('" : "SELECT WAIT_FOR_EXECUTED_GTID_SET('"
        ) +
        needs.caught_up->to_string() + "', " + seconds + ")";
    told_ = std::make_unique<small_result>();
    told_->start(backend.capabilities);
    send_query(step::catch_up, text, backend, out);
    return true;
}

bool backend_preparation::bring_state(
    session& session, backend_state& backend, protocol::wire::send_buffer& out
) {
    if (backend.primary && !session.state.knows_sql_mode()) {
        for (const auto& variable : backend.initial)
            session.state.on_initial_variable(variable.name, variable.value.value_or(""));
    }
    meant_.reset();
    return bring_change(session.state, backend, out);
}

/// A statement whose client has set something else since, which would give its text another
/// meaning.
bool backend_preparation::prepare_as_meant(
    const session& session,
    backend_state& backend,
    const preparation_needs& needs,
    protocol::wire::send_buffer& out
) {
    const auto* const binding = needs.execution.binding;
    const bool is_renewed = binding != nullptr && binding->under;
    if (!is_renewed && needs.statement->means_the_same(session.state)) return false;
    return prepare_as_of(session, backend, needs, out);
}

/// False: the connection cannot be brought to that.
bool backend_preparation::prepare_as_of(
    const session& session,
    backend_state& backend,
    const preparation_needs& needs,
    protocol::wire::send_buffer& out
) {
    meant_ = std::make_unique<const session_state>(session.state.as_of(needs.meant()));
    if (is_out_of_reach(*meant_, backend)) return false;
    if (bring_change(*meant_, backend, out)) return true;
    if (!bring_types_of_variables(session, needs.statement, backend, out))
        prepare(needs, backend, out);
    return true;
}

void backend_preparation::prepare(
    const preparation_needs& needs, const backend_state& backend, protocol::wire::send_buffer& out
) {
    const auto* const binding = needs.execution.binding;
    preparing_ = needs.statement;
    preparing_under_ = binding == nullptr ? std::nullopt : binding->under;
    begin(step::prepare, response_kind::prepare, backend);
    if (backend.keeps_parameter_types()) tracker_.tell_parameters();
    append_command(command::stmt_prepare, bytes_of(preparing_->text()), out);
}

bool backend_preparation::bring_change(
    const session_state& wanted, backend_state& backend, protocol::wire::send_buffer& out
) {
    const auto change = next_change(wanted, backend);
    if (!change) {
        settle(wanted, backend);
        return false;
    }
    change_ = *change;
    begin(
        step::change,
        change_.what == command::query ? response_kind::query : response_kind::simple,
        backend
    );
    append_command(change_.what, bytes_of(change_.argument), out);
    return true;
}

/// What the statement may ask for.
bool backend_preparation::bring_values(
    session& session,
    backend_state& backend,
    const preparation_needs& needs,
    protocol::wire::send_buffer& out
) {
    if (needs.user_variables && bring_user_variables(session, backend, out)) return true;
    return needs.insert_id && bring_insert_id(session, backend, out);
}

bool backend_preparation::bring_user_variables(
    const session& session, const backend_state& backend, protocol::wire::send_buffer& out
) {
    if (has_unknown_variables(session)) return false;
    const std::string text = user_variable_change(session.state, backend);
    if (text.empty()) return false;
    send_query(step::user_variables, text, backend, out);
    return true;
}

bool backend_preparation::bring_insert_id(
    const session& session, const backend_state& backend, protocol::wire::send_buffer& out
) {
    const bool has_it =
        session.insert_id.at == &backend || backend.insert_id == session.insert_id.value;
    if (has_it) return false;
    const std::string text =
        "SET SESSION last_insert_id=" + std::to_string(session.insert_id.value);
    send_query(step::insert_id, text, backend, out);
    return true;
}

bool backend_preparation::begin_again(
    const session& session, const backend_state& backend, protocol::wire::send_buffer& out
) {
    const auto& begun = session.begun;
    if (begun.repeated >= begun.statements.size()) return false;
    send_query(step::begin_again, begun.statements[begun.repeated].text, backend, out);
    return true;
}

void backend_preparation::on_begun_again(session& session) const {
    if (++session.begun.repeated < session.begun.statements.size()) return;
    session.transaction.open = session.begun.is_open;
    session.transaction.read_only = session.begun.is_open;
    session.one_shot_transaction = session.begun.is_announced;
}

result<backend_preparation::progress> backend_preparation::on_bytes(
    bytes_view pending, session& session, backend_state& backend
) {
    if (told_ != nullptr) return on_told(pending, session, backend);
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
    if (refused_ && on_refused(session, backend)) {
        so_far.what = progress::kind::done;
        return so_far;
    }
    so_far.what = refused_ ? progress::kind::refused : progress::kind::done;
    if (!refused_) on_done(session, backend);
    return so_far;
}

/// True if there is another way than to give up.
bool backend_preparation::on_refused(session& session, backend_state& backend) {
    if (other_ != 0) {
        others_upto_ = other_;
        return true;
    }
    const auto& begun = session.begun;
    if (step_ == step::begin_again && begun.statements[begun.repeated].failed) {
        // It has set there what it had set before.
        on_begun_again(session);
        return true;
    }
    if (step_ == step::bind) {
        on_bound(session, backend);
        return true;
    }
    if (step_ == step::tracking) {
        // An old server, or a proxy's idea of one: it serves, but what a session sets there cannot
        // be followed.
        backend.tracking_asked = true;
        return true;
    }
    if (step_ == step::types) {
        on_types_brought(backend);
        return true;
    }
    // What another session has set cannot be taken back one by one.
    const bool resets = step_ == step::change && change_.what == command::query &&
                        !backend.variables.empty() && !backend.reset_needed;
    if (resets) backend.reset_needed = true;
    return resets;
}

result<backend_preparation::progress> backend_preparation::on_told(
    bytes_view pending, session& session, backend_state& backend
) {
    const auto read = told_->on_bytes(pending);
    if (!read) return read.error();
    progress so_far;
    so_far.consumed = read->consumed;
    if (!read->complete) return so_far;
    so_far.what = progress::kind::done;
    if (step_ == step::catch_up) {
        const bool is_there = !told_->is_empty() && told_->rows()[0][0] == "0";
        if (!is_there) so_far.what = progress::kind::behind;
    } else if (step_ == step::ask_processlist && !told_->error().empty()) {
        const auto why = told_->error();
        refusal_.assign(why.begin(), why.end());
        so_far.what = progress::kind::refused;
        so_far.error = std::span<const std::byte>(refusal_);
    } else if (step_ == step::ask_processlist) {
        list_ = std::make_unique<std::vector<small_result::row>>(told_->rows());
    } else if (step_ == step::origin) {
        on_origin_told(backend);
    } else if (step_ == step::ask_variables) {
        if (told_->is_empty()) return make_error_code(protocol::mysql::errc::unexpected_packet);
        on_variables_told(session, backend);
    } else if (step_ == step::ask_role) {
        on_role_told(session, backend);
    } else {
        tell_owner(backend);
    }
    told_.reset();
    return so_far;
}

/// A server that does not say it serves all the same.
void backend_preparation::on_origin_told(backend_state& backend) const {
    backend.origin_asked = true;
    const auto& rows = told_->rows();
    if (rows.empty() || rows[0].size() < 2) return;
    auto executed = protocol::mysql::gtid_set::parse(rows[0][1].value_or(""), backend.flavor);
    if (!executed || executed->empty()) return;
    backend.origin = server_origin{rows[0][0].value_or(""), std::move(*executed)};
}

std::uint64_t backend_preparation::told_number(std::size_t column) const {
    const auto& rows = told_->rows();
    const bool is_there = !rows.empty() && rows[0].size() > column && rows[0][column];
    return is_there ? std::strtoull(rows[0][column]->c_str(), nullptr, 10) : 0;
}

/// The owner may have ended, or run another statement elsewhere, while its connection was asked.
void backend_preparation::tell_owner(backend_state& backend) {
    remnant& left = backend.left;
    const auto& rows = told_->rows();
    if (step_ == step::ask_values) {
        if (left.insert_id) left.owner->on_insert_id_told(told_number(0));
        if (left.found_rows) left.owner->on_found_rows_told(told_number(1));
        if (!rows.empty()) backend.insert_id = told_number(0);
        left.insert_id = false;
        left.found_rows = false;
    } else if (std::exchange(left.conditions, false)) {
        std::vector<condition> told;
        for (const auto& row : rows) {
            if (row.size() < 3) continue;
            const auto code = std::strtoul(row[1].value_or("").c_str(), nullptr, 10);
            told.push_back(
                {row[0].value_or(""), static_cast<std::uint32_t>(code), row[2].value_or("")}
            );
        }
        left.owner->on_conditions_told(std::move(told));
    }
}

error_code backend_preparation::on_packet(
    const response_event& event, session& session, backend_state& backend
) {
    using kind = response_event::kind;
    if (event.what == kind::local_infile || event.what == kind::authentication) {
        // A client would have to speak next, and this command is none of a client's.
        return make_error_code(protocol::mysql::errc::unexpected_packet);
    }
    // Without values it cannot have run.
    if (step_ == step::bind && event.role != packet_role::err)
        return make_error_code(protocol::mysql::errc::unexpected_packet);
    if (event.what == kind::prepare_ok) {
        const auto answer =
            protocol::mysql::stmt_prepare_ok::decode(event.payload, backend.capabilities);
        if (!answer) return answer.error();
        prepared_ = {preparing_, answer->statement_id, answer->parameters};
        prepared_.under = preparing_under_;
    } else if (event.what == kind::parameter) {
        const auto one = class_of_definition(event.payload, backend.capabilities);
        if (!one) return one.error();
        prepared_.taken_as.push_back(*one);
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

void backend_preparation::send_query(
    step next_step,
    std::string_view text,
    const backend_state& backend,
    protocol::wire::send_buffer& out
) {
    begin(next_step, response_kind::query, backend);
    append_command(command::query, bytes_of(text), out);
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
            session.statements.on_cursors_lost(backend);
            backend.on_reset();
            break;
        case step::tracking:
            backend.tracking_asked = true;
            backend.tracks_variables = true;
            backend.tracks_gtids = true;
            break;
        case step::change:
            apply(change_, meant_ == nullptr ? session.state : *meant_, backend);
            break;
        case step::role: backend.role = session.state.role(); break;
        case step::user_variables: backend.user_variables = session.state.user_variables(); break;
        case step::begin_again: on_begun_again(session); break;
        case step::types_of_variables: on_types_of_variables_brought(backend); break;
        case step::insert_id: backend.insert_id = session.insert_id.value; break;
        case step::types: on_types_brought(backend); break;
        case step::reset_statement: on_statement_reset(backend); break;
        case step::prepare: backend.remember_statement(std::move(prepared_)); break;
        case step::ask_conditions:
        case step::ask_values:
        case step::ask_processlist:
        case step::origin:
        case step::ask_role:
        case step::ask_variables:
        case step::set_variables:
        case step::catch_up:
        case step::bind:
        case step::none: break;
    }
}

/// What a variable is set to before the client has set anything.
void backend_preparation::on_tracking_report(
    bytes_view payload, session& session, backend_state& backend
) {
    const auto answer = protocol::mysql::ok::decode(payload, backend.capabilities);
    if (!answer) return;
    std::vector<session_variable> reported;
    protocol::mysql::session_track_reader reader(answer->session_state);
    while (true) {
        const auto entry = reader.next();
        if (!entry || !*entry) break;
        if ((*entry)->type != protocol::mysql::session_track_type::system_variables) continue;
        reported.push_back({std::string((*entry)->name), std::string((*entry)->value)});
        if (backend.primary) session.state.on_initial_variable((*entry)->name, (*entry)->value);
    }
    // Asking for these by name would change them; a login sets them as it sets the others.
    const auto derive = [&](std::string_view name, std::string_view from) {
        const auto found = std::ranges::find(reported, from, &session_variable::name);
        if (found != reported.end()) reported.push_back({std::string(name), found->value});
    };
    derive("character_set_results", "character_set_client");
    derive(results_collation, "collation_connection");
    // After a reset the values are not those of the login, which stay on record.
    if (backend.initial.empty()) backend.initial = std::move(reported);
}

}  // namespace weir::splitter
