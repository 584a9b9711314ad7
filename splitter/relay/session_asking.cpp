// The part of session_core that answers what clients ask weir itself: EXPLAIN ROUTE, SHOW WEIR
// PINS, SET weir_trace, and the note that a trace adds to SHOW WARNINGS.

#include "protocol/wire/ensure.hpp"
#include "splitter/relay/conditions_answer.hpp"
#include "splitter/relay/own_plan.hpp"
#include "splitter/relay/pins_answer.hpp"
#include "splitter/relay/processlist.hpp"
#include "splitter/relay/session_core.hpp"
#include "splitter/session/holds.hpp"

#include <limits>
#include <utility>

namespace weir::splitter {

using protocol::mysql::command;

namespace {

/// The number that servers give to the note of an EXPLAIN: "yes", and its text is the answer.
constexpr std::uint32_t code_of_trace = 1003;

local_result gtid_columns(std::string_view name) {
    constexpr std::uint32_t length = 4096;
    local_result result;
    result.columns = {{std::string(name), local_result::column_type::text, length}};
    return result;
}

local_result columns_of(const own_statement& own) {
    switch (own.what) {
        case own_statement::kind::explain_route: return route_columns();
        case own_statement::kind::show_pins: return pin_columns();
        case own_statement::kind::show_gtid: return gtid_columns(own.rest);
        case own_statement::kind::set_gtid:
        case own_statement::kind::show_processlist:  // prepared at a server
        case own_statement::kind::set_trace:
        case own_statement::kind::malformed:
        case own_statement::kind::bad_value: break;
    }
    return {};
}

}  // namespace

session_action session_core::answer_own() {
    if (plan_.command == command::stmt_prepare) return answer_own_prepare();
    switch (plan_.own.what) {
        case own_statement::kind::explain_route: return explain_route();
        case own_statement::kind::show_pins: return write_rows(pins_of(session_));
        case own_statement::kind::show_processlist: return begin_relaying();
        case own_statement::kind::show_gtid: return show_gtid();
        case own_statement::kind::set_gtid: {
            const auto refused = take_gtid(plan_.own.rest, session_, world_);
            if (refused) return answer_error(refused->error);
            session_.on_local_answer(std::nullopt);
            return answer_ok();
        }
        case own_statement::kind::set_trace:
            session_.on_local_answer(std::nullopt);
            session_.trace = plan_.own.on ? std::make_unique<statement_trace>() : nullptr;
            return answer_ok();
        case own_statement::kind::malformed:
        case own_statement::kind::bad_value: break;
    }
    WEIR_ENSURE(false);  // planned as a refusal
}

session_action session_core::answer_own_prepare() {
    const local_result result = columns_of(plan_.own);
    const local_statement made{plan_.statement->id, plan_.statement->parameters, result.columns};
    out_.clear();
    append_prepared(out_, answer_sequence_, made, result_settings_now());
    return write_answer();
}

/// All that the session's next read must find. What it is not known to contain is asked for.
session_action session_core::show_gtid() {
    const bool knows_all = session_.written.is_complete();
    if (!knows_all && world_.asks_positions) return ask_position();
    if (!knows_all) return refuse_gtid();
    local_result result = gtid_columns(plan_.own.rest);
    const auto* const required = session_.written.required();
    result.rows.push_back({required != nullptr ? required->to_string() : std::string()});
    session_.on_found_rows_here(1);
    return answer_rows(result);
}

session_action session_core::refuse_gtid() {
    return answer_error(
        {protocol::mysql::server_errc::unknown_error,
         "The primary's position is not known, and @@weir_gtid would not be complete"}
    );
}

/// Nothing of the session changes by it: neither its warnings nor a rule's throttle.
session_action session_core::explain_route() {
    const command_plan explained = plan_to_explain(plan_.own.rest, session_, world_);
    const bool is_held = backend_.state != nullptr;
    explanation_ = std::make_unique<route_explanation>(explanation_of(
        explained, reading_options(session_, world_), is_held ? held_by(session_) : std::string()
    ));
    if (session_.statements.has_cursors() && !explanation_->is_answered_here)
        explanation_->reason += "; open cursors keep connections besides";
    stage_ = stage::explaining;
    if (explanation_->is_answered_here) return on_route_explained({});
    auto action = do_next(session_action::kind::explain_route);
    action.where = explained.where;
    return action;
}

session_action session_core::on_route_explained(const explained_servers& servers) {
    WEIR_ENSURE(stage_ == stage::explaining);
    const auto explained = std::exchange(explanation_, nullptr);
    return write_rows(rows_of(*explained, servers));
}

/// The server has told its list of connections.
session_action session_core::list_sessions() {
    stage_ = stage::listing;
    return do_next(session_action::kind::list_sessions);
}

session_action session_core::on_sessions_listed(std::span<const listed_session> sessions) {
    WEIR_ENSURE(stage_ == stage::listing);
    const auto listed = preparation_.take_list();
    // MariaDB clears no conditions for it, and neither server counts its rows.
    if (world_.flavor == protocol::mysql::server_flavor::mysql)
        session_.on_local_answer(std::nullopt);
    const auto shown =
        with_sessions(listed, sessions, {session_.user, world_.flavor, plan_.own.on});
    return answer_rows(shown);
}

/// What the server that ran the statement before knows of its conditions has been asked for.
session_action session_core::answer_conditions() {
    if (plan_.command == command::ping) return answer_ok();
    if (plan_.command == command::set_option) return set_option();
    if (plan_.command == command::stmt_fetch) return answer_error(plan_.error);
    if (plan_.traits.gets_diagnostics) return answer_diagnostics();
    local_result result = answer_to(plan_.shown, session_.last, world_.flavor);
    const bool shows_all =
        !plan_.shown.counts && !plan_.shown.only_errors && !plan_.shown.is_limited();
    if (session_.trace != nullptr && shows_all)
        result.rows.push_back({"Note", std::int64_t{code_of_trace}, text_of(*session_.trace)});
    return answer_rows(result);
}

/// A new statement has come, which SHOW WARNINGS will tell about. To ask for that is none.
void session_core::begin_trace() {
    if (session_.trace == nullptr || plan_.traits.shows_conditions) return;
    const bool runs = plan_.command == command::query || plan_.command == command::stmt_execute ||
                      plan_.command == command::stmt_bulk_execute;
    if (!runs || plan_.what == command_plan::kind::own) return;
    statement_trace fresh;
    fresh.why = name_of(plan_.where.why);
    if (backend_.state != nullptr) fresh.pin = held_by(session_);
    if (plan_.rules != nullptr) {
        for (const auto* const rule : plan_.rules->decision.applied)
            fresh.rules += (fresh.rules.empty() ? "" : ", ") + rule->name;
    }
    *session_.trace = std::move(fresh);
}

}  // namespace weir::splitter
