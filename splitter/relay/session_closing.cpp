// COM_STMT_CLOSE: the part of session_core that goes to every connection that knows a statement,
// and comes back to the one that the session holds.

#include "protocol/mysql/packet_writer.hpp"
#include "splitter/relay/session_core.hpp"

#include <algorithm>

namespace weir::splitter {

using protocol::mysql::command;

session_action session_core::close_statement_everywhere() {
    const auto knows = [&](const backend_state* one) {
        return one->knows_statement(plan_.statement->id);
    };
    const auto next =
        plan_.statement == nullptr ? connections_.end() : std::ranges::find_if(connections_, knows);
    if (next == connections_.end()) return finish_close_statement();
    if (backend_.state == nullptr || !knows(backend_.state)) return switch_to(*next);
    out_.clear();
    protocol::mysql::packet_writer packet(out_, 0);
    auto writer = packet.begin();
    writer.u8(static_cast<std::uint8_t>(command::stmt_close));
    writer.u32(backend_.state->find_statement(plan_.statement->id)->backend_id);
    packet.end();
    stage_ = stage::closing_statement;
    session_action action;
    action.what = session_action::kind::write_backend;
    action.bytes = out_.view();
    return action;
}

/// Gives back the connection that is leased and takes this one; then close_statement_everywhere
/// goes on.
session_action session_core::switch_to(const backend_state* connection) {
    if (backend_.state != nullptr) {
        return release(session_action::kind::release_backend, after_release::next_command);
    }
    closing_on_ = connection;
    stage_ = stage::acquiring;
    session_action action;
    action.what = session_action::kind::acquire_backend;
    action.where.connection = connection;
    return action;
}

/// The session holds again what it held before the command, and nothing else.
session_action session_core::finish_close_statement() {
    if (held_ != nullptr && backend_.state != held_) return switch_to(held_);
    if (held_ == nullptr && backend_.state != nullptr) {
        return release(session_action::kind::release_backend, after_release::next_command);
    }
    if (held_ == nullptr && is_lost_with_connection()) {
        namespace codes = boost::system::errc;
        return close(
            {codes::make_error_code(codes::connection_reset),
             failure_origin::backend,
             retry_rule::never}
        );
    }
    held_ = nullptr;
    if (plan_.statement != nullptr) session_.statements.close(plan_.statement->id);
    plan_.statement = nullptr;
    return finish_command();
}

}  // namespace weir::splitter
