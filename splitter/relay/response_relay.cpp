#include "splitter/relay/response_relay.hpp"

#include "protocol/mysql/messages/eof.hpp"
#include "protocol/mysql/messages/err.hpp"
#include "protocol/mysql/messages/ok.hpp"
#include "protocol/mysql/messages/session_track.hpp"
#include "protocol/mysql/messages/stmt_prepare_ok.hpp"
#include "protocol/mysql/packet_header.hpp"
#include "protocol/wire/codec.hpp"
#include "splitter/relay/farewell_errors.hpp"
#include "splitter/relay/local_answer.hpp"
#include "splitter/relay/ok_rewriter.hpp"
#include "splitter/relay/parameter_reading.hpp"
#include "splitter/relay/replica_errors.hpp"
#include "splitter/sql/lexer.hpp"
#include "splitter/sql/lower_case.hpp"
#include "splitter/sql/set_statement.hpp"
#include "splitter/sql/system_objects.hpp"
#include "splitter/sql/word.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <utility>

namespace weir::splitter {

using protocol::mysql::capability;
using protocol::mysql::packet_header;
using protocol::mysql::packet_role;
using protocol::mysql::response_event;
using protocol::mysql::session_track_type;
using protocol::wire::bytes_view;

namespace {

bool is_hidden(const response_relay::step& next) {
    using kind = response_relay::step::kind;
    return next.what == kind::withheld || next.what == kind::read_only_server;
}

/// Names in lower case, values without quotes.
std::vector<std::pair<std::string, std::string>> trackers_set_by(
    const command_plan& plan, const lexer_options& options
) {
    std::vector<std::pair<std::string, std::string>> found;
    if (!plan.traits.sets_for_itself) {
        const set_statement set = parse_set(plan.text, options);
        for (const auto& one : set.assignments()) {
            if (is_about_tracking(one.name))
                found.emplace_back(lower_case(one.name), unquoted(one.value, options));
        }
        return found;
    }
    lexer reader(plan.text, options);
    for (token name = reader.next(); name.kind != token_kind::end; name = reader.next()) {
        const bool is_name = name.kind == token_kind::identifier && is_about_tracking(name.text);
        if (is_name && reader.next().is('='))
            found.emplace_back(lower_case(name.text), unquoted(reader.next().text, options));
    }
    return found;
}

/// What the client is told of, once the statement has set that: no report says so of SET STATEMENT,
/// nor where the client has asked for other variables only.
session_state::asked_tracking asked_for(
    const command_plan& plan, const session& session, const backend_state& backend
) {
    auto asked = session.state.asked();
    if (plan.hands_over_tracking) {
        asked = session_state::all_tracking();
        // There may be some, of statements before.
        asked.state_changes = false;
    }
    const bool may_set = plan.traits.sets_for_itself || plan.hands_over_tracking ||
                         (plan.traits.pins && plan.traits.what == statement_traits::kind::set);
    if (!may_set) return asked;
    for (const auto& [name, value] : trackers_set_by(plan, reading_options(session, backend))) {
        const bool is_off = value == "0" || same_word(value, "off") || same_word(value, "default");
        if (is_off) continue;
        if (name == "session_track_state_change") asked.state_changes = true;
        if (name == "session_track_system_variables") asked.variables = true;
    }
    return asked;
}

/// Running a statement that was prepared under another schema goes there and back, and servers
/// report that.
bool tells_of_a_visit(const command_plan& plan, const session& session) {
    return session.state.asked().schemas && runs_prepared(plan) &&
           plan.statement->schema != session.state.schema();
}

/// What is asked for at any moment of a statement: its server tells nothing else once it is not.
session_state::asked_tracking either(
    const session_state::asked_tracking& one, const session_state::asked_tracking& other
) {
    return {
        one.variables || other.variables,
        one.state_changes || other.state_changes,
        one.gtids || other.gtids,
        one.transactions || other.transactions,
        one.schemas || other.schemas,
        one.is_handed_over || other.is_handed_over};
}

/// MySQL and MariaDB say it in the same words, with a number that other errors have too.
bool is_long_data_refused(std::uint16_t code, std::string_view message) {
    return code == static_cast<std::uint16_t>(protocol::mysql::server_errc::unknown_error) &&
           message.find("mysql_send_long_data()") != std::string_view::npos;
}

/// MySQL's OK to what is no statement counts the warnings of the one before. Nothing: it is one.
std::optional<std::uint16_t> warnings_of_last(
    protocol::mysql::command what, const session& session, const backend_state& backend
) {
    using protocol::mysql::command;
    const bool counts = (what == command::init_db || what == command::ping) &&
                        backend.flavor == protocol::mysql::server_flavor::mysql;
    // An error does not tell how many came before it; on a kept connection nothing has run since,
    // unless that was answered elsewhere, and has none.
    const auto& last = session.last;
    const bool knows_better = last.own_warnings > 0 && last.are_counted_there() &&
                              last.conditions_at == &backend && session.held == &backend;
    if (!counts || knows_better) return std::nullopt;
    return counted(last.own_warnings);
}

}  // namespace

void response_relay::start(
    const command_plan& plan,
    const session& session,
    const backend_state& backend,
    withheld_errors withheld
) {
    facts_ = {};
    prepared_ = {};
    passed_any_ = false;
    client_ = session.capabilities;
    asked_ = asked_for(plan, session, backend);
    unscoped_ = runs_prepared(plan) ? plan.statement->unscoped.get() : plan.unscoped.get();
    look_at_given_back(plan, session, backend);
    hide_what_was_not_asked(asked_);
    tells_state_flag_ = asked_.state_changes || asked_.transactions ||
                        tells_of_a_visit(plan, session) || sets_what_is_told(plan, session);
    withheld_ = withheld;
    in_read_only_transaction_ = session.transaction.read_only && !backend.primary;
    client_statement_ =
        plan.command == protocol::mysql::command::stmt_prepare ? plan.statement->id : 0;
    const bool tells_columns =
        plan.command == protocol::mysql::command::stmt_execute && plan.statement->tells_columns;
    statement_ = tells_columns ? plan.statement : nullptr;
    if (tells_columns) last_columns_ = statement_->columns;
    counted_ = warnings_of_last(plan.command, session, backend);
    keeps_error_text_ = plan.command == protocol::mysql::command::init_db;
    transaction_.reset();
    if (plan.at_cursor && session.held != &backend) transaction_ = session.transaction.status();
    translates_ = differs_in_form(backend.capabilities, client_);
    if (!translates_) {
        tracker_.start(plan.response, backend.capabilities);
        if (client_statement_ != 0 && backend.keeps_parameter_types()) tracker_.tell_parameters();
        return;
    }
    protocol::mysql::response_translator::settings settings{
        .kind = plan.response, .server = backend.capabilities, .client = client_};
    if (client_statement_ != 0) settings.statement_id = client_statement_;
    settings.filter = hidden_;
    if (tells_columns && last_columns_ != 0) settings.last_columns = last_columns_;
    settings.transaction = transaction_;
    translator_.start(settings);
}

/// What we have said a scope of is reported, and that something has changed with it.
void response_relay::hide_what_was_not_asked(const session_state::asked_tracking& asked) {
    hidden_ = &hidden_tracking(asked);
    const auto* const unscoped = asked.is_handed_over ? nullptr : unscoped_;
    if (unscoped == nullptr && given_back_ == nullptr && untold_ == nullptr) return;
    // The translator may have it already.
    if (own_hidden_ == nullptr) own_hidden_ = std::make_unique<protocol::mysql::tracker_filter>();
    *own_hidden_ = *hidden_;
    if (unscoped != nullptr) own_hidden_->dropped_variables = unscoped->names;
    if (unscoped != nullptr && unscoped->are_all) own_hidden_->drop_state_changes = true;
    auto& dropped = own_hidden_->dropped_variables;
    if (given_back_ != nullptr)
        dropped.insert(dropped.end(), given_back_->begin(), given_back_->end());
    if (untold_ != nullptr) own_hidden_->more_variables = *untold_;
    hidden_ = own_hidden_.get();
}

namespace {

/// The value that a variable has in the session and on the connection alike; null: not known.
const std::string* known_value(
    std::string_view name, const session& session, const backend_state& backend
) {
    if (const auto* const set = session.state.value_of(name)) return set;
    const auto initial = std::ranges::find(backend.initial, name, &session_variable::name);
    return initial == backend.initial.end() || !initial->value ? nullptr : &*initial->value;
}

/// Of the text of an OK, in whichever language: "Rows matched: 2  Changed: 1  Warnings: 0".
std::optional<std::uint64_t> first_number_in(std::string_view text) {
    constexpr std::string_view digits = "0123456789";
    const std::size_t begin = text.find_first_of(digits);
    if (begin == std::string_view::npos) return std::nullopt;
    std::uint64_t number = 0;
    const auto [end, code] =
        std::from_chars(text.data() + begin, text.data() + text.size(), number);
    return code == std::errc{} ? std::optional(number) : std::nullopt;
}

}  // namespace

/// What a SET STATEMENT on this connection, or one of this session, has left to be told.
void response_relay::look_at_given_back(
    const command_plan& plan, const session& session, const backend_state& backend
) {
    for_itself_.reset();
    given_back_.reset();
    untold_.reset();
    if (plan.traits.sets_for_itself) {
        auto set = parse_set_for_statement(plan.text, reading_options(session, backend));
        if (set) for_itself_ = std::make_unique<set_for_statement>(std::move(*set));
    }
    if (!backend.given_back.empty()) {
        given_back_ = std::make_unique<std::vector<std::string>>(backend.given_back);
        for (const auto& name : variables_set_by(plan.text, reading_options(session, backend)))
            std::erase(*given_back_, name);
    }
    if (session.given_back == nullptr) return;
    untold_ = std::make_unique<std::vector<protocol::mysql::tracker_filter::variable>>();
    for (const auto& name : *session.given_back) {
        if (const auto* const value = known_value(name, session, backend))
            untold_->push_back({name, *value});
    }
}

/// The statement sets, for itself, what the client is told of.
bool response_relay::sets_what_is_told(const command_plan& plan, const session& session) const {
    if (for_itself_ == nullptr) return false;
    const bool lists_all = plan.text.find("'*'") != std::string_view::npos;
    return std::ranges::any_of(for_itself_->names, [&](const std::string& one) {
        const bool is_list = one == "session_track_system_variables";
        return session.state.asked().variables || is_reported_by_default(one) ||
               (is_list && lists_all);
    });
}

/// The statement has not changed it: a routine may have, to another value.
bool response_relay::is_given_back(
    const protocol::mysql::session_track_entry& entry,
    const session& session,
    const backend_state& backend
) {
    const bool is_variable = entry.type == session_track_type::system_variables;
    if (!is_variable || given_back_ == nullptr) return false;
    const auto found = std::ranges::find(*given_back_, entry.name);
    if (found == given_back_->end()) return false;
    const auto* const known = known_value(entry.name, session, backend);
    if (known == nullptr || *known == entry.value || is_about_tracking(entry.name)) return true;
    given_back_->erase(found);
    hide_what_was_not_asked(asked_);
    return false;
}

bool response_relay::has_set_for_itself(std::string_view variable) const {
    return for_itself_ != nullptr &&
           std::ranges::find(for_itself_->names, variable) != for_itself_->names.end();
}

result<response_relay::step> response_relay::advance(
    std::span<std::byte> pending,
    session& session,
    const backend_state& backend,
    protocol::wire::send_buffer& out
) {
    out.clear();
    if (counted_) count_warnings(pending);
    auto next = translates_ ? advance_translated(pending, session, backend, out)
                            : advance_tracked(pending, session, backend, out);
    if (next && !next->bytes.empty()) passed_any_ = true;
    if (statement_ != nullptr) remember_columns();
    return next;
}

/// An OK whose server has nothing else to count: where the last statement ran it is another one.
void response_relay::count_warnings(std::span<std::byte> pending) {
    constexpr std::size_t warnings_at = packet_header::size + 5;  // behind OK, 0, 0 and the flags
    const std::uint16_t warnings = *std::exchange(counted_, std::nullopt);
    if (pending.size() < warnings_at + 2) return;
    const auto head = pending.subspan(packet_header::size, 3);
    if (std::ranges::any_of(head, [](std::byte one) { return one != std::byte{0}; })) return;
    pending[warnings_at] = static_cast<std::byte>(warnings & 0xFFU);
    pending[warnings_at + 1] = static_cast<std::byte>(warnings >> 8U);
}

void response_relay::on_file_sent(std::uint8_t client_sequence) noexcept {
    // What is passed on as it came carries the server's numbers.
    if (translates_) translator_.set_next_sequence(protocol::mysql::next_sequence(client_sequence));
}

std::uint8_t response_relay::last_sequence() const noexcept {
    return translates_ ? translator_.last_sequence() : tracker_.last_sequence();
}

std::uint64_t response_relay::rows() const noexcept {
    return translates_ ? translator_.rows() : tracker_.rows();
}

result<response_relay::step> response_relay::advance_tracked(
    std::span<std::byte> pending,
    session& session,
    const backend_state& backend,
    protocol::wire::send_buffer& out
) {
    step next;
    std::size_t copied = 0;  // pending bytes whose client form is in `out` already
    while (true) {
        const auto event = tracker_.advance(bytes_view(pending).subspan(next.consumed));
        if (!event) return event.error();
        next.consumed += event->forward;
        if (event->complete) next.what = step::kind::complete;
        if (event->what == response_event::kind::more_bytes) break;
        if (const auto why = learn(event->role, event->payload, session, backend)) return why;
        next = hidden_error(event->role, next, backend);
        if (is_hidden(next)) return next;
        const auto forwarded = pending.first(next.consumed);
        if (const auto why = adapt(*event, forwarded, backend.capabilities, copied, out))
            return why;
        if (event->what == response_event::kind::local_infile) {
            next.what = step::kind::upload;
            next.request = packet_header::size + event->payload.size();
        }
        if (next.what != step::kind::more_bytes) break;
    }
    if (out.empty()) {
        next.bytes = bytes_view(pending).first(next.consumed);
    } else {
        out.append(bytes_view(pending).subspan(copied, next.consumed - copied));
        next.bytes = out.view();
    }
    return next;
}

error_code response_relay::adapt(
    const response_event& event,
    std::span<std::byte> forwarded,
    protocol::mysql::capability_set server,
    std::size_t& copied,
    protocol::wire::send_buffer& out
) const {
    if (event.what == response_event::kind::prepare_ok) {
        store_statement_id(forwarded.last(event.payload.size()), client_statement_);
        return {};
    }
    if (statement_ != nullptr) tell_columns(event, forwarded);
    if (transaction_) tell_transaction(event, forwarded);
    hide_state_flag(event, forwarded);
    if (!needs_rewriting(event.role, event.payload, server, client_)) return {};
    const std::size_t packet_at = forwarded.size() - event.payload.size() - packet_header::size;
    out.append(bytes_view(forwarded).subspan(copied, packet_at - copied));
    copied = forwarded.size();
    return append_rewritten(
        event.payload, tracker_.last_sequence(), {server, client_, *hidden_}, out
    );
}

/// Servers count columns and do not compare them. A connection that prepared the statement later
/// than the client did, or earlier than its last run, counts from there.
void response_relay::tell_columns(const response_event& event, std::span<std::byte> forwarded)
    const {
    const bool is_end = event.role == packet_role::column_end || event.role == packet_role::row_end;
    if (!is_end || last_columns_ == 0) return;
    constexpr auto flag = protocol::mysql::status_flag::metadata_changed;
    const bool has_changed = tracker_.columns() != last_columns_;
    if (facts_.status.has(flag) == has_changed) return;
    const auto status = has_changed ? facts_.status.with(flag) : facts_.status.without(flag);
    store_status(forwarded.last(event.payload.size()), status);
}

void response_relay::remember_columns() noexcept {
    const auto columns = translates_ ? translator_.columns() : tracker_.columns();
    if (columns != 0) statement_->columns = columns;
}

/// A cursor lives on another connection than the session's transaction, whose flags these are to
/// be.
void response_relay::tell_transaction(const response_event& event, std::span<std::byte> forwarded)
    const {
    if (event.role != packet_role::ok && event.role != packet_role::row_end) return;
    store_status(
        forwarded.last(event.payload.size()), facts_.status.with_transaction_of(*transaction_)
    );
}

/// An EOF cannot say what has changed: a flag that is only about what we have asked for goes.
void response_relay::hide_state_flag(const response_event& event, std::span<std::byte> forwarded)
    const {
    constexpr std::size_t eof_size = 5;
    constexpr std::byte flag_in_high_byte{0x40};
    const bool is_status = event.role == packet_role::ok || event.role == packet_role::row_end ||
                           event.role == packet_role::column_end;
    if (!is_status || event.payload.size() != eof_size) return;
    const auto packet = forwarded.last(eof_size);
    if (packet[0] != std::byte{0xFE}) return;
    if (tells_state_flag_) return;
    packet[eof_size - 1] &= ~flag_in_high_byte;
}

response_relay::step response_relay::hidden_error(
    packet_role role, const step& so_far, const backend_state& backend
) const {
    step next = so_far;
    if (role != packet_role::err || passed_any_) return next;
    next.error = withheld_error(backend);
    if (next.error != statement_answer::none) {
        next.what = step::kind::withheld;
    } else if (in_read_only_transaction_ && facts_.server_is_read_only) {
        next.what = step::kind::read_only_server;
    }
    return next;
}

statement_answer response_relay::withheld_error(const backend_state& backend) const {
    if (withheld_.farewell && is_farewell(facts_.error, backend.flavor))
        return statement_answer::farewell;
    if (withheld_.unheard && is_unheard(facts_.error, backend.flavor))
        return statement_answer::unheard;
    if (withheld_.replicas_own && is_replicas_own(facts_.error))
        return statement_answer::replicas_own;
    return statement_answer::none;
}

result<response_relay::step> response_relay::advance_translated(
    std::span<std::byte> pending,
    session& session,
    const backend_state& backend,
    protocol::wire::send_buffer& out
) {
    using kind = protocol::mysql::translated::kind;
    step next;
    while (next.what == step::kind::more_bytes) {
        const auto event = translator_.translate(bytes_view(pending).subspan(next.consumed), out);
        if (!event) return event.error();
        next.consumed += event->consumed;
        if (event->complete) next.what = step::kind::complete;
        if (event->what == kind::more_bytes) break;
        if (const auto why = learn(event->role, event->payload, session, backend)) return why;
        next = hidden_error(event->role, next, backend);
        if (is_hidden(next)) return next;
        if (event->what == kind::local_infile) {
            next.what = step::kind::upload;
            next.request = packet_header::size + event->payload.size();
        }
    }
    next.bytes = out.view();
    return next;
}

error_code response_relay::learn(
    packet_role role, bytes_view payload, session& session, const backend_state& backend
) {
    if (role == packet_role::prepare_ok) return learn_prepared(payload, backend);
    if (role == packet_role::parameter_definition) return learn_parameter(payload, backend);
    if (role != packet_role::err) return learn_status(role, payload, session, backend);
    const auto message = protocol::mysql::err::decode(payload);
    if (!message) return message.error();
    facts_.error = message->code;
    if (keeps_error_text_) facts_.error_text = message->message;
    facts_.long_data_refused = is_long_data_refused(message->code, message->message);
    facts_.server_is_read_only = is_read_only_server(message->code, message->message);
    return {};
}

error_code response_relay::learn_status(
    packet_role role, bytes_view payload, session& session, const backend_state& backend
) {
    const bool is_ok =
        role == packet_role::ok ||
        (role == packet_role::row_end && backend.capabilities.has(capability::deprecate_eof));
    if (role == packet_role::row_end) facts_.gave_rows = true;
    // A server may end a simple command with an EOF where an OK would do.
    const bool is_eof = payload[0] == std::byte{0xFE} && payload.size() < 6;
    if (!is_ok || is_eof) {
        if (role != packet_role::ok && role != packet_role::row_end &&
            role != packet_role::column_end)
            return {};
        const auto message = protocol::wire::decode<protocol::mysql::eof>(payload);
        if (!message) return message.error();
        facts_.status = message->status;
        facts_.has_status = true;
        facts_.reports_gtids = false;
        facts_.state_flagged =
            message->status.has(protocol::mysql::status_flag::session_state_changed);
        facts_.warnings = message->warnings;
        facts_.ended_with_rows = role == packet_role::row_end;
        return {};
    }
    const auto message = protocol::mysql::ok::decode(payload, backend.capabilities);
    if (!message) return message.error();
    facts_.status = message->status;
    facts_.has_status = true;
    facts_.reports_gtids = backend.tracks_gtids;
    facts_.warnings = message->warnings;
    facts_.ended_with_rows = role == packet_role::row_end;
    if (role == packet_role::ok) {
        facts_.affected_rows = message->affected_rows;
        facts_.matched_rows = first_number_in(message->info);
    }
    if (message->last_insert_id != 0) facts_.insert_id = message->last_insert_id;
    if (message->session_state.empty()) return {};
    return learn_session_state(message->session_state, session, backend);
}

error_code response_relay::learn_session_state(
    bytes_view changes, session& session, const backend_state& backend
) {
    facts_.tells_changes = true;
    // They are told once.
    if (facts_.tells_given_back && std::exchange(untold_, nullptr) != nullptr)
        hide_what_was_not_asked(asked_);
    protocol::mysql::session_track_reader reader(changes);
    while (true) {
        const auto entry = reader.next();
        if (!entry) return entry.error();
        if (!*entry) return {};
        learn_entry(**entry, session, backend);
        if (untold_ != nullptr && !is_dropped(*hidden_, **entry)) facts_.tells_given_back = true;
    }
}

void response_relay::learn_entry(
    const protocol::mysql::session_track_entry& entry,
    session& session,
    const backend_state& backend
) {
    const bool is_gtid =
        entry.type == session_track_type::gtids ||
        (entry.type == session_track_type::system_variables && entry.name == "last_gtid");
    if (is_gtid) {
        session.written.on_gtid(entry.value, backend.flavor);
        facts_.has_gtid = true;
    } else if (entry.type == session_track_type::schema) {
        session.state.set_schema(entry.value);
        facts_.tells_schema = true;
    } else if (entry.type == session_track_type::state_change) {
        facts_.state_changed = true;
    } else if (is_given_back(entry, session, backend) || has_set_for_itself(entry.name)) {
        return;
    } else if (entry.type == session_track_type::system_variables) {
        if (entry.name == "character_set_connection") facts_.connection_charset_changed = true;
        if (entry.name == "character_set_results") facts_.results_charset_changed = true;
        if (entry.name == "collation_connection") facts_.connection_collation_changed = true;
        if (session.state.on_variable(entry.name, entry.value) ==
            session_state::tracked::own_connection) {
            facts_.connection_variable = entry.name;
            asked_ = either(asked_, session.state.asked());
            hide_what_was_not_asked(asked_);
        }
    }
}

error_code response_relay::learn_prepared(bytes_view payload, const backend_state& backend) {
    const auto message = protocol::mysql::stmt_prepare_ok::decode(payload, backend.capabilities);
    if (!message) return message.error();
    prepared_ = {nullptr, message->statement_id, message->parameters};
    facts_.warnings = message->warnings;
    facts_.columns = message->columns;
    return {};
}

error_code response_relay::learn_parameter(bytes_view payload, const backend_state& backend) {
    const auto one = class_of_definition(payload, backend.capabilities);
    if (!one) return one.error();
    prepared_.taken_as.push_back(*one);
    return {};
}

}  // namespace weir::splitter
