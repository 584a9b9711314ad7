// What a session_core learns of what its client is told about its session.

#include "splitter/relay/ok_rewriter.hpp"
#include "splitter/relay/session_core.hpp"
#include "splitter/sql/set_for_statement.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

namespace weir::splitter {

namespace {

constexpr std::string_view list_of_variables = "session_track_system_variables";

/// With these errors it has not come to set anything.
bool has_set_nothing(std::uint16_t error) {
    constexpr std::array<std::uint16_t, 3> errors{
        1064,   // a syntax error
        1193,   // an unknown variable
        1971};  // a variable that SET STATEMENT cannot set
    return std::ranges::find(errors, error) != errors.end();
}

void add_once(std::vector<std::string>& names, const std::string& name) {
    if (std::ranges::find(names, name) == names.end()) names.push_back(name);
}

}  // namespace

/// A server marks what a SET STATEMENT gives back as changed, after it has answered, and tells of
/// it with the first OK that has something to tell of its own statement. A new list of what is to
/// be told has no marks.
void session_core::learn_given_back() {
    const auto& facts = relay_.facts();
    backend_state& connection = *backend_.state;
    if (facts.tells_given_back) session_.given_back.reset();
    if (facts.tells_changes) connection.given_back.clear();
    if (plan_.hands_over_tracking && facts.error == 0) {
        session_.state.hand_over_tracking();
        connection.given_back.clear();
        connection.tracks_gtids = false;
        const auto names = variables_set_by(plan_.text, reading_options(session_, world_));
        const auto lists = std::ranges::count(names, list_of_variables);
        if (lists > 1) session_.given_back.reset();
    }
    const auto* const set = relay_.set_for_itself();
    if (set == nullptr || session_.state.asked().is_handed_over || has_set_nothing(facts.error))
        return;
    for (const auto& name : set->names)
        add_once(connection.given_back, name);
    if (std::ranges::find(set->names, list_of_variables) != set->names.end())
        return session_.given_back.reset();
    if (!session_.capabilities.has(protocol::mysql::capability::session_track)) return;
    for (const auto& name : set->names) {
        if (!is_reported_by_default(name)) continue;
        if (session_.given_back == nullptr)
            session_.given_back = std::make_unique<std::vector<std::string>>();
        add_once(*session_.given_back, name);
    }
}

}  // namespace weir::splitter
