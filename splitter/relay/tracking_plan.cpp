#include "splitter/relay/tracking_plan.hpp"

#include "splitter/relay/statement_plan.hpp"
#include "splitter/sql/system_objects.hpp"

#include <algorithm>
#include <string>

namespace weir::splitter {

namespace {

/// Before all that the client sets, and without a scope that would hold for that, too. What is
/// marked in the former list of variables is forgotten with it; that something has changed would
/// not be, so that is no longer told before.
constexpr std::string_view as_for_everyone =
    "SET @@session.session_track_state_change=DEFAULT, "
    "@@session.session_track_system_variables=DEFAULT, @@session.session_track_schema=DEFAULT,";

bool sets_tracking(const command_plan& plan) {
    return std::ranges::any_of(plan.pin_effects, [](const pin_effect& one) {
        return one.cause == pin_cause::connection_variable && is_about_tracking(one.name);
    });
}

}  // namespace

void hand_over_tracking(
    command_plan& plan,
    const session& session,
    const lexer_options& options,
    const environment& world
) {
    const bool may_set = plan.traits.what == statement_traits::kind::set &&
                         world.flavor == protocol::mysql::server_flavor::mariadb;
    if (!may_set || session.state.asked().is_handed_over || !sets_tracking(plan)) return;
    const token first = lexer(plan.text, options).next();
    if (!first.is(keyword::set)) return;
    const auto behind = static_cast<std::size_t>(first.text.end() - plan.text.begin());
    send_instead(plan, std::string(as_for_everyone) + std::string(plan.text.substr(behind)));
    plan.hands_over_tracking = true;
    // What would be brought there later would tell, too.
    plan.needs_insert_id = true;
    plan.needs_user_variables = true;
}

}  // namespace weir::splitter
