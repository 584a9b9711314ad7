// The part of backend_preparation that has a connection take a statement's parameters as they are
// meant: as one server would that had run all of its client's runs.

#include "splitter/relay/backend_preparation.hpp"
#include "splitter/relay/execute_rewriter.hpp"

#include <algorithm>
#include <utility>

namespace weir::splitter {

using protocol::mysql::response_kind;

namespace {

/// A run with values of the wanted types would have `there` take its parameters so, and the run
/// that comes would not.
bool lacks_types(const backend_state::prepared& there, const parameter_binding& binding) {
    const parameter_classes& wanted = binding.taken_as;
    const parameter_classes& derived = there.what->derived();
    const bool is_known = there.taken_as.size() == wanted.size() && derived.size() == wanted.size();
    // A cursor would end with another run, and its statement is not run without one.
    if (!is_known || there.cursor_of != 0 || there.had_cursor) return false;
    const bool is_under = there.under == binding.under;
    if (is_under && there.taken_as == wanted) return false;
    const bool is_renewed = !takes_all(there.taken_as, binding.values);
    if ((is_renewed ? binding.is_under_now : is_under) &&
        are_taken_so_after(there.taken_as, derived, binding.values, wanted))
        return false;
    return can_be_had_by_a_run(there.taken_as, derived, wanted);
}

/// Null: it is not known there any more.
backend_state::prepared* find_by_id(backend_state& backend, std::uint32_t id) {
    const auto found =
        std::ranges::find(backend.statements, id, &backend_state::prepared::backend_id);
    return found == backend.statements.end() ? nullptr : &*found;
}

}  // namespace

meaning preparation_needs::meant() const {
    meaning found = statement->prepared_under();
    if (execution.binding != nullptr && execution.binding->under)
        found.variables = *execution.binding->under;
    return found;
}

/// The statement is known there: has its parameters taken as they are meant, too.
bool backend_preparation::have_it_bound(
    const session& session,
    backend_state& backend,
    const preparation_needs& needs,
    protocol::wire::send_buffer& out
) {
    if (needs.may_run_before && bring_types(session, backend, needs, out)) return true;
    return bind_as_meant(session, backend, needs, out);
}

/// Servers read texts by the character sets of when their types were sent, and keep these though a
/// run fails before anything is done. MariaDB's does without values, and MySQL's if there was data
/// for a parameter that the statement does not have; from then on, until it is reset.
bool backend_preparation::bind_as_meant(
    const session& session,
    backend_state& backend,
    const preparation_needs& needs,
    protocol::wire::send_buffer& out
) {
    if (needs.bound == nullptr) return false;
    const prepared_statement& bound = *needs.bound;
    const auto* const there = backend.find_statement(*needs.statement, needs.execution);
    if (there->is_condemned) {
        prepared_ = {.what = needs.statement, .backend_id = there->backend_id};
        begin(step::reset_statement, response_kind::simple, backend);
        append_reset(there->backend_id, out);
        return true;
    }
    if (there->types == bound.types && there->types_under == bound.types_under) return false;
    // A run that uses no tables leaves the conditions, on MariaDB, and this one would make some.
    const bool keeps = backend.flavor == protocol::mysql::server_flavor::mariadb;
    if (keeps && backend.left.owner == &session && backend.left.conditions) {
        ask(step::ask_conditions, backend, out);
        return true;
    }
    meant_ = std::make_unique<const session_state>(
        session.state.with_parameters_read_by(bound.types_under)
    );
    if (!bring_change(*meant_, backend, out)) bind(bound, *there, backend, out);
    return true;
}

void backend_preparation::bind(
    const prepared_statement& bound,
    const backend_state::prepared& there,
    const backend_state& backend,
    protocol::wire::send_buffer& out
) {
    prepared_ = {there.what, there.backend_id, there.parameters, bound.types};
    prepared_.types_under = bound.types_under;
    begin(step::bind, response_kind::query, backend);
    if (backend.flavor == protocol::mysql::server_flavor::mysql)
        append_condemned_binding(bound.types, there, backend.capabilities, out);
    else
        append_binding(bound.types, there, out);
}

void backend_preparation::on_bound(session& session, backend_state& backend) {
    session.on_conditions_replaced(backend);
    auto* const there = find_by_id(backend, prepared_.backend_id);
    if (there == nullptr) return;
    there->types = std::move(prepared_.types);
    there->types_under = std::move(prepared_.types_under);
    there->is_condemned = backend.flavor == protocol::mysql::server_flavor::mysql;
}

void backend_preparation::on_statement_reset(backend_state& backend) const {
    auto* const there = find_by_id(backend, prepared_.backend_id);
    if (there != nullptr) there->is_condemned = false;
}

/// MySQL takes the parameters as runs before had them, which may have been on other connections
/// and is nothing that a run says: here one with such types goes before. Types are compared before
/// anything is done, so it need not have rows.
bool backend_preparation::bring_types(
    const session& session,
    backend_state& backend,
    const preparation_needs& needs,
    protocol::wire::send_buffer& out
) {
    if (needs.statement == nullptr || needs.execution.binding == nullptr) return false;
    const parameter_binding& binding = *needs.execution.binding;
    const auto* const there = backend.find_statement(*needs.statement, needs.execution);
    if (there == nullptr || !lacks_types(*there, binding)) return false;
    const meaning meant = needs.meant();
    meant_ = std::make_unique<const session_state>(
        session.state.with_meaning(meant.variables, meant.flavor).without_rows()
    );
    if (is_out_of_reach(*meant_, backend)) return false;
    if (bring_change(*meant_, backend, out)) return true;
    prepared_ = {.what = needs.statement, .backend_id = there->backend_id};
    prepared_.taken_as = binding.taken_as;
    prepared_.under = binding.under;
    begin(step::types, response_kind::query, backend);
    append_run_with(binding.taken_as, there->backend_id, backend.capabilities, out);
    return true;
}

/// Also if the run has failed: it was prepared anew before.
void backend_preparation::on_types_brought(backend_state& backend) const {
    auto* const there = find_by_id(backend, prepared_.backend_id);
    if (there == nullptr) return;
    there->taken_as = prepared_.taken_as;
    there->under = prepared_.under;
    there->types.clear();  // what the client has bound is to be sent again
    there->was_run = true;
    there->ran_without = true;
}

}  // namespace weir::splitter
