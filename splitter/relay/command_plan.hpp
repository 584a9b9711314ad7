#pragma once

#include "protocol/mysql/command.hpp"
#include "protocol/mysql/response_grammar.hpp"
#include "protocol/wire/bytes_view.hpp"
#include "splitter/relay/definition_watch.hpp"
#include "splitter/relay/environment.hpp"
#include "splitter/relay/failure.hpp"
#include "splitter/relay/local_answer.hpp"
#include "splitter/relay/retry_table.hpp"
#include "splitter/relay/rule_plan.hpp"
#include "splitter/routing/route.hpp"
#include "splitter/session/pin_effects.hpp"
#include "splitter/session/session.hpp"
#include "splitter/sql/kill_statement.hpp"
#include "splitter/sql/lexer.hpp"
#include "splitter/sql/own_statement.hpp"
#include "splitter/sql/session_scope.hpp"
#include "splitter/sql/show_conditions.hpp"
#include "splitter/sql/statement_traits.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace weir::splitter {

/// What is to be done with one command of a client: decided before anything is sent, from the
/// packet and the session.
struct command_plan {
    enum class kind : std::uint8_t {
        relay,            ///< send it to the server of `where`, pass its answer on
        ok,               ///< answer OK ourselves
        set_option,       ///< COM_SET_OPTION, the same: connections are told when they are used
        nothing,          ///< no answer
        refuse,           ///< answer `error` ourselves
        conditions,       ///< answer SHOW WARNINGS and the like ourselves, by `shown`; what
                          ///< the connection of `where` knows is asked for first
        own,              ///< answer `own`, which is for us
        keep_data,        ///< COM_STMT_SEND_LONG_DATA: keep it for the statement; no answer
        close_statement,  ///< COM_STMT_CLOSE: forget it; no answer
        reset_session,    ///< COM_RESET_CONNECTION: on the held connection, or answered here
        kill,             ///< KILL of the connection `killed`; relay if that is none of ours
        change_user,      ///< log in again
        tunnel,           ///< relay it, then pass bytes both ways until one side closes
        quit,
    };

    kind what = kind::relay;
    protocol::mysql::command command = protocol::mysql::command::query;
    protocol::mysql::response_kind response = protocol::mysql::response_kind::query;
    route where;
    /// What is left of it if its connection is lost.
    statement_effect effect = statement_effect::lasting;
    bool is_causal = false;        ///< what it reads may not be unseen later
    bool may_write = false;        ///< may have written something by the time it is answered
    bool needs_insert_id = false;  ///< may ask for LAST_INSERT_ID(): it has to be right
    bool needs_user_variables = false;
    bool asks_about_rows = false;  ///< ROW_COUNT(), FOUND_ROWS(): also where it is filled in
    /// The connection tells from then on what the client has it tell, and nothing for us.
    bool hands_over_tracking = false;
    bool leaves_only_what_is_known = false;  ///< a CALL whose every effect is in `pin_effects`
    std::vector<pin_effect> pin_effects{};   ///< what it makes and takes away on its connection
    statement_traits traits;
    prepared_statement* statement = nullptr;  ///< of STMT_*; for STMT_PREPARE the new one
    bool counts_conditions = false;  ///< COM_INIT_DB: those of the last statement are asked before
    bool names_wrong_parameter = false;    ///< keep_data: which a server will complain of
    bool allows_multi_statements = false;  ///< set_option
    bool at_cursor = false;   ///< FETCH and RESET: about the statement's cursor, where that is open
    std::string_view text{};  ///< SQL or schema; view into the packet
    bool is_plainly_written =
        false;                    ///< `text` is read alike in every sql_mode, and has no comment
    std::uint64_t digest = 0;     ///< of what is run; 0: it is no statement, or limits.digests is 0
    std::string_view digested{};  ///< the text that it is of, whatever is sent; view like `text`
    /// SQL to send in place of the client's; null: that goes as it is. Not a plain string: an idle
    /// session keeps a plan too.
    std::unique_ptr<const std::string> rewritten{};
    /// What `rewritten` says a scope of; null: nothing. A server would not report it to the client.
    std::unique_ptr<const unscoped_variables> unscoped{};
    /// EXECUTE: what is run in place of `statement`, whose text asks for what we know.
    statement_use replacement{};
    /// Null: it changes no function and no view. Ends with the plan.
    std::unique_ptr<const change_under_way> changes{};
    /// What rules say about it; null: nothing. What they say of how it runs (timeout, delay,
    /// throttle, mirror) is about COM_QUERY and EXECUTE.
    std::unique_ptr<const ruled_statement> rules{};
    local_error error{};      ///< refuse
    show_conditions shown{};  ///< conditions
    own_statement own{};      ///< own
    kill_statement killed{};  ///< kill
};

/// What the statement that is run asks of the connection: `statement`, or what stands in for it.
[[nodiscard]] const shared_statement_pointer& run_statement(const command_plan& plan);

/// Who runs it, and how.
[[nodiscard]] statement_execution execution_of(const command_plan& plan);

/// EXECUTE and the like: runs a prepared statement.
[[nodiscard]] bool runs_prepared(const command_plan& plan);

/// How the session's SQL is to be read now.
[[nodiscard]] lexer_options reading_options(const session& session, const environment& world);
[[nodiscard]] lexer_options reading_options(const session& session, const backend_state& server);

/// Plans the command in `payload` (its first byte is the command). STMT_PREPARE adds a statement to
/// the session.
[[nodiscard]] command_plan plan_command(
    protocol::wire::bytes_view payload, session& session, const environment& world
);

/// Plans a text as COM_QUERY would, for who wants to know and not to run it: nothing changes by it.
[[nodiscard]] command_plan plan_to_explain(
    std::string_view text, const session& session, const environment& world
);

}  // namespace weir::splitter
