// The part of session_core that holds a statement back for as long as rules say.

#include "protocol/wire/ensure.hpp"
#include "splitter/relay/session_core.hpp"

#include <algorithm>

namespace weir::splitter {
namespace {

using protocol::mysql::command;

/// Preparing is not held back, executing is.
bool runs_a_statement(command what) {
    return what == command::query || what == command::stmt_execute ||
           what == command::stmt_bulk_execute;
}

}  // namespace

session_action session_core::begin_relaying() {
    if (plan_.rules == nullptr || !runs_a_statement(plan_.command)) return acquire();
    const rule_decision& decision = plan_.rules->decision;
    auto pause = time_point::duration::zero();
    if (decision.delay != nullptr) pause = *decision.delay->then.delay;
    if (decision.throttle != nullptr) {
        const auto turn = plan_.rules->rules->admit(decision, now_);
        if (!turn) {
            return answer_error(
                {protocol::mysql::server_errc::user_limit_reached,
                 "The rule '" + decision.throttle->name +
                     "' lets no more statements through at present; try again later"}
            );
        }
        pause = std::max(pause, *turn);
    }
    if (pause == time_point::duration::zero()) return acquire();
    stage_ = stage::pausing;
    session_action action;
    action.what = session_action::kind::pause;
    action.pause = pause;
    return action;
}

/// Rules that apply to what runs now, or that have rejected it.
void session_core::count_rules() {
    if (plan_.rules == nullptr || world_.rule_hits == nullptr) return;
    if (runs_a_statement(plan_.command)) world_.rule_hits->on_applied(plan_.rules->decision);
}

session_action session_core::on_pause_over(time_point now) {
    WEIR_ENSURE(stage_ == stage::pausing);
    now_ = now;
    return acquire();
}

}  // namespace weir::splitter
