#pragma once

#include "protocol/mysql/capabilities.hpp"
#include "protocol/mysql/gtid_set.hpp"
#include "splitter/session/parameter_types.hpp"
#include "splitter/session/remnant.hpp"
#include "splitter/session/server_origin.hpp"
#include "splitter/session/session_state.hpp"
#include "splitter/session/session_variable.hpp"
#include "splitter/session/shared_statements.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace weir::splitter {

struct session;

/// Who runs a prepared statement, and how.
struct statement_execution {
    std::uint32_t by = 0;  ///< prepared_statement::id; 0: nobody who has a cursor
    bool opens_cursor = false;
    const parameter_binding* binding = nullptr;  ///< null: it may run in any form
};

/// What one backend connection really has: the counterpart of session_state. Owned by the
/// connection.
struct backend_state {
    /// A statement as this connection knows it. What is shared by text is still one client's while
    /// a cursor of it is open.
    struct prepared {
        shared_statement_pointer what;
        std::uint32_t backend_id = 0;
        std::uint16_t parameters = 0;
        std::vector<std::byte> types{};  ///< of the parameters, as it was told last; empty: never
        std::vector<session_variable> types_under{};  ///< prepared_statement::types_under then
        std::uint64_t last_used = 0;                  ///< in the order of uses
        std::uint32_t cursor_of = 0;   ///< prepared_statement::id whose cursor is open; 0: none
        bool had_cursor = false;       ///< was run with one
        bool ran_without = false;      ///< was run without, and before that
        parameter_classes taken_as{};  ///< as MySQL takes its parameters; empty: not known
        std::optional<meaning_variables> under{};  ///< parameter_binding::under, here
        bool was_run = false;
        bool is_condemned = false;  ///< it fails until COM_STMT_RESET: see bind_as_meant
    };

    protocol::mysql::capability_set capabilities;  ///< as negotiated with the server
    protocol::mysql::server_flavor flavor = protocol::mysql::server_flavor::mysql;
    std::uint32_t version_number = 0;  ///< 101108, 90700
    std::uint32_t thread_id = 0;       ///< the server's id of the connection
    std::uint32_t server = 0;          ///< the server's number, the same on all connections to it
    bool primary = false;              ///< role of its server when leased
    bool reset_needed = false;    ///< has what nothing else takes away: COM_RESET_CONNECTION first
    bool tracking_asked = false;  ///< the tracking set-up has been run
    bool tracks_variables = false;  ///< reports every session variable that changes
    bool tracks_gtids = false;      ///< reports the GTID of every write
    bool multi_statements = false;
    bool origin_asked = false;
    /// Nothing: not asked, or it has no GTIDs.
    std::optional<server_origin> origin;
    std::string last_write;       ///< GTIDs of the newest one here that was named; empty: none
    bool unnamed_writes = false;  ///< there may be newer ones, whose GTIDs were not named
    std::string schema;
    std::vector<session_variable> initial;    ///< as the login left them, as far as reported
    std::vector<session_variable> variables;  ///< other than as the login left them
    /// Names of variables that a SET STATEMENT has set back: the server tells of them with its next
    /// report.
    std::vector<std::string> given_back;
    std::vector<session_variable> user_variables;  ///< that are not NULL; values in SQL
    std::optional<std::string> role;               ///< that was set; nothing: the login's is active
    std::optional<std::string> login_role;         ///< nothing: not asked, or it could not be told
    bool role_asked = false;                       ///< login_role has been asked for
    state_mark applied;             ///< whose state this is; {}: nobody's in particular
    const session* user = nullptr;  ///< the session that leases it now
    remnant left;
    /// LAST_INSERT_ID() here, if no session's remnant; nothing: not known.
    std::optional<std::uint64_t> insert_id = 0;
    std::vector<prepared> statements;
    std::vector<std::uint32_t> unwanted_statements;  ///< ids to be closed before the next command
    std::uint64_t unwanted_seen = 0;                 ///< of shared_statements::unwanted()
    std::uint64_t uses = 0;                          ///< of statements, counted
    std::uint32_t open_cursors = 0;                  ///< of the session that used it last
    bool set_aside = false;  ///< holds what its session has, which is on another one for a moment

    /// Nobody but the session that used it last may have it, though it is not leased.
    [[nodiscard]] bool is_kept() const noexcept { return open_cursors > 0 || set_aside; }

    /// What a run takes its parameters as stays for the next one: see parameter_types.hpp.
    [[nodiscard]] bool keeps_parameter_types() const noexcept {
        constexpr std::uint32_t since = 80022;
        return flavor == protocol::mysql::server_flavor::mysql && version_number >= since;
    }

    /// Null: it does not know the statement in a form that can be run so.
    [[nodiscard]] prepared* find_statement(
        const shared_statement& statement, statement_execution how = {}
    );

    /// Null: no cursor of this prepared_statement::id is open here.
    [[nodiscard]] prepared* find_cursor(std::uint32_t of);

    /// Puts a statement whose cursor is open on the list of those to be closed.
    void drop_cursor(std::uint32_t of);

    /// It knows `made`, in place of an older one of the same statement that takes its parameters
    /// alike and has no open cursor.
    void remember_statement(prepared made);

    /// The server has forgotten it, or was told to.
    void forget_statement(const shared_statement& statement);

    /// Puts the statement on the list of those to be closed, but where a cursor of it is open.
    void drop_statement(const shared_statement& statement);

    /// Drops what no client wants any more, and those unused for longest beyond `limit`.
    void drop_unwanted_statements(const shared_statements& all, std::size_t limit);

    /// COM_RESET_CONNECTION was run: what was prepared and set is gone, but for the role.
    void on_reset();

    /// COM_CHANGE_USER was run: it is as after a login.
    void on_user_changed();

private:
    void drop_forms_alike(const prepared& made);
};

}  // namespace weir::splitter
