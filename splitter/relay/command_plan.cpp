#include "splitter/relay/command_plan.hpp"

#include "protocol/mysql/messages/process_kill.hpp"
#include "protocol/mysql/messages/query.hpp"
#include "protocol/mysql/messages/set_option.hpp"
#include "protocol/wire/codec.hpp"
#include "splitter/relay/diagnostics_plan.hpp"
#include "splitter/relay/own_plan.hpp"
#include "splitter/relay/prepared_plan.hpp"
#include "splitter/relay/statement_plan.hpp"
#include "splitter/relay/tracking_plan.hpp"
#include "splitter/sql/routing_hint.hpp"

#include <optional>
#include <string>
#include <utility>

namespace weir::splitter {
namespace {

using protocol::mysql::command;
using protocol::mysql::response_kind;
using protocol::mysql::server_errc;
using protocol::wire::bytes_view;

command_plan to_primary(command what, response_kind response) {
    command_plan plan;
    plan.command = what;
    plan.response = response;
    return plan;
}

/// Of which nothing is left if its connection is lost.
command_plan asking(command what, response_kind response) {
    command_plan plan = to_primary(what, response);
    plan.effect = statement_effect::none;
    return plan;
}

/// A hint as query attribute counts more than one in a comment.
routing_hint hint_of(
    const protocol::mysql::query& query, std::string_view text, const lexer_options& options
) {
    const auto attribute = query.string_attribute("weir");
    routing_hint hint = attribute ? parse_hint_value(*attribute) : find_hint(text, options);
    if (const auto consistency = query.string_attribute("weir_consistency"))
        hint.consistency = parse_consistency(*consistency);
    return hint;
}

enum class planned_for : std::uint8_t { running, explaining };

command_plan plan_text(
    const protocol::mysql::query& query,
    const session& session,
    const environment& world,
    planned_for purpose
) {
    const lexer_options options = reading_options(session, world);
    command_plan plan;
    plan.command = command::query;
    plan.response = response_kind::query;
    plan.text = query.text;
    const std::string_view schema = session.state.schema();
    const statement_reader read{options, known_now(world), schema};
    const auto own = read_text(plan, read, world);
    const bool lists = own && own->what == own_statement::kind::show_processlist;
    // Always `plan` itself, so that it is made where it is to be.
    if (own && !lists) {
        plan = plan_own(*own, command::query);
        return plan;
    }
    if (auto instead = follow_rules(plan, read, session, world)) {
        plan = std::move(*instead);
        return plan;
    }
    const routing_hint hint = hint_of(query, plan.text, options);
    if (plan.traits.is_plain_read()) {
        route_statement(plan, hint, session, world);
        return plan;
    }
    read_prepared_in_sql(plan, read, session);
    if (answers_conditions(plan, session, options)) return plan;
    plan.asks_about_rows |= plan.traits.reads_diagnostics && !plan.traits.shows_conditions;
    std::string answered = answered_text(plan, session, options);
    if (!answered.empty()) {
        send_instead(plan, std::move(answered));
        plan.traits = read(plan.text);
    }
    route_statement(plan, hint, session, world);
    if (lists) answer_processlist(plan, options);
    hand_over_tracking(plan, session, options, world);
    if (!plan.hands_over_tracking && !session.state.asked().is_handed_over)
        write_scopes(plan, options, world);
    if (purpose == planned_for::running) note_changes(plan, options, schema, world);
    if (plan.traits.what != statement_traits::kind::write) return plan;
    if (const auto kill = parse_kill(plan.text, options)) {
        plan.what = command_plan::kind::kill;
        plan.killed = *kill;
    }
    return plan;
}

/// The set that a hint or an attribute brings from another session; empty: none does.
std::string_view given_gtid(
    const protocol::mysql::query& query, const session& session, const environment& world
) {
    // Most texts have no comment.
    const bool may_be_hint = query.text.find("/*") != std::string_view::npos &&
                             query.text.find("gtid=") != std::string_view::npos;
    if (!world.routing.hints || (query.attributes_raw.empty() && !may_be_hint)) return {};
    if (const auto attribute = query.string_attribute("weir_gtid")) return *attribute;
    return hint_of(query, query.text, reading_options(session, world)).gtid;
}

command_plan plan_query(bytes_view payload, session& session, const environment& world) {
    const auto query = protocol::mysql::query::decode(payload, session.capabilities);
    if (!query)
        return refuse(server_errc::malformed_packet, "Malformed communication packet (COM_QUERY)");
    if (const auto gtid = given_gtid(*query, session, world); !gtid.empty()) {
        if (auto refused = take_gtid(gtid, session, world)) return std::move(*refused);
    }
    return plan_text(*query, session, world, planned_for::running);
}

command_plan plan_process_kill(bytes_view payload) {
    const auto message = protocol::wire::decode<protocol::mysql::process_kill>(payload);
    if (!message)
        return refuse(
            server_errc::malformed_packet, "Malformed communication packet (PROCESS_KILL)"
        );
    auto plan = to_primary(command::process_kill, response_kind::simple);
    plan.what = command_plan::kind::kill;
    plan.killed.id = message->connection_id;
    return plan;
}

/// MySQL's answer to what is no statement counts the conditions of the last one, and after an error
/// only its connection knows how many there are.
bool must_count_conditions(const session& session, const environment& world) {
    const last_statement& last = session.last;
    return world.flavor == protocol::mysql::server_flavor::mysql && session.held == nullptr &&
           last.own_warnings > 0 && last.are_counted_there();
}

void count_conditions_first(command_plan& plan, const session& session, const environment& world) {
    if (must_count_conditions(session, world)) ask_for_conditions(plan, session.last);
}

/// Where conditions have to be counted it runs there, if nothing has to be brought before.
command_plan plan_init_db(bytes_view payload, const session& session, const environment& world) {
    auto plan = asking(command::init_db, response_kind::simple);
    plan.text = protocol::wire::as_text(payload.subspan(1));
    const auto* const counting = session.last.conditions_at;
    plan.counts_conditions = must_count_conditions(session, world) && counting->primary &&
                             counting->applied == session.state.mark();
    if (plan.counts_conditions) plan.where.connection = counting;
    return plan;
}

/// A server refuses any option that it does not know.
command_plan plan_set_option(bytes_view payload, const session& session, const environment& world) {
    auto plan = asking(command::set_option, response_kind::simple);
    const auto message = protocol::wire::decode<protocol::mysql::set_option>(payload);
    if (!message || message->option > protocol::mysql::set_option::multi_statements_off)
        return plan;
    plan.what = command_plan::kind::set_option;
    plan.allows_multi_statements =
        message->option == protocol::mysql::set_option::multi_statements_on;
    count_conditions_first(plan, session, world);
    return plan;
}

command_plan plan_replication(command what, response_kind response) {
    auto plan = to_primary(what, response);
    plan.pin_effects = {{pin_effect::kind::add_once, pin_cause::replication_client}};
    if (what != command::register_slave) plan.what = command_plan::kind::tunnel;
    return plan;
}

command_plan simply(command_plan::kind what, command of) {
    command_plan plan;
    plan.what = what;
    plan.command = of;
    return plan;
}

command_plan writing(command what) {
    auto plan = to_primary(what, response_kind::simple);
    plan.may_write = true;
    return plan;
}

/// All that the server has no say in.
lexer_options reading_options(const session& session) {
    lexer_options options;
    options.ansi_quotes = session.state.ansi_quotes();
    options.no_backslash_escapes = session.state.no_backslash_escapes();
    options.ignore_space = session.state.ignore_space();
    options.charset = session.state.charset();
    return options;
}

}  // namespace

const shared_statement_pointer& run_statement(const command_plan& plan) {
    const auto& replacement = plan.replacement.get();
    return replacement != nullptr ? replacement : plan.statement->shared.get();
}

statement_execution execution_of(const command_plan& plan) {
    const parameter_binding& binding = plan.statement->binding;
    return {
        plan.statement->id,
        plan.response == response_kind::cursor,
        binding.values.empty() ? nullptr : &binding};
}

bool runs_prepared(const command_plan& plan) {
    return plan.statement != nullptr &&
           (plan.command == command::stmt_execute || plan.command == command::stmt_bulk_execute);
}

lexer_options reading_options(const session& session, const environment& world) {
    lexer_options options = reading_options(session);
    options.flavor = world.flavor;
    options.server_version = world.version_number;
    return options;
}

lexer_options reading_options(const session& session, const backend_state& server) {
    lexer_options options = reading_options(session);
    options.flavor = server.flavor;
    options.server_version = server.version_number;
    return options;
}

command_plan plan_to_explain(
    std::string_view text, const session& session, const environment& world
) {
    return plan_text({{}, text}, session, world, planned_for::explaining);
}

command_plan plan_command(bytes_view payload, session& session, const environment& world) {
    if (payload.empty())
        return refuse(
            server_errc::malformed_packet, "Malformed communication packet (empty command)"
        );
    const auto what = static_cast<command>(payload[0]);
    switch (what) {
        case command::query: return plan_query(payload, session, world);
        case command::stmt_execute:
        case command::stmt_bulk_execute: return plan_execute(what, payload, session, world);
        case command::stmt_prepare: return plan_prepare(payload, session, world);
        case command::stmt_close: return plan_close(payload, session);
        case command::stmt_send_long_data: return plan_long_data(payload, session, world);
        case command::stmt_reset: return plan_statement_reset(payload, session);
        case command::stmt_fetch: return plan_fetch(payload, session, world);
        case command::init_db: return plan_init_db(payload, session, world);
        case command::quit: return simply(command_plan::kind::quit, what);
        case command::ping: {
            auto plan = asking(what, response_kind::simple);
            plan.what = command_plan::kind::ok;
            count_conditions_first(plan, session, world);
            return plan;
        }
        case command::change_user: return simply(command_plan::kind::change_user, what);
        case command::field_list: return asking(what, response_kind::field_list);
        case command::statistics: return asking(what, response_kind::statistics);
        case command::process_info: return plan_process_info();
        case command::process_kill: return plan_process_kill(payload);
        case command::debug: return asking(what, response_kind::simple);
        case command::set_option: return plan_set_option(payload, session, world);
        case command::reset_connection: {
            auto plan = to_primary(what, response_kind::simple);
            plan.what = command_plan::kind::reset_session;
            return plan;
        }
        case command::create_db:
        case command::drop_db:
        case command::refresh:
        case command::shutdown: return writing(what);
        case command::register_slave: return plan_replication(what, response_kind::simple);
        case command::binlog_dump:
        case command::binlog_dump_gtid: return plan_replication(what, response_kind::query);
        case command::sleep:
        case command::connect:
        case command::time:
        case command::delayed_insert:
        case command::table_dump:
        case command::connect_out:
        case command::daemon:
        case command::clone:
        case command::subscribe_group_replication_stream:
        case command::multi: break;
    }
    return refuse(server_errc::unknown_command, "Unknown command");
}

}  // namespace weir::splitter
