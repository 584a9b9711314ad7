#include "splitter/relay/routine_effects.hpp"

#include "splitter/sql/token_word.hpp"

#include <array>
#include <optional>

namespace weir::splitter {
namespace {

using kind = pin_effect::kind;

/// Their own changes are known from their text, and they start no routine.
constexpr std::array<std::string_view, 10> plain_verbs{
    "create",
    "alter",
    "drop",
    "rename",
    "truncate",
    "prepare",
    "deallocate",
    "lock",
    "unlock",
    "set"};

struct called_procedure {
    std::string_view schema;
    std::string_view name;
};

/// CALL [schema.]name
std::optional<called_procedure> procedure_of(
    std::string_view text, std::string_view schema, const lexer_options& options
) {
    lexer reader{text, options};
    if (!is_bare_word(reader.next(), "call")) return std::nullopt;
    const token first = reader.next();
    if (!may_be_name(first)) return std::nullopt;
    lexer ahead = reader;
    if (!ahead.next().is('.')) return called_procedure{schema, without_quotes(first)};
    const token second = ahead.next();
    if (!may_be_name(second)) return std::nullopt;
    return called_procedure{without_quotes(first), without_quotes(second)};
}

std::string in_full(const body_leftovers::name& table) {
    return table.first + "." + table.second;
}

void add_effects(const body_leftovers& left, std::vector<pin_effect>& effects) {
    for (const auto& table : left.temporary_tables)
        effects.push_back({kind::add_once, pin_cause::temporary_table, in_full(table), false});
    for (const auto& table : left.passing_tables) {
        effects.push_back({kind::add_once, pin_cause::temporary_table, in_full(table), false});
        effects.push_back({kind::remove, pin_cause::temporary_table, in_full(table), false});
    }
    if (left.user_variables)
        effects.push_back({kind::add_once, pin_cause::user_variable, {}, false});
    if (left.named_locks) effects.push_back({kind::add_once, pin_cause::named_lock, "?", false});
}

void add_effects_of_call(
    command_plan& plan, const called_procedure& called, const known_definitions& known
) {
    const routine_catalog* const catalog = known.catalog();
    if (catalog == nullptr) return;
    const body_leftovers* const left = catalog->left_by_procedure(called.schema, called.name);
    if (known.is_changing_routines() || (left != nullptr && left->other_text)) {
        plan.pin_effects.push_back({kind::add_once, pin_cause::routine, {}, false});
        return;
    }
    if (left == nullptr) return;
    add_effects(*left, plan.pin_effects);
    plan.leaves_only_what_is_known = true;
}

}  // namespace

void add_effects_of_routines(command_plan& plan, const session& session, const environment& world) {
    if (plan.traits.calls_what_leaves_state)
        plan.pin_effects.push_back({kind::add_once, pin_cause::routine, {}, false});
    const bool may_call = world.definitions != nullptr &&
                          plan.traits.what == statement_traits::kind::write &&
                          plan.traits.may_return_rows_of_a_write && !plan.traits.changes_rows;
    if (!may_call) return;
    const lexer_options options = reading_options(session, world);
    if (const auto called = procedure_of(plan.text, session.state.schema(), options))
        add_effects_of_call(plan, *called, world.definitions->known());
}

bool leaves_more_than_it_says(const command_plan& plan, const lexer_options& options) {
    using kind = statement_traits::kind;
    using protocol::mysql::command;
    const bool runs_sql = plan.command == command::query || plan.command == command::stmt_execute ||
                          plan.command == command::stmt_bulk_execute;
    if (!runs_sql) return false;
    // Hints of a read report what they set, and what it is again afterwards.
    if (plan.traits.only_reads || plan.traits.sets_for_itself) return false;
    if (plan.leaves_only_what_is_known) return false;
    switch (plan.traits.what) {
        case kind::set:
        case kind::set_transaction:
        case kind::use:
        case kind::empty: return false;
        case kind::write: break;
        case kind::read:
        case kind::begin:
        case kind::end:
        case kind::several: return true;
    }
    lexer reader{plan.text, options};
    return !is_bare_word_of(reader.next(), plain_verbs);
}

}  // namespace weir::splitter
