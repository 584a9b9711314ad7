#include "splitter/relay/statement_plan.hpp"

#include "splitter/relay/conditions_answer.hpp"
#include "splitter/relay/diagnostics_plan.hpp"
#include "splitter/relay/own_plan.hpp"
#include "splitter/relay/routine_effects.hpp"
#include "splitter/routing/router.hpp"
#include "splitter/rules/rule_effects.hpp"
#include "splitter/session/session_diff.hpp"
#include "splitter/sql/classifier.hpp"
#include "splitter/sql/session_scope.hpp"
#include "splitter/sql/sql_prepared.hpp"
#include "splitter/sql/system_objects.hpp"
#include "splitter/sql/value_substitution.hpp"

#include <utility>

namespace weir::splitter {

using protocol::mysql::server_errc;

namespace {

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

/// One pass each over a text costs less than one for several characters at a time.
bool has_character(std::string_view text, char wanted) {
    return text.find(wanted) != std::string_view::npos;
}

/// A statement finds there what it may need of the session: what had to be set before it would be
/// the statement before.
bool lacks_nothing(const backend_state& connection, const session& session) {
    const auto& insert_id = session.insert_id;
    const bool is_told = insert_id.at == nullptr;
    const bool has_insert_id =
        is_told ? connection.insert_id == insert_id.value : insert_id.at == &connection;
    return has_insert_id && user_variable_change(session.state, connection).empty() &&
           !has_foreign_variables(session.state, connection);
}

/// The connection that has all that a statement asks about the one before; null: there is none, or
/// the session cannot leave another one for it.
const backend_state* who_can_tell(const statement_traits& traits, const session& session) {
    const auto& last = session.last;
    const bool lists = traits.shows_conditions && last.conditions_at != nullptr;
    const backend_state* knowing = last.at;
    if (traits.shows_conditions) knowing = lists ? last.conditions_at : who_has_diagnostics(last);
    const bool is_held = session.held != nullptr && session.held == knowing;
    if (knowing == nullptr || (session.held != nullptr && !is_held)) return nullptr;
    // There are none: any other than a held one need not be asked.
    if (traits.shows_conditions && !lists && !is_held) return nullptr;
    if (traits.only_reads_diagnostics && !traits.uses_user_variables) return knowing;
    using kind = statement_traits::kind;
    const bool is_several = traits.what == kind::several;
    const bool asks = traits.reads_diagnostics && (traits.what == kind::read || is_several);
    const bool may_run_there = is_several ? knowing->primary : is_held || !traits.uses_tables;
    return asks && may_run_there && lacks_nothing(*knowing, session) ? knowing : nullptr;
}

/// A text that will run on the held connection, whatever else it does, which has just that. A
/// replica is left for what is more than a read.
bool runs_where_it_is_known(const statement_traits& traits, const session& session) {
    if (session.held == nullptr || session.held != who_has_diagnostics(session.last)) return false;
    const bool stays = session.held->primary || traits.what == statement_traits::kind::read;
    return stays && lacks_nothing(*session.held, session);
}

/// What the session knows of its last statement, unless the connection that ran it will be asked:
/// FOUND_ROWS() that one has only if it ran what found them, or may have found others.
known_values values_for(
    const statement_traits& traits, const session& session, bool will_be_asked
) {
    known_values values = known_for_the_session(session);
    if (!traits.reads_diagnostics) return values;
    // Else the text would stand in the error that it ends with.
    values.knows_several = session.state.multi_statements();
    const auto& last = session.last;
    const bool has_found_rows = last.found_rows_at == last.at;
    const bool is_known = last.found_rows && last.who_found_rows() == nullptr;
    if (is_known && !(will_be_asked && has_found_rows))
        values.found_rows = static_cast<std::int64_t>(*last.found_rows);
    if (will_be_asked && who_has_diagnostics(last) != nullptr) return values;
    if (!will_be_asked) values.row_count = last.row_count;
    values.warnings = last.warnings;
    values.errors = count_errors(last);
    return values;
}

}  // namespace

command_plan refuse(server_errc code, std::string message) {
    command_plan plan;
    plan.what = command_plan::kind::refuse;
    plan.error = {code, std::move(message)};
    return plan;
}

const known_definitions& known_now(const environment& world) {
    static const known_definitions nothing;
    return world.definitions == nullptr ? nothing : world.definitions->known();
}

statement_traits statement_reader::operator()(std::string_view text) const {
    return classify(text, options, {&known, schema});
}

namespace {

void take_reading(command_plan& plan, const statement_reading& reading, const environment& world) {
    plan.traits = reading.traits;
    if (world.limits.digests == 0) return;
    plan.digest = reading.digest;
    plan.digested = plan.text;
}

statement_reading read_whole(std::string_view text, const statement_reader& read) {
    statement_digest digest;
    const statement_traits traits =
        classify(text, read.options, {&read.known, read.schema}, digest);
    return {traits, digest.finish()};
}

}  // namespace

std::optional<own_statement> read_text(
    command_plan& plan, const statement_reader& read, const environment& world
) {
    const statement_form form{{plan.text, read.options, read.schema, read.known.version()}};
    plan.is_plainly_written = form.exists();
    if (world.readings != nullptr) {
        if (const auto* const known = world.readings->find(form)) {
            take_reading(plan, *known, world);
            return std::nullopt;
        }
    }
    auto own = parse_own_statement(plan.text, read.options);
    if (own && own->what != own_statement::kind::show_processlist) return own;
    const statement_reading reading = read_whole(plan.text, read);
    take_reading(plan, reading, world);
    if (world.readings != nullptr) world.readings->keep(form, reading);
    return own;
}

/// A transaction may ask for it later, and stays where it began.
void prefer_who_knows_insert_id(command_plan& plan, const backend_state* knowing) {
    if (knowing == nullptr) return;
    const bool goes_to_primary = plan.where.role == server_role::primary;
    const bool is_begin = plan.traits.what == statement_traits::kind::begin;
    const bool may_run_there = plan.needs_insert_id && (knowing->primary || !goes_to_primary);
    const bool may_begin_there = is_begin && knowing->primary == goes_to_primary;
    if (may_run_there || may_begin_there) plan.where.preferred = knowing;
}

void route_statement(
    command_plan& plan, const routing_hint& hint, const session& session, const environment& world
) {
    // Only the primary can tell how such a text is read; the connection there tells the sql_mode.
    const bool needs_sql_mode = !plan.is_plainly_written &&
                                (has_character(plan.text, '"') || has_character(plan.text, '\\'));
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
    prefer_who_knows_insert_id(plan, session.insert_id.at);
    // A SET may change what a string is, and then these must be where it runs; and what stays there
    // must not find those of others.
    plan.needs_user_variables = plan.needs_insert_id || plan.traits.uses_user_variables ||
                                plan.traits.what == statement_traits::kind::set ||
                                plan.traits.what == statement_traits::kind::begin ||
                                plan.traits.pins || !session.transaction.autocommit;
    if (const auto* const knowing = who_can_tell(plan.traits, session)) {
        plan.where.connection = knowing;
        plan.where.why = route_reason::diagnostics;
        if (plan.traits.only_reads_diagnostics) plan.effect = statement_effect::none;
        plan.needs_user_variables = false;  // to bring them would be the statement before
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

void send_instead(command_plan& plan, std::string text) {
    plan.rewritten = std::make_unique<const std::string>(std::move(text));
    plan.text = *plan.rewritten;
    plan.is_plainly_written = false;
}

std::optional<command_plan> follow_rules(
    command_plan& plan,
    const statement_reader& read,
    const session& session,
    const environment& world
) {
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

known_values known_for_the_session(const session& session) {
    known_values values;
    if (session.connection_id != 0) values.connection_id = session.connection_id;
    values.trace = session.trace != nullptr ? 1 : 0;
    return values;
}

std::string answered_text(
    const command_plan& plan, const session& session, const lexer_options& options
) {
    const statement_traits& traits = plan.traits;
    if (!traits.asks_connection_id && !traits.reads_diagnostics) return {};
    // A prepared one may have to be prepared there first.
    const bool runs_now =
        plan.command == protocol::mysql::command::query && !traits.shows_conditions;
    const bool will_be_asked = who_can_tell(traits, session) != nullptr ||
                               (runs_now && runs_where_it_is_known(traits, session));
    return with_known_values(plan.text, values_for(traits, session, will_be_asked), options);
}

void read_prepared_in_sql(
    command_plan& plan, const statement_reader& read, const session& session
) {
    using kind = sql_prepared::kind;
    if (!plan.traits.pins || plan.traits.what != statement_traits::kind::write) return;
    const auto found = parse_sql_prepared(plan.text, read.options);
    if (!found) return;
    const std::string* const text =
        found->text ? &*found->text : session.prepared_in_sql.find(found->name);
    if (found->what == kind::deallocate) plan.traits.uses_tables = false;
    if (text == nullptr || found->what == kind::deallocate) return;
    const statement_traits inner = read(*text);
    plan.traits.uses_tables = inner.uses_tables && !inner.shows_conditions;
    const bool asks = inner.what == statement_traits::kind::read && inner.reads_diagnostics;
    if (found->what == kind::prepare || found->has_values || !asks) return;
    plan.traits.shows_conditions = inner.shows_conditions;
    const auto* const knowing = who_can_tell(inner, session);
    const bool can_be_asked = knowing != nullptr && lacks_nothing(*knowing, session);
    if (can_be_asked && found->what == kind::immediate) {
        // Only the primary is sent an EXECUTE, and nothing says that the statement before ran
        // there.
        send_instead(plan, *text);
        plan.traits = inner;
        return;
    }
    if (inner.shows_conditions) {
        if (can_be_asked) return;
        send_instead(plan, *text);
        plan.traits = inner;
        return;
    }
    plan.asks_about_rows = true;
    known_values values = values_for(inner, session, can_be_asked);
    values.has_warned = true;
    std::string known = with_known_values(*text, values, read.options);
    if (known.empty()) return;
    const statement_traits traits = read(known);
    if (traits.reads_diagnostics && !can_be_asked) return;
    send_instead(plan, std::move(known));
    plan.traits = traits;
}

void write_scopes(command_plan& plan, const lexer_options& options, const environment& world) {
    const bool may_set = plan.traits.what == statement_traits::kind::set ||
                         plan.traits.what == statement_traits::kind::several;
    if (!may_set || world.flavor != protocol::mysql::server_flavor::mariadb) return;
    auto [text, unscoped] = with_session_scope(plan.text, options);
    if (text.empty()) return;
    plan.unscoped = std::make_unique<const unscoped_variables>(std::move(unscoped));
    send_instead(plan, std::move(text));
}

bool answers_conditions(command_plan& plan, const session& session, const lexer_options& options) {
    if (!plan.traits.shows_conditions) return false;
    const auto* const knowing = who_can_tell(plan.traits, session);
    if (knowing != nullptr && session.trace == nullptr) return false;
    const auto show = parse_show_conditions(plan.text, options);
    if (!show) return false;
    ask_for_conditions(plan, session.last);
    plan.shown = *show;
    return true;
}

}  // namespace weir::splitter
