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

/// Why it may run on a replica, or why it may not.
route_reason reason_of(const statement_traits& statement, const routing_facts& facts) {
    if (statement.pins) return route_reason::pins;
    if (statement.reads_previous_statement) return route_reason::previous_statement;
    const bool only_reads = statement.only_reads;
    if (!only_reads && !opens_read_only_transaction(statement, facts))
        return route_reason::not_a_read;
    // With autocommit off the first read opens a transaction that may write later; it cannot jump
    // servers then.
    if (!facts.transaction.autocommit) return route_reason::autocommit_off;
    // What it has set globally holds on the primary only.
    if (facts.state.has_set_globals()) return route_reason::globals_set;
    // Under SERIALIZABLE a plain read takes locks, which only mean something on the primary.
    if (facts.state.serializable() || statement.sets_serializable)
        return route_reason::serializable;
    if (only_reads) return route_reason::reads;
    return facts.transaction.begins_on_primary ? route_reason::left_replica
                                               : route_reason::read_only_transaction;
}

bool may_run_on_replica(route_reason why) {
    return why == route_reason::reads || why == route_reason::read_only_transaction;
}

config::consistency consistency_of(
    const routing_hint& hint, const config::routing_settings& settings
) {
    return settings.hints && hint.consistency ? *hint.consistency : settings.consistency;
}

/// What a replica must have for it. False: only the primary surely has that.
bool require_of_replica(config::consistency wanted, const routing_facts& facts, route& where) {
    if (wanted == config::consistency::eventual) return true;
    const bool is_global = wanted == config::consistency::global;
    where.needs_position = facts.asks_positions && (is_global || facts.written.needs_position());
    where.only_with_position = is_global || facts.written.only_primary_has_it();
    if (where.only_with_position && !where.needs_position) return false;
    where.must_contain = facts.written.required();
    where.stays_at = facts.written.stays_at();
    return true;
}

}  // namespace

route decide(
    const statement_traits& statement, const routing_hint& hint, const routing_facts& facts
) {
    const config::consistency consistency = consistency_of(hint, facts.settings);
    route on_primary;
    on_primary.is_causal = consistency != config::consistency::eventual;
    const bool hinted = facts.settings.hints;
    on_primary.why = reason_of(statement, facts);
    if (!may_run_on_replica(on_primary.why)) return on_primary;
    if (hinted && hint.what == routing_hint::target::primary) {
        on_primary.why = route_reason::hint;
        return on_primary;
    }
    route wanted = on_primary;
    if (!require_of_replica(consistency, facts, wanted)) {
        const bool is_global = consistency == config::consistency::global;
        on_primary.why = is_global ? route_reason::global_consistency : route_reason::own_write;
        return on_primary;
    }
    wanted.role = server_role::replica;
    wanted.lag_max = facts.settings.max_lag;
    wanted.causal_wait = facts.settings.causal_wait;
    if (hinted && hint.what == routing_hint::target::server) wanted.server_name = hint.server_name;
    wanted.spares_primary = hinted && hint.what == routing_hint::target::replica;
    const bool names_another = !wanted.server_name.empty() || wanted.spares_primary;
    if (names_another && wanted.stays_at && facts.asks_positions) wanted.needs_position = true;
    return wanted;
}

}  // namespace weir::splitter
