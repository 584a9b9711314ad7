// COM_STMT_CLOSE and COM_RESET_CONNECTION: the part of session_core in which a client gives up what
// it has, and the connections learn of it.

#include "protocol/mysql/packet_writer.hpp"
#include "splitter/relay/session_core.hpp"

namespace weir::splitter {

using protocol::mysql::command;

/// What a client has closed stays open for others who prepared the same; a connection closes it
/// when it is used next and nobody wants it any more. A cursor or long data ends at once.
session_action session_core::close_statement() {
    auto* const statement = plan_.statement;
    if (statement == nullptr) return finish_command();
    plan_.where.connection = statement->home;
    if (record_ != nullptr && record_->log.uses(statement->id)) {
        session_.statements.close(statement->id, record_->closed);
    } else {
        session_.statements.close(statement->id);
    }
    plan_.statement = nullptr;
    return plan_.where.connection != nullptr ? acquire() : finish_command();
}

/// Tells the leased connection's server which statements nobody needs. There is no answer.
session_action session_core::send_closings() {
    out_.clear();
    for (const std::uint32_t id : backend_.state->unwanted_statements) {
        protocol::mysql::packet_writer packet(out_, 0);
        auto writer = packet.begin();
        writer.u8(static_cast<std::uint8_t>(command::stmt_close));
        writer.u32(id);
        packet.end();
    }
    stage_ = stage::closing_statements;
    session_action action;
    action.what = session_action::kind::write_backend;
    action.bytes = out_.view();
    return action;
}

/// A session that holds no connection has nothing on one that it could miss.
session_action session_core::reset_session() {
    if (backend_.state != nullptr) return acquire();
    on_reset_connection();
    session_.transaction.start_over();
    return answer_ok();
}

}  // namespace weir::splitter
