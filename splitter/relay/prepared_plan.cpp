#include "splitter/relay/prepared_plan.hpp"

#include "protocol/wire/byte_reader.hpp"
#include "splitter/relay/diagnostics_plan.hpp"
#include "splitter/relay/own_plan.hpp"
#include "splitter/relay/parameter_reading.hpp"
#include "splitter/relay/prepared_kill.hpp"
#include "splitter/relay/statement_plan.hpp"
#include "splitter/sql/classifier.hpp"
#include "splitter/sql/routing_hint.hpp"
#include "splitter/sql/value_substitution.hpp"

#include <string>
#include <utility>

namespace weir::splitter {

using protocol::mysql::command;
using protocol::mysql::response_kind;
using protocol::mysql::server_errc;
using protocol::wire::byte_reader;
using protocol::wire::bytes_view;

namespace {

/// What functions and views do may have changed since the statement was prepared.
void classify_again(prepared_statement& statement, const environment& world) {
    const known_definitions& known = known_now(world);
    if (std::exchange(statement.definitions_version, known.version()) == known.version()) return;
    statement.traits = classify(statement.text(), statement.reading, {&known, statement.schema});
}

command_plan unknown_statement(std::uint32_t id, std::string_view what) {
    return refuse(
        server_errc::unknown_stmt_handler,
        "Unknown prepared statement handler (" + std::to_string(id) + ") given to " +
            std::string(what)
    );
}

/// A run of these has the flag METADATA_CHANGED if there are other columns than before. MariaDB
/// compares the list behind SELECT or DELETE only: not that of an INSERT ... RETURNING, which has
/// both.
bool tells_columns(
    const statement_traits& traits, std::string_view text, const lexer_options& options
) {
    if (traits.queries) return true;
    return traits.may_return_rows_of_a_write &&
           lexer(text, options).next().is(keyword::delete_word);
}

void route_prepared(command_plan& plan, const session& session, const environment& world) {
    classify_again(*plan.statement, world);
    plan.traits = plan.statement->traits;
    plan.text = plan.statement->text();
    plan.rules = ask_rules_again(*plan.statement, session, world);
    plan.digest = plan.statement->digest;
    plan.digested = plan.text;
    plan.is_plainly_written = plan.statement->is_plainly_written;
    const lexer_options& options = plan.statement->reading;
    const routing_hint hint =
        plan.is_plainly_written ? routing_hint{} : find_hint(plan.text, options);
    if (plan.traits.is_plain_read()) return route_statement(plan, hint, session, world);
    if (answers_conditions(plan, session, options)) return;
    if (plan.traits.reads_diagnostics) {
        plan.asks_about_rows = !plan.traits.shows_conditions;
        const std::string answered = answered_text(plan, session, options);
        if (!answered.empty()) {
            plan.replacement = world.statements->use(answered, session.state, world.flavor);
            plan.text = plan.replacement.get()->text();
            plan.is_plainly_written = false;
            plan.traits =
                statement_reader{options, known_now(world), plan.statement->schema}(plan.text);
        }
    }
    route_statement(plan, hint, session, world);
    if (plan.traits.what == statement_traits::kind::read && !plan.traits.only_reads)
        answer_processlist(plan, options);
    note_changes(plan, options, plan.statement->schema, world);
}

command_plan refuse_data(const environment& world) {
    return refuse(
        server_errc::unknown_error,
        "Parameters of prepared statements which are set through mysql_send_long_data() are longer "
        "than limits.long_data bytes (current value: " +
            std::to_string(world.limits.long_data) + ")"
    );
}

/// Its connection is lost: the command is planned again, and finds no cursor.
void go_to_cursor(command_plan& plan) {
    if (plan.statement->home == nullptr) return;
    plan.at_cursor = true;
    plan.effect = statement_effect::none;
    plan.where.connection = plan.statement->home;
}

/// About a statement of the session, where its cursor is open; refused if there is none of that id.
command_plan plan_at_cursor(
    command what, response_kind response, bytes_view payload, session& session
) {
    byte_reader reader(payload.subspan(1));
    const std::uint32_t id = reader.u32();
    if (reader.failed())
        return refuse(server_errc::malformed_packet, "Malformed communication packet (STMT)");
    command_plan plan;
    plan.command = what;
    plan.response = response;
    plan.statement = session.statements.find(id);
    if (plan.statement == nullptr) {
        const bool fetches = what == command::stmt_fetch;
        return unknown_statement(id, fetches ? "mysqld_stmt_fetch" : "mysqld_stmt_reset");
    }
    go_to_cursor(plan);
    return plan;
}

}  // namespace

local_error lost_cursor() {
    return {
        server_errc::network_read_error,
        "Lost connection to server: the open cursor is gone with it"};
}

command_plan plan_prepare(bytes_view payload, session& session, const environment& world) {
    const std::string_view text = protocol::wire::as_text(payload.subspan(1));
    if (session.statements.size() >= world.limits.prepared_statements) {
        return refuse(
            server_errc::max_prepared_statements_reached,
            "Can't create more than limits.prepared_statements statements (current value: " +
                std::to_string(world.limits.prepared_statements) + ")"
        );
    }
    const lexer_options options = reading_options(session, world);
    command_plan plan;
    plan.command = command::stmt_prepare;
    plan.response = response_kind::prepare;
    plan.text = text;
    const std::string_view schema = session.state.schema();
    const statement_reader read{options, known_now(world), schema};
    const auto own = read_text(plan, read, world);
    if (own && own->what != own_statement::kind::show_processlist)
        return plan_own_prepare(*own, text, session, world);
    if (auto instead = follow_rules(plan, read, session, world)) return std::move(*instead);
    const routing_hint hint = find_hint(plan.text, options);
    if (plan.traits.asks_connection_id) {
        // It stays the same; what else there is to know is known when the statement is run.
        std::string answered =
            with_known_values(plan.text, known_for_the_session(session), options);
        if (!answered.empty()) send_instead(plan, std::move(answered));
        plan.traits = read(plan.text);
    }
    const std::uint64_t version = read.known.version();
    const bool has_columns_to_tell = tells_columns(plan.traits, plan.text, options);
    route_statement(plan, hint, session, world);
    plan.effect = statement_effect::none;
    write_scopes(plan, options, world);
    plan.statement = &session.statements.add(
        world.statements->use(plan.text, session.state, world.flavor), plan.traits
    );
    plan.statement->reading = options;
    plan.statement->is_plainly_written = plan.is_plainly_written;
    plan.statement->schema = schema;
    plan.statement->tells_columns = has_columns_to_tell;
    plan.statement->unscoped = std::move(plan.unscoped);
    plan.statement->definitions_version = version;
    if (plan.rewritten != nullptr) plan.statement->asked = text;
    plan.statement->digest = std::exchange(plan.digest, 0);
    // Preparing does nothing of what the statement will: it writes nothing, sets nothing and ends
    // nothing.
    plan.may_write = false;
    plan.needs_insert_id = false;
    // Their types are those of its columns.
    plan.needs_user_variables = plan.traits.uses_user_variables;
    plan.pin_effects.clear();
    // It clears the conditions of the statement before, unless it is to show them; on MariaDB only
    // if it uses tables.
    plan.traits = {
        .shows_conditions = plan.traits.shows_conditions, .uses_tables = plan.traits.uses_tables};
    return plan;
}

command_plan plan_execute(
    command what, bytes_view payload, session& session, const environment& world
) {
    constexpr std::uint8_t no_cursor = 0;
    byte_reader reader(payload.subspan(1));
    const std::uint32_t id = reader.u32();
    const std::uint8_t cursor = what == command::stmt_execute ? reader.u8() & 0x07U : no_cursor;
    if (reader.failed())
        return refuse(server_errc::malformed_packet, "Malformed communication packet (EXECUTE)");
    command_plan plan;
    plan.command = what;
    plan.response = response_kind::query;
    plan.statement = session.statements.find(id);
    if (plan.statement == nullptr) return unknown_statement(id, "mysqld_stmt_execute");
    if (plan.statement->is_own) {
        const auto own = parse_own_statement(plan.statement->text(), plan.statement->reading);
        if (own) return plan_own(*own, what);
    }
    if (plan.statement->data_refused) return refuse_data(world);
    const bool is_bound = what == command::stmt_execute && plan.statement->parameters != 0;
    if (is_bound && world.flavor == protocol::mysql::server_flavor::mysql)
        note_binding(*plan.statement, payload, session);
    route_prepared(plan, session, world);
    if (plan.rules != nullptr && plan.rules->decision.reject != nullptr) return reject(plan);
    if (cursor != no_cursor) plan.response = response_kind::cursor;
    if (what != command::stmt_execute) return plan;
    if (const auto kill = prepared_kill(*plan.statement, payload, session)) {
        plan.what = command_plan::kind::kill;
        plan.killed = *kill;
    }
    return plan;
}

command_plan plan_long_data(bytes_view payload, session& session, const environment& world) {
    byte_reader reader(payload.subspan(1));
    const std::uint32_t id = reader.u32();
    const std::uint16_t parameter = reader.u16();
    if (reader.failed() && world.flavor == protocol::mysql::server_flavor::mysql)
        return refuse(server_errc::malformed_packet, "Malformed communication packet.");
    command_plan plan;
    plan.command = command::stmt_send_long_data;
    plan.response = response_kind::no_answer;
    plan.statement = reader.failed() ? nullptr : session.statements.find(id);
    // A server keeps silent about data for a statement it does not know or cannot read.
    const bool is_kept = plan.statement != nullptr && !plan.statement->is_own;
    plan.what = is_kept ? command_plan::kind::keep_data : command_plan::kind::nothing;
    plan.names_wrong_parameter = is_kept && parameter >= plan.statement->parameters;
    return plan;
}

command_plan plan_statement_reset(bytes_view payload, session& session) {
    auto plan = plan_at_cursor(command::stmt_reset, response_kind::simple, payload, session);
    const bool is_refused = plan.what == command_plan::kind::refuse;
    if (!is_refused && !plan.at_cursor) plan.what = command_plan::kind::ok;
    return plan;
}

command_plan plan_fetch(bytes_view payload, session& session, const environment& world) {
    auto plan = plan_at_cursor(command::stmt_fetch, response_kind::fetch, payload, session);
    if (plan.at_cursor) return plan;
    if (plan.what != command_plan::kind::refuse) {
        const std::string id = std::to_string(plan.statement->id);
        plan.what = command_plan::kind::refuse;
        plan.error = {
            server_errc::no_open_cursor,
            ended(world.flavor, "The statement (" + id + ") has no open cursor")};
        if (std::exchange(plan.statement->cursor_lost, false)) plan.error = lost_cursor();
    }
    // MySQL's error comes behind what there is, which only that connection can list.
    const auto& last = session.last;
    const bool comes_behind = world.flavor == protocol::mysql::server_flavor::mysql &&
                              last.conditions_at != nullptr && last.conditions == nullptr;
    if (comes_behind) ask_for_conditions(plan, last);
    return plan;
}

command_plan plan_close(bytes_view payload, session& session) {
    byte_reader reader(payload.subspan(1));
    command_plan plan;
    plan.what = command_plan::kind::close_statement;
    plan.command = command::stmt_close;
    plan.response = response_kind::no_answer;
    plan.statement = session.statements.find(reader.u32());
    return plan;
}

}  // namespace weir::splitter
