// The part of backend_preparation that asks a replica for the user variables that a GET DIAGNOSTICS
// has filled there.

#include "splitter/relay/backend_preparation.hpp"
#include "splitter/sql/user_variable.hpp"

#include <algorithm>
#include <utility>

namespace weir::splitter {
namespace {

void put(std::vector<session_variable>& into, std::string name, std::string value) {
    std::erase_if(into, [&](const session_variable& one) { return one.name == name; });
    into.push_back({std::move(name), std::move(value)});
}

}  // namespace

void backend_preparation::ask_for_variables(
    const session& session, const backend_state& backend, protocol::wire::send_buffer& out
) {
    std::string text;
    for (const auto& one : *session.untold_variables) {
        text += text.empty() ? "SELECT " : ", ";
        const bool is_text = one.what == filled_variable::kind::text;
        const std::string name = user_variable(one.name);
        text += is_text ? "CAST(" + name + " AS BINARY)" : name;
    }
    text += " LIMIT 1";
    told_ = std::make_unique<small_result>();
    told_->start(backend.capabilities);
    send_query(step::ask_variables, text, backend, out);
}

void backend_preparation::set_variables(
    const std::vector<session_variable>& filled,
    const backend_state& backend,
    protocol::wire::send_buffer& out
) {
    std::string text;
    for (const auto& one : filled) {
        text += text.empty() ? "SET " : ", ";
        text += user_variable(one.name) + "=" + one.value.value_or("NULL");
    }
    send_query(step::set_variables, text, backend, out);
}

void backend_preparation::on_variables_told(session& session, backend_state& backend) {
    const auto untold = std::exchange(session.untold_variables, nullptr);
    const auto& row = told_->rows()[0];
    const std::size_t count = std::min(row.size(), untold->size());
    for (std::size_t i = 0; i < count; ++i) {
        const auto& one = (*untold)[i];
        std::string value = literal_of(row[i], one.what);
        put(backend.user_variables, one.name, value);
        // There is room: that was looked at before.
        (void)session.state.set_user_variable(one.name, std::move(value));
    }
    // The question has taken the place of what it could tell about the statement before.
    session.on_connection_lost(backend);
}

}  // namespace weir::splitter
