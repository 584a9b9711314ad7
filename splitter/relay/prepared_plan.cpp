#include "splitter/relay/prepared_plan.hpp"

#include "protocol/wire/byte_reader.hpp"
#include "splitter/relay/own_plan.hpp"
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

/// Where a statement goes by its text. One whose long data or cursor ties it to a connection finds
/// that held.
void route_prepared(command_plan& plan, const session& session, const environment& world) {
    classify_again(*plan.statement, world);
    plan.traits = plan.statement->traits;
    plan.text = plan.statement->text();
    plan.rules = ask_rules_again(*plan.statement, session, world);
    plan.digest = plan.statement->digest;
    plan.digested = plan.text;
    const lexer_options& options = plan.statement->reading;
    const routing_hint hint = find_hint(plan.text, options);
    if (answers_conditions(plan, session, options)) return;
    if (plan.traits.reads_diagnostics) {
        const std::string answered = answered_text(plan.text, plan.traits, session, options);
        if (!answered.empty()) {
            plan.replacement = world.statements->use(answered, session.state);
            plan.text = plan.replacement.get()->text();
            plan.traits =
                statement_reader{options, known_now(world), plan.statement->schema}(plan.text);
        }
    }
    route_statement(plan, hint, session, world);
    if (plan.traits.what == statement_traits::kind::read && !plan.traits.only_reads)
        answer_processlist(plan, options);
    note_changes(plan, options, plan.statement->schema, world);
    if (plan.statement->home != nullptr) plan.effect = statement_effect::lasting;
}

}  // namespace

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
    const auto own = parse_own_statement(text, options);
    if (own && own->what != own_statement::kind::show_processlist)
        return plan_own_prepare(*own, text, session, world);
    command_plan plan;
    plan.command = command::stmt_prepare;
    plan.response = response_kind::prepare;
    plan.text = text;
    const std::string_view schema = session.state.schema();
    const statement_reader read{options, known_now(world), schema};
    if (auto instead = read_statement(plan, read, session, world)) return std::move(*instead);
    const routing_hint hint = find_hint(plan.text, options);
    if (plan.traits.asks_connection_id) {
        // It stays the same; what else there is to know is known when the statement is run.
        std::string answered =
            with_known_values(plan.text, known_for_the_session(session), options);
        if (!answered.empty()) send_instead(plan, std::move(answered));
        plan.traits = read(plan.text);
    }
    const std::uint64_t version = read.known.version();
    route_statement(plan, hint, session, world);
    plan.effect = statement_effect::none;
    write_scopes(plan, options, world);
    plan.statement =
        &session.statements.add(world.statements->use(plan.text, session.state), plan.traits);
    plan.statement->reading = options;
    plan.statement->schema = schema;
    plan.statement->definitions_version = version;
    if (plan.rewritten != nullptr) plan.statement->asked = text;
    plan.statement->digest = std::exchange(plan.digest, 0);
    // Preparing does nothing of what the statement will: it writes nothing, sets nothing and ends
    // nothing.
    plan.may_write = false;
    plan.needs_insert_id = false;
    plan.needs_user_variables = false;
    plan.pin_effects.clear();
    // It clears the conditions of the statement before, unless it is to show them.
    plan.traits = {.shows_conditions = plan.traits.shows_conditions};
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
    if (std::exchange(plan.statement->home_lost, false)) {
        return refuse(
            server_errc::network_read_error,
            "Lost connection to server: long data or an open cursor is gone with it"
        );
    }
    route_prepared(plan, session, world);
    if (plan.rules != nullptr && plan.rules->decision.reject != nullptr) return reject(plan);
    if (cursor != no_cursor) plan.response = response_kind::cursor;
    if (cursor != no_cursor && plan.statement->home == nullptr) {
        // The rows stay on the connection that opened the cursor: on the primary, until the
        // statement is closed.
        plan.where = {};
        plan.effect = statement_effect::lasting;
    }
    if (what != command::stmt_execute) return plan;
    if (const auto kill = prepared_kill(*plan.statement, payload, session)) {
        plan.what = command_plan::kind::kill;
        plan.killed = *kill;
    }
    return plan;
}

command_plan plan_at_home(
    command what, bytes_view payload, session& session, const environment& world
) {
    byte_reader reader(payload.subspan(1));
    const std::uint32_t id = reader.u32();
    if (reader.failed() && what != command::stmt_send_long_data)
        return refuse(server_errc::malformed_packet, "Malformed communication packet (STMT)");
    command_plan plan;
    plan.command = what;
    plan.statement = reader.failed() ? nullptr : session.statements.find(id);
    plan.response = what == command::stmt_send_long_data ? response_kind::no_answer
                    : what == command::stmt_fetch        ? response_kind::fetch
                                                         : response_kind::simple;
    if (plan.statement == nullptr) {
        // A server keeps silent about long data for a statement it does not know or cannot read.
        if (what == command::stmt_send_long_data) {
            plan.what = command_plan::kind::close_statement;
            return plan;
        }
        return unknown_statement(
            id, what == command::stmt_fetch ? "mysqld_stmt_fetch" : "mysqld_stmt_reset"
        );
    }
    if (plan.statement->home != nullptr) return plan;
    // Nothing is held anywhere: long data goes to the primary, there is nothing to reset and
    // nothing to fetch.
    if (what == command::stmt_reset) {
        plan.statement->home_lost = false;
        plan.what = command_plan::kind::ok;
    }
    if (what == command::stmt_fetch) {
        plan.what = command_plan::kind::refuse;
        plan.error = {
            server_errc::no_open_cursor,
            ended(world.flavor, "The statement (" + std::to_string(id) + ") has no open cursor")};
    }
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
