#pragma once

#include "protocol/mysql/command.hpp"
#include "protocol/mysql/response_grammar.hpp"
#include "protocol/wire/bytes_view.hpp"
#include "splitter/relay/environment.hpp"
#include "splitter/relay/failure.hpp"
#include "splitter/relay/local_answer.hpp"
#include "splitter/relay/rule_plan.hpp"
#include "splitter/routing/route.hpp"
#include "splitter/session/session.hpp"
#include "splitter/sql/kill_statement.hpp"
#include "splitter/sql/lexer.hpp"
#include "splitter/sql/statement_traits.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace weir::splitter {

/// What is to be done with one command of a client: decided before anything is sent, from the
/// packet and the session.
struct command_plan {
    enum class kind : std::uint8_t {
        relay,            ///< send it to the server of `where`, pass its answer on
        ok,               ///< answer OK ourselves
        refuse,           ///< answer `error` ourselves
        close_statement,  ///< COM_STMT_CLOSE: to every connection that knows the statement, no
                          ///< answer
        kill,             ///< KILL of the connection `killed`; relay if that is none of ours
        change_user,      ///< log in again
        tunnel,           ///< relay it, then pass bytes both ways until one side closes
        quit,
    };

    kind what = kind::relay;
    protocol::mysql::command command = protocol::mysql::command::query;
    protocol::mysql::response_kind response = protocol::mysql::response_kind::query;
    route where;
    bool retry_elsewhere =
        false;  ///< a read: may be run again as long as nothing of its answer was passed on
    bool may_write = false;  ///< may have written something by the time it is answered
    std::string_view
        pin_reason{};  ///< the session stays on its connection from here on; static text
    statement_traits traits;
    prepared_statement* statement = nullptr;  ///< of STMT_*; for STMT_PREPARE the new one
    std::string_view text{};                  ///< SQL or schema; view into the packet
    /// SQL to send in place of the client's; null: that goes as it is. Not a plain string: an idle
    /// session keeps a plan too.
    std::unique_ptr<const std::string> rewritten{};
    /// What rules say about it; null: nothing. What they say of how it runs (timeout, delay,
    /// throttle, mirror) is about COM_QUERY and EXECUTE.
    std::unique_ptr<const ruled_statement> rules{};
    local_error error{};      ///< refuse
    kill_statement killed{};  ///< kill
};

/// How the session's SQL is to be read now.
[[nodiscard]] lexer_options reading_options(const session& session, const environment& world);

/// Plans the command in `payload` (its first byte is the command). STMT_PREPARE adds a statement to
/// the session.
[[nodiscard]] command_plan plan_command(
    protocol::wire::bytes_view payload, session& session, const environment& world
);

}  // namespace weir::splitter
