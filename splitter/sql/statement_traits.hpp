#pragma once

#include "config/schema/consistency.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

namespace weir::splitter {

/// What the text of one COM_QUERY or COM_STMT_PREPARE does, as far as its routing is concerned.
/// Several statements in one text are summed up: a flag is set if any of them sets it, `only_reads`
/// only if all of them do nothing else. The rule behind all of it: what is not understood is not a
/// read.
struct statement_traits {
    enum class kind : std::uint8_t {
        empty,  ///< white space and comments only
        read,   ///< SELECT, TABLE, VALUES, WITH ... SELECT, EXPLAIN, ... proven to only read
        write,  ///< everything that is not known to be something else
        begin,  ///< BEGIN, START TRANSACTION
        end,    ///< COMMIT, ROLLBACK (not TO SAVEPOINT)
        set,    ///< SET of session variables, names, character set
        set_transaction,  ///< SET [SESSION] TRANSACTION ...
        use,              ///< USE schema
        several,          ///< more than one statement; flags hold for all of them
    };

    kind what = kind::write;

    /// Proven to only read, from tables or nothing, with no effect that outlives the statement and
    /// no answer that belongs to one server alone: it may run on a replica.
    bool only_reads = false;

    /// State that lives on one connection is created or used: the session must stay on the
    /// primary's connection. (Temporary table, user variable, named lock, LOCK TABLES, HANDLER,
    /// SQL_CALC_FOUND_ROWS, text PREPARE, XA, ...)
    bool pins = false;
    std::string_view pin_reason{};  ///< static text, "user variable"; empty if !pins

    /// The answer depends on the statement before it on the same connection (LAST_INSERT_ID(),
    /// ROW_COUNT(), FOUND_ROWS(), SHOW WARNINGS, GET DIAGNOSTICS): it must run where that one ran.
    bool reads_previous_statement = false;

    /// It only reads, and all that it needs of the statement before it are that one's diagnostics
    /// (SHOW WARNINGS, ROW_COUNT(), FOUND_ROWS()): it may run where that one ran, be it a replica.
    bool only_reads_diagnostics = false;

    /// It asks for the diagnostics of the statement before, whatever else it does.
    bool reads_diagnostics = false;
    bool sets_for_itself = false;         ///< SET STATEMENT ... FOR: what it sets ends with it
    bool gets_diagnostics = false;        ///< GET DIAGNOSTICS
    bool shows_conditions = false;        ///< SHOW WARNINGS, SHOW ERRORS, SHOW COUNT(*)
    bool uses_tables = true;              ///< or may do so
    bool uses_user_variables = false;     ///< reads or sets one
    bool assigns_user_variables = false;  ///< values that only the connection knows afterwards
    bool asks_connection_id = false;      ///< CONNECTION_ID() or @@weir_trace stands in it
    bool asks_identity = false;           ///< @@hostname or @@server_uuid: which server this is
    bool waits_for_position = false;      ///< WAIT_FOR_EXECUTED_GTID_SET() or one of its kind
    bool finds_other_rows = false;        ///< FOUND_ROWS() may differ from the number of its rows

    bool sets_role = false;     ///< SET ROLE
    bool sets_globals = false;  ///< SET GLOBAL, SET PERSIST: no other server has these values
    bool calls_reading_functions = false;  ///< stored ones, which only read
    bool calls_what_leaves_state = false;  ///< a function that leaves something on its connection

    bool begin_read_only = false;       ///< BEGIN/START TRANSACTION READ ONLY
    bool begin_read_write = false;      ///< START TRANSACTION READ WRITE, said explicitly
    bool one_shot_transaction = false;  ///< SET TRANSACTION without SESSION or GLOBAL
    bool one_shot_read_only = false;    ///< ... and it says READ ONLY
    bool sets_serializable = false;     ///< an isolation level SERIALIZABLE is asked for

    bool end_commits = false;  ///< COMMIT, not ROLLBACK
    bool end_and_chain =
        false;  ///< COMMIT/ROLLBACK AND CHAIN: another transaction is open afterwards
    bool end_and_release =
        false;  ///< COMMIT/ROLLBACK RELEASE: the server closes the connection afterwards

    bool changes_rows = false;  ///< INSERT, UPDATE, DELETE, REPLACE, whatever else it does
    bool queries = false;       ///< SELECT, TABLE, VALUES, WITH ..., whatever else it does

    bool may_return_rows_of_a_write = false;  ///< INSERT ... RETURNING and the like, CALL

    /// It reads what any server has, leaves nothing, and asks nothing of us.
    [[nodiscard]] constexpr bool is_plain_read() const noexcept {
        return only_reads && what == kind::read && !pins && !asks_connection_id &&
               !shows_conditions && !calls_what_leaves_state;
    }

    friend bool operator==(const statement_traits&, const statement_traits&) = default;
};

/// Where a hint asks a statement to go, and what it asks that a read sees. A hint narrows; it never
/// sends a write to a replica.
struct routing_hint {
    enum class target : std::uint8_t { none, primary, replica, server };
    target what = target::none;
    std::string_view server_name{};  ///< target::server; view into the statement
    std::optional<config::consistency> consistency{};
    std::string_view gtid{};  ///< a set that what is read must contain; view into the statement
    friend bool operator==(const routing_hint&, const routing_hint&) = default;
};

}  // namespace weir::splitter
