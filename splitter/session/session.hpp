#pragma once

#include "protocol/mysql/capabilities.hpp"
#include "splitter/rules/client_network.hpp"
#include "splitter/session/backend_state.hpp"
#include "splitter/session/begun_transaction.hpp"
#include "splitter/session/causality.hpp"
#include "splitter/session/last_statement.hpp"
#include "splitter/session/pin.hpp"
#include "splitter/session/prepared_statements.hpp"
#include "splitter/session/session_state.hpp"
#include "splitter/session/sql_statements.hpp"
#include "splitter/session/statement_trace.hpp"
#include "splitter/session/transaction_state.hpp"
#include "splitter/sql/get_diagnostics.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace weir::splitter {

/// Everything that is remembered of one client's conversation between its commands. Owned by its
/// session_core; connections point to it while they have a remnant of it.
struct session {
    /// `number`: unique in its worker.
    explicit session(std::uint64_t number = 1) : state(number) {}

    session(const session&) = delete;
    session& operator=(const session&) = delete;
    ~session();

    protocol::mysql::capability_set capabilities;  ///< as negotiated with the client
    std::uint32_t connection_id = 0;               ///< as the client was told; 0: not told
    std::uint16_t collation = 0;                   ///< of the login
    std::string user;                              ///< as logged in; for rules
    client_address client;                         ///< the same
    session_state state;
    transaction_state transaction;
    pins pinned;
    prepared_statements statements;
    sql_statements prepared_in_sql;
    causality written;
    last_statement last;
    const backend_state* held = nullptr;  ///< the connection that it keeps between commands
    last_insert_id insert_id;
    /// Names of variables that a SET STATEMENT has set back, which the client is told of with the
    /// next report; null: there are none.
    std::unique_ptr<std::vector<std::string>> given_back;
    /// User variables that a GET DIAGNOSTICS has filled on a replica, which alone knows their
    /// values until it is asked; null: there are none.
    std::unique_ptr<std::vector<filled_variable>> untold_variables;
    /// backend_state::server that was asked last for its name: a session that asks again, to see
    /// whether it is still connected where it was, is not to meet another one.
    std::optional<std::uint32_t> identity_at;
    std::unique_ptr<statement_trace> trace;  ///< null: @@weir_trace is off
    bool one_shot_transaction =
        false;  ///< SET TRANSACTION waits on the held connection for its transaction

    bool asks_about_rows = false;  ///< ROW_COUNT(), FOUND_ROWS(): the client has, at least once

    begun_transaction begun;  ///< of a transaction on a replica

    /// A new user's, without anything of the former one.
    void start_over();

    /// What there was on other connections of warnings and ids is not this session's any more.
    void disown();

    /// What a statement may have changed that only its connection knows.
    struct side_effects {
        bool insert_id = false;   ///< LAST_INSERT_ID()
        bool counts_rows = true;  ///< ROW_COUNT() is its own: not that of a successful prepare
        bool conditions = false;  ///< its warnings and errors take the place of the former ones
    };

    /// The session's last statement ran on `connection`, which now has its remnant.
    void on_ran(backend_state& connection, side_effects left);

    /// A command that may clear or make conditions was answered without a server.
    void on_local_answer(std::optional<condition> made);

    /// Conditions were asked for, and answered without a server: they are as before.
    void on_local_rows();

    /// A command that is no statement was answered without a server, and leaves this ROW_COUNT():
    /// COM_PING.
    void on_local_ok(std::int64_t row_count);

    /// What was answered without a server complains behind what there is, all of which has been
    /// told: a GET DIAGNOSTICS, and MySQL's COM_STMT_FETCH.
    void on_local_complaint(condition made);

    /// Another session has taken the connection, or it is gone: what it knew of this one's last
    /// statements is lost, but for what it was asked before.
    void on_connection_lost(backend_state& connection);

    /// What a connection was asked before another session took it.
    void on_insert_id_told(std::uint64_t value) noexcept;
    void on_found_rows_told(std::uint64_t value) noexcept;

    /// A statement has found so many rows there, or only that connection knows how many.
    void on_found_rows(backend_state& connection, std::optional<std::uint64_t> found);

    /// The same, but whether it has found any at all only that connection knows.
    void on_found_rows_unsure(backend_state& connection);

    /// Weir has answered with so many rows, or knows better than any connection.
    void on_found_rows_here(std::uint64_t found);

    /// The client asks about rows. From then on a connection that may have found others is asked
    /// before another session takes it.
    void on_rows_asked();

    /// Nobody can tell any more how many, if it is not known.
    void give_up_found_rows();
    void on_conditions_told(std::vector<condition> told);

    /// A command of weir's own has put others in their place there: what they were has been told.
    void on_conditions_replaced(backend_state& connection);

    /// All that a server would list for the last statement, whatever its connection lists.
    void on_conditions_known(std::vector<condition> known);

private:
    void mark_remnant(backend_state& connection);
    void cut_conditions();
    void count_rows_locally(std::int64_t row_count);
};

}  // namespace weir::splitter
