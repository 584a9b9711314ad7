#pragma once

#include "protocol/mysql/gtid_set.hpp"
#include "splitter/session/session_variable.hpp"
#include "splitter/sql/lexer.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace weir::splitter {

struct meaning;

/// Which state of which session: a connection that carries a session's newest mark needs nothing.
/// {}: of none, as what is derived from a session's state; such are compared in full.
struct state_mark {
    std::uint64_t session = 0;  ///< unique in its worker; 0: none
    std::uint64_t version = 0;
    friend bool operator==(const state_mark&, const state_mark&) = default;
};

/// What the client believes is set: schema, session variables, multi-statement option. Learnt from
/// the servers' session tracker, so values and not expressions. Every change moves `mark()`. Owned
/// by a session; thread: its worker.
class session_state {
public:
    session_state() = default;

    explicit session_state(std::uint64_t session) : mark_{session, 1} {}

    /// What replaying a variable on another connection means.
    enum class tracked : std::uint8_t {
        replayable,      ///< kept, and set on every connection that is used
        own_connection,  ///< belongs to one connection (timestamp, insert_id, session_track_*): the
                         ///< session must be pinned
        ignored,         ///< carried by other means (last_gtid) or about the last statement only
    };

    /// A variable's value as a server reports it after a change.
    tracked on_variable(std::string_view name, std::string_view value);

    /// The value at login, before the client changed anything: needed to read SQL, nothing to
    /// replay.
    void on_initial_variable(std::string_view name, std::string_view value);

    /// A variable that is at its server's choice again: nothing to replay.
    void forget_variable(std::string_view name);

    /// What the client itself wants to be told of changes, beyond what servers tell everyone.
    struct asked_tracking {
        bool variables = false;  ///< a list of its own
        bool state_changes = false;
        bool gtids = false;
        bool transactions = false;  ///< their state, or their characteristics too
        bool schemas = true;        ///< unless the client wants none
        /// The held connection tells what the client has asked for and nothing else: all of that
        /// may reach it.
        bool is_handed_over = false;
    };

    /// Of a connection whose tracking is handed over.
    [[nodiscard]] static asked_tracking all_tracking() noexcept {
        return {true, true, true, true, true, true};
    }

    [[nodiscard]] const asked_tracking& asked() const noexcept { return asked_; }

    /// What the held connection tells is the client's choice from now on.
    void hand_over_tracking() noexcept;

    void set_schema(std::string_view schema);
    void set_multi_statements(bool allowed);

    /// The session has set a global variable: other servers do not have that value.
    void on_globals_set() noexcept { has_set_globals_ = true; }

    [[nodiscard]] bool has_set_globals() const noexcept { return has_set_globals_; }

    /// The sql_mode is known; until then quotes and backslashes may mean one thing or another.
    [[nodiscard]] bool knows_sql_mode() const noexcept { return knows_sql_mode_; }

    /// Forgets the client's changes (COM_RESET_CONNECTION): variables go back to their initial
    /// values, the schema and the role stay. The character sets go back to those of the login, or,
    /// as on MySQL, to the server's own.
    void reset(protocol::mysql::server_flavor flavor);

    /// A new user's, without anything of the former one.
    void start_over();

    /// The same session with the schema, sql_mode and character sets that a statement was prepared
    /// under.
    [[nodiscard]] session_state as_of(const meaning& prepared_under) const;

    /// The same session with these in place of its own variables_of_meaning().
    [[nodiscard]] session_state with_meaning(
        const meaning_variables& variables, protocol::mysql::server_flavor flavor
    ) const;

    /// What is set of variables_of_parameters.
    [[nodiscard]] std::vector<session_variable> parameter_character_sets() const;

    /// That is `sets`.
    [[nodiscard]] bool reads_parameters_by(const std::vector<session_variable>& sets) const;

    /// The same session with these.
    [[nodiscard]] session_state with_parameters_read_by(const std::vector<session_variable>& sets
    ) const;

    /// The same, where a SELECT without a LIMIT has no rows.
    [[nodiscard]] session_state without_rows() const;

    [[nodiscard]] const std::vector<session_variable>& variables() const noexcept {
        return variables_;
    }

    /// What follows SET ROLE to make the session's role active; nothing: its login's is.
    [[nodiscard]] const std::optional<std::string>& role() const noexcept { return role_; }

    void set_role(std::string role);

    /// How much is known of a role that the client has set.
    enum class role_knowledge : std::uint8_t {
        known,       ///< role() has it
        to_be_told,  ///< its connection can tell
        bound,       ///< it has no name that would mean the same on another connection
    };

    [[nodiscard]] role_knowledge knows_role() const noexcept { return knows_role_; }

    [[nodiscard]] bool has_unknown_role() const noexcept {
        return knows_role_ != role_knowledge::known;
    }

    /// The client has set a role that role() does not have.
    void lose_role(role_knowledge how_much) noexcept;

    /// The value that a variable was set to; null: it is the login's, or the server's choice.
    [[nodiscard]] const std::string* value_of(std::string_view name) const;

    static constexpr std::size_t user_variables_max = 64;

    /// SET @name = value, where the value is SQL that means the same everywhere. False: there are
    /// too many, or it is too long, to be carried from connection to connection. NULL keeps the
    /// type of the value before.
    [[nodiscard]] bool set_user_variable(std::string_view name, std::string value);

    [[nodiscard]] const std::vector<session_variable>& user_variables() const noexcept {
        return user_variables_;
    }

    [[nodiscard]] const std::string& schema() const noexcept { return schema_; }

    [[nodiscard]] bool multi_statements() const noexcept { return multi_statements_; }

    [[nodiscard]] const state_mark& mark() const noexcept { return mark_; }

    /// SESSION isolation level is SERIALIZABLE: plain reads lock.
    [[nodiscard]] bool serializable() const noexcept { return current_.serializable; }

    /// SESSION isolation level is READ COMMITTED or less: each read sees what is there.
    [[nodiscard]] bool reads_committed() const noexcept { return current_.reads_committed; }

    /// SET SESSION TRANSACTION READ ONLY is in force: a plain BEGIN opens a read-only transaction.
    [[nodiscard]] bool transactions_read_only() const noexcept {
        return current_.transactions_read_only;
    }

    /// sql_auto_is_null: a comparison with NULL may ask for LAST_INSERT_ID().
    [[nodiscard]] bool auto_is_null() const noexcept { return current_.auto_is_null; }

    /// How this session's SQL is to be read. Flavor and version are the caller's.
    [[nodiscard]] bool ansi_quotes() const noexcept { return current_.ansi_quotes; }

    [[nodiscard]] bool no_backslash_escapes() const noexcept {
        return current_.no_backslash_escapes;
    }

    [[nodiscard]] bool ignore_space() const noexcept { return current_.ignore_space; }

    [[nodiscard]] multibyte_kind charset() const noexcept { return current_.charset; }

private:
    /// What is derived from variables' values.
    struct derived {
        bool ansi_quotes = false;
        bool no_backslash_escapes = false;
        bool ignore_space = false;
        bool serializable = false;
        bool reads_committed = false;
        bool auto_is_null = false;
        bool transactions_read_only = false;
        multibyte_kind charset = multibyte_kind::utf8;
    };

    [[nodiscard]] session_state unmarked() const;
    void note_tracking(std::string_view name, std::string_view value);
    static void derive(derived& into, std::string_view name, std::string_view value);

    std::vector<session_variable> variables_;
    std::vector<session_variable> user_variables_;  ///< values in SQL
    std::string schema_;
    std::optional<std::string> role_;
    state_mark mark_{1, 1};
    asked_tracking asked_;
    derived initial_;
    derived current_;
    bool multi_statements_ = false;
    bool knows_sql_mode_ = false;
    bool has_set_globals_ = false;
    role_knowledge knows_role_ = role_knowledge::known;
};

}  // namespace weir::splitter
