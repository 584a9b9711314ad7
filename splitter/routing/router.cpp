#include "splitter/routing/router.hpp"

namespace weir::splitter {
namespace {

/// A transaction that will be read-only from its start: the statement says so, or the session does.
bool opens_read_only_transaction(const statement_traits& statement, const routing_facts& facts) {
    if (statement.what == statement_traits::kind::set_transaction) {
        return statement.one_shot_transaction && statement.one_shot_read_only;
    }
    if (statement.what != statement_traits::kind::begin || statement.begin_read_write) return false;
    return statement.begin_read_only || facts.state.transactions_read_only();
}

/// Of reads and read-only transactions; a read that sees less may see more.
config::consistency consistency_of(const routing_hint& hint, const routing_facts& facts) {
    if (!facts.settings.hints) return facts.settings.consistency;
    return hint.consistency.value_or(facts.settings.consistency);
}

/// Why it may run on a replica, or why it may not.
route_reason reason_of(
    const statement_traits& statement, config::consistency wanted, const routing_facts& facts
) {
    if (statement.pins) return route_reason::pins;
    if (statement.reads_previous_statement) return route_reason::previous_statement;
    const bool only_reads = statement.only_reads;
    if (!only_reads && !opens_read_only_transaction(statement, facts))
        return route_reason::not_a_read;
    // Only the primary surely has what others have written.
    if (wanted == config::consistency::global) return route_reason::global_consistency;
    // With autocommit off the first read opens a transaction that may write later; it cannot jump
    // servers then.
    if (!facts.transaction.autocommit) return route_reason::autocommit_off;
    // What it has set globally holds on the primary only.
    if (facts.state.has_set_globals()) return route_reason::globals_set;
    // Under SERIALIZABLE a plain read takes locks, which only mean something on the primary.
    if (facts.state.serializable() || statement.sets_serializable)
        return route_reason::serializable;
    if (wanted == config::consistency::session && facts.written.only_primary_has_it())
        return route_reason::own_write;
    return only_reads ? route_reason::reads : route_reason::read_only_transaction;
}

bool may_run_on_replica(route_reason why) {
    return why == route_reason::reads || why == route_reason::read_only_transaction;
}

}  // namespace

route decide(
    const statement_traits& statement, const routing_hint& hint, const routing_facts& facts
) {
    route wanted;
    const bool hinted = facts.settings.hints;
    const config::consistency sees = consistency_of(hint, facts);
    wanted.why = reason_of(statement, sees, facts);
    if (!may_run_on_replica(wanted.why)) return wanted;
    if (hinted && hint.what == routing_hint::target::primary) {
        wanted.why = route_reason::hint;
        return wanted;
    }
    wanted.role = server_role::replica;
    wanted.lag_max = facts.settings.max_lag;
    if (sees == config::consistency::session) wanted.must_contain = facts.written.required();
    // A transaction that begins would count the wait as its own time.
    if (statement.only_reads) wanted.causal_wait = facts.settings.causal_wait;
    if (hinted && hint.what == routing_hint::target::server) wanted.server_name = hint.server_name;
    wanted.spares_primary = hinted && hint.what == routing_hint::target::replica;
    return wanted;
}

}  // namespace weir::splitter
