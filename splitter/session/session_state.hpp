#pragma once

#include "splitter/sql/lexer.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace weir::splitter {

/// What the client believes is set: schema, session variables, multi-statement option. Learnt from
/// the servers' session tracker, so values and not expressions. Every change moves `version()`; a
/// backend connection that has applied this version needs nothing. Owned by a session; thread: its
/// worker.
class session_state {
public:
    struct variable {
        std::string name;   ///< lower case
        std::string value;  ///< as the tracker reports it
        friend bool operator==(const variable&, const variable&) = default;
    };

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

    void set_schema(std::string_view schema);
    void set_multi_statements(bool allowed);

    /// The sql_mode is known; until then quotes and backslashes may mean one thing or another.
    [[nodiscard]] bool knows_sql_mode() const noexcept { return knows_sql_mode_; }

    /// Forgets the client's changes (COM_RESET_CONNECTION): variables go back to their initial
    /// values, the schema stays.
    void reset();

    [[nodiscard]] const std::vector<variable>& variables() const noexcept { return variables_; }

    [[nodiscard]] const std::string& schema() const noexcept { return schema_; }

    [[nodiscard]] bool multi_statements() const noexcept { return multi_statements_; }

    [[nodiscard]] std::uint64_t version() const noexcept { return version_; }

    /// SESSION isolation level is SERIALIZABLE: plain reads lock.
    [[nodiscard]] bool serializable() const noexcept { return current_.serializable; }

    /// SET SESSION TRANSACTION READ ONLY is in force: a plain BEGIN opens a read-only transaction.
    [[nodiscard]] bool transactions_read_only() const noexcept {
        return current_.transactions_read_only;
    }

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
        bool transactions_read_only = false;
        multibyte_kind charset = multibyte_kind::utf8;
    };

    static void derive(derived& into, std::string_view name, std::string_view value);

    std::vector<variable> variables_;
    std::string schema_;
    std::uint64_t version_ = 1;
    derived initial_;
    derived current_;
    bool multi_statements_ = false;
    bool knows_sql_mode_ = false;
};

}  // namespace weir::splitter
