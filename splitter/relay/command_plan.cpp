#include "splitter/relay/command_plan.hpp"

#include "protocol/mysql/messages/process_kill.hpp"
#include "protocol/mysql/messages/query.hpp"
#include "protocol/wire/byte_reader.hpp"
#include "protocol/wire/codec.hpp"
#include "splitter/relay/conditions_answer.hpp"
#include "splitter/relay/diagnostics_plan.hpp"
#include "splitter/relay/own_plan.hpp"
#include "splitter/relay/prepared_kill.hpp"
#include "splitter/relay/routine_effects.hpp"
#include "splitter/routing/router.hpp"
#include "splitter/rules/rule_effects.hpp"
#include "splitter/sql/classifier.hpp"
#include "splitter/sql/routing_hint.hpp"
#include "splitter/sql/session_scope.hpp"
#include "splitter/sql/system_objects.hpp"
#include "splitter/sql/value_substitution.hpp"

#include <optional>
#include <string>
#include <utility>

namespace weir::splitter {
namespace {

using protocol::mysql::command;
using protocol::mysql::response_kind;
using protocol::mysql::server_errc;
using protocol::wire::byte_reader;
using protocol::wire::bytes_view;

command_plan refuse(server_errc code, std::string message) {
    command_plan plan;
    plan.what = command_plan::kind::refuse;
    plan.error = {code, std::move(message)};
    return plan;
}

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

/// Could the server's data differ after it? Opening a transaction and setting session state change
/// none.
bool may_write(const statement_traits& traits) {
    switch (traits.what) {
        case statement_traits::kind::empty:
        case statement_traits::kind::read:
        case statement_traits::kind::begin:
        case statement_traits::kind::set:
        case statement_traits::kind::set_transaction:
        case statement_traits::kind::use: return false;
        case statement_traits::kind::write:
        case statement_traits::kind::end:
        case statement_traits::kind::several: return !traits.only_reads;
    }
    return true;
}

/// May it ask for what LAST_INSERT_ID() is? A trigger or a procedure may, too.
bool may_ask_for_insert_id(const statement_traits& traits) {
    if (traits.only_reads_diagnostics) return false;
    return traits.reads_previous_statement || traits.what == statement_traits::kind::write ||
           traits.what == statement_traits::kind::several;
}

/// The connection that has all that a statement asks about the one before; null: there is none.
const backend_state* who_can_tell(const statement_traits& traits, const session& session) {
    const auto& last = session.last;
    // What has to be set before it would be the statement before.
    if (!traits.only_reads_diagnostics || traits.uses_user_variables) return nullptr;
    if (traits.shows_conditions) return last.conditions_at;
    const bool is_one = last.conditions_at == nullptr || last.conditions_at == last.at;
    return is_one && last.conditions == nullptr ? last.at : nullptr;
}

/// Fills in where a classified statement goes and what follows from running it.
void route_statement(
    command_plan& plan, const routing_hint& hint, const session& session, const environment& world
) {
    // Only the primary can tell how such a text is read; the connection there tells the sql_mode.
    const bool needs_sql_mode = plan.text.find_first_of("\"\\") != std::string_view::npos;
    const bool was_read = plan.traits.only_reads;
    auto why_not = route_reason::not_a_read;
    const bool is_read_for_sure = !needs_sql_mode || session.state.knows_sql_mode();
    if (!is_read_for_sure) {
        plan.traits.only_reads = false;
        why_not = route_reason::unknown_sql_mode;
    }
    if (session.state.auto_is_null() && plan.traits.only_reads) {
        why_not = route_reason::auto_is_null;
        plan.traits.only_reads = false;
        plan.traits.reads_previous_statement = true;
    }
    // Data of the server itself differs from server to server; unqualified names would be read
    // there.
    if (is_system_schema(session.state.schema())) {
        plan.traits.only_reads = false;
        why_not = route_reason::system_schema;
    }
    const routing_wish wish = plan.rules == nullptr
                                  ? routing_wish{hint, world.routing}
                                  : wish_of(plan.rules->decision, hint, world.routing);
    plan.where = decide(
        plan.traits,
        wish.hint,
        {session.state, session.transaction, session.written, wish.settings, world.asks_positions}
    );
    if (was_read && !plan.traits.only_reads) plan.where.why = why_not;
    if (plan.traits.asks_identity) plan.where.returns_to = session.identity_at;
    // What the text really is only the server knows then.
    if (is_read_for_sure) plan.effect = effect_of(plan.traits, session.transaction);
    plan.is_causal = plan.where.is_causal && world.asks_positions;
    plan.needs_insert_id = may_ask_for_insert_id(plan.traits);
    const backend_state* const knowing_id = session.insert_id.at;
    const bool may_run_there =
        knowing_id != nullptr && (knowing_id->primary || plan.where.role == server_role::replica);
    const bool is_begin = plan.traits.what == statement_traits::kind::begin;
    const bool is_kind =
        knowing_id != nullptr && knowing_id->primary == (plan.where.role == server_role::primary);
    if (plan.needs_insert_id && may_run_there) plan.where.preferred = knowing_id;
    if (is_begin && is_kind) plan.where.preferred = knowing_id;
    // A SET may change what a string is, and then these must be where it runs.
    plan.needs_user_variables = plan.needs_insert_id || plan.traits.uses_user_variables ||
                                plan.traits.what == statement_traits::kind::set;
    if (const auto* const knowing = who_can_tell(plan.traits, session)) {
        plan.where.connection = knowing;
        plan.where.why = route_reason::diagnostics;
        plan.effect = statement_effect::none;
    }
    plan.may_write = may_write(plan.traits);
    // A table may be a temporary one, whose drop says nothing of that.
    if (plan.traits.pins || (session.pinned.is_set() && !plan.traits.only_reads)) {
        plan.pin_effects =
            effects_on_pins(plan.text, session.state.schema(), reading_options(session, world));
    }
    add_effects_of_routines(plan, session, world);
    route_diagnostics(plan, session, reading_options(session, world));
}

/// As of one moment: asked for once for each command, as the next look may find more.
const known_definitions& known_now(const environment& world) {
    static const known_definitions nothing;
    return world.definitions == nullptr ? nothing : world.definitions->known();
}

/// Reads the texts of one command, by what is known as of one moment.
struct statement_reader {
    const lexer_options& options;
    const known_definitions& known;
    std::string_view schema;

    [[nodiscard]] statement_traits operator()(std::string_view text) const {
        return classify(text, options, {&known, schema});
    }

    /// The client's text, and its digest if any is wanted, in one pass.
    [[nodiscard]] statement_traits and_digest(command_plan& plan, const environment& world) const {
        if (world.limits.digests == 0) return (*this)(plan.text);
        statement_digest digest;
        const statement_traits traits = classify(plan.text, options, {&known, schema}, digest);
        plan.digest = digest.finish();
        plan.digested = plan.text;
        return traits;
    }
};

/// Before anything is sent, so that nobody relies on what the statement may be changing.
void note_changes(
    command_plan& plan,
    const lexer_options& options,
    std::string_view schema,
    const environment& world
) {
    if (world.definitions == nullptr) return;
    const auto* const catalog = known_now(world).catalog();
    auto change = definition_change_of(plan.text, plan.traits, options, catalog, schema);
    if (!change) return;
    plan.changes = std::make_unique<const change_under_way>(*world.definitions, std::move(*change));
}

/// What functions and views do may have changed since the statement was prepared.
void classify_again(prepared_statement& statement, const environment& world) {
    const known_definitions& known = known_now(world);
    if (std::exchange(statement.definitions_version, known.version()) == known.version()) return;
    statement.traits = classify(statement.text(), statement.reading, {&known, statement.schema});
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

void send_instead(command_plan& plan, std::string text) {
    plan.rewritten = std::make_unique<const std::string>(std::move(text));
    plan.text = *plan.rewritten;
}

/// Classifies the client's text in `plan.text` and lets rules have their say, which may put another
/// one there. Nothing, or the plan that takes this one's place: the statement is not to be run.
std::optional<command_plan> read_statement(
    command_plan& plan,
    const statement_reader& read,
    const session& session,
    const environment& world
) {
    plan.traits = read.and_digest(plan, world);
    plan.rules = ask_rules({plan.text, plan.traits, plan.digest}, session, world);
    if (plan.rules == nullptr) return std::nullopt;
    const rule_decision& decision = plan.rules->decision;
    if (decision.reject != nullptr) return reject(plan);
    if (decision.rewrite == nullptr) return std::nullopt;
    auto text = plan.rules->rules->rewrite(decision, plan.text, world.limits.packet_size);
    if (!text) {
        return refuse(
            server_errc::packet_too_large,
            "The rule " + decision.rewrite->name + " makes it longer than limits.packet_size"
        );
    }
    send_instead(plan, std::move(*text));
    plan.traits = read(plan.text);
    return std::nullopt;
}

/// What stays as it is from statement to statement.
known_values known_for_the_session(const session& session) {
    known_values values;
    if (session.connection_id != 0) values.connection_id = session.connection_id;
    values.trace = session.trace != nullptr ? 1 : 0;
    return values;
}

/// What the session knows of its last statement, unless the connection that ran it will be asked.
known_values values_for(const statement_traits& traits, const session& session) {
    known_values values = known_for_the_session(session);
    const auto& last = session.last;
    if (!traits.reads_diagnostics || who_can_tell(traits, session) != nullptr) return values;
    values.row_count = last.row_count;
    if (last.found_rows) values.found_rows = static_cast<std::int64_t>(*last.found_rows);
    values.warnings = last.warnings;
    values.errors = count_errors(last);
    return values;
}

/// The text with what we know in place of what it asks for; empty: it asks for nothing of the kind.
std::string answered_text(
    std::string_view text,
    const statement_traits& traits,
    const session& session,
    const lexer_options& options
) {
    if (!traits.asks_connection_id && !traits.reads_diagnostics) return {};
    return with_known_values(text, values_for(traits, session), options);
}

/// What is set has to be reported: MariaDB does so only where the scope is said.
void write_scopes(command_plan& plan, const lexer_options& options, const environment& world) {
    const bool may_set = plan.traits.what == statement_traits::kind::set ||
                         plan.traits.what == statement_traits::kind::several;
    if (!may_set || world.flavor != protocol::mysql::server_flavor::mariadb) return;
    std::string text = with_session_scope(plan.text, options);
    if (!text.empty()) send_instead(plan, std::move(text));
}

/// SHOW WARNINGS and its like, when no connection can be asked any more.
bool answers_conditions(command_plan& plan, const session& session, const lexer_options& options) {
    if (!plan.traits.shows_conditions) return false;
    const auto* const knowing = who_can_tell(plan.traits, session);
    if (knowing != nullptr && session.trace == nullptr) return false;
    const auto show = parse_show_conditions(plan.text, options);
    if (!show) return false;
    if (knowing != nullptr) {
        // To what it tells a note is added.
        plan.where.connection = knowing;
        plan.effect = statement_effect::none;
    }
    plan.what = command_plan::kind::conditions;
    plan.shown = *show;
    return true;
}

enum class planned_for : std::uint8_t { running, explaining };

command_plan plan_text(
    const protocol::mysql::query& query,
    const session& session,
    const environment& world,
    planned_for purpose
) {
    const lexer_options options = reading_options(session, world);
    const auto own = parse_own_statement(query.text, options);
    const bool lists = own && own->what == own_statement::kind::show_processlist;
    if (own && !lists) return plan_own(*own, command::query);
    command_plan plan;
    plan.command = command::query;
    plan.response = response_kind::query;
    plan.text = query.text;
    const std::string_view schema = session.state.schema();
    const statement_reader read{options, known_now(world), schema};
    if (auto instead = read_statement(plan, read, session, world)) return std::move(*instead);
    const routing_hint hint = hint_of(query, plan.text, options);
    if (answers_conditions(plan, session, options)) return plan;
    std::string answered = answered_text(plan.text, plan.traits, session, options);
    if (!answered.empty()) {
        send_instead(plan, std::move(answered));
        plan.traits = read(plan.text);
    }
    route_statement(plan, hint, session, world);
    if (lists) answer_processlist(plan, options);
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
    const bool may_be_hint = query.text.find("gtid=") != std::string_view::npos;
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

/// STMT_SEND_LONG_DATA, STMT_RESET and STMT_FETCH: about a statement where it is at home.
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

command_plan plan_init_db(bytes_view payload) {
    auto plan = asking(command::init_db, response_kind::simple);
    plan.text = protocol::wire::as_text(payload.subspan(1));
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

}  // namespace

const shared_statement_pointer& run_statement(const command_plan& plan) {
    const auto& replacement = plan.replacement.get();
    return replacement != nullptr ? replacement : plan.statement->shared.get();
}

lexer_options reading_options(const session& session, const environment& world) {
    lexer_options options;
    options.ansi_quotes = session.state.ansi_quotes();
    options.no_backslash_escapes = session.state.no_backslash_escapes();
    options.ignore_space = session.state.ignore_space();
    options.charset = session.state.charset();
    options.flavor = world.flavor;
    options.server_version = world.version_number;
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
        case command::stmt_send_long_data:
        case command::stmt_reset:
        case command::stmt_fetch: return plan_at_home(what, payload, session, world);
        case command::init_db: return plan_init_db(payload);
        case command::quit: return simply(command_plan::kind::quit, what);
        case command::ping: {
            auto plan = asking(what, response_kind::simple);
            plan.what = command_plan::kind::ok;
            return plan;
        }
        case command::change_user: return simply(command_plan::kind::change_user, what);
        case command::field_list: return asking(what, response_kind::field_list);
        case command::statistics: return asking(what, response_kind::statistics);
        case command::process_info: return plan_process_info();
        case command::process_kill: return plan_process_kill(payload);
        case command::debug:
        case command::set_option: return asking(what, response_kind::simple);
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
