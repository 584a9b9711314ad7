// The part of proxy_worker that keeps what the primary is known to have executed, and its sessions'
// part in that.

#include "src/proxy/proxy_worker.hpp"

namespace weir::proxy {

std::optional<proxy_worker::server_id> proxy_worker::primary() {
    return topology_.current().primary;
}

void proxy_worker::ask_position(client_session& session) {
    positions_.ask(client_session::pointer(&session));
}

void proxy_worker::want_position() {
    if (world_.asks_positions) positions_.want();
}

position_question proxy_worker::begin_position_question(server_id primary, time_point now) {
    return {primary, now, ++world_.positions_asked, context_.confirmed_writes.load()};
}

bool proxy_worker::on_position_answered(
    const position_question& question, const protocol::mysql::gtid_set& executed
) {
    // Another server is the primary by now: what this one had says nothing of it.
    if (position_of_ != question.asked) return false;
    world_.position_answered = question.number;
    world_.writes_answered = question.confirmed_writes;
    if (question.at < world_.primary_asked_at) return true;
    world_.primary_executed = executed;
    world_.primary_asked_at = question.at;
    return true;
}

void proxy_worker::refresh_position() {
    const auto& topology = topology_.current();
    const auto* const primary = topology.primary ? topology.find(*topology.primary) : nullptr;
    if (primary == nullptr) return;
    const bool is_other = position_of_ != primary->id;
    if (is_other) {
        position_of_ = primary->id;
        world_.position_answered = 0;
    }
    if (is_other || primary->asked_at >= world_.primary_asked_at) {
        world_.primary_executed = primary->executed;
        world_.primary_asked_at = primary->asked_at;
    }
    world_.asks_positions = !primary->executed.empty();
    const auto now = std::chrono::steady_clock::now();
    positions_past_.add(primary->id, primary->asked_at, now, primary->executed);
}

}  // namespace weir::proxy
