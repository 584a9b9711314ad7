#pragma once

#include "protocol/mysql/command.hpp"
#include "splitter/session/backend_state.hpp"
#include "splitter/session/session_state.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace weir::splitter {

/// One command that brings a backend connection nearer to its session.
struct session_change {
    protocol::mysql::command what = protocol::mysql::command::query;
    std::string argument;  ///< SQL, a schema name, or the option's two bytes
};

/// The next command that `actual` needs before a statement of the session may run there; nothing
/// when it has all. What another session has set there goes back to its value at the login. To be
/// sent and confirmed, then reported with `apply`, then asked again. At most three in a row:
/// schema, option, one SET.
[[nodiscard]] std::optional<session_change> next_change(
    const session_state& wanted, const backend_state& actual
);

/// The connection has user variables of other sessions that this one has not set.
[[nodiscard]] bool has_foreign_variables(const session_state& wanted, const backend_state& actual);

/// SQL that gives `actual` the session's user variables and no others; empty: it has them.
[[nodiscard]] std::string user_variable_change(
    const session_state& wanted, const backend_state& actual
);

/// `change` was confirmed by the server.
void apply(const session_change& change, const session_state& wanted, backend_state& actual);

/// `actual` has all that the session has set, and nothing else: next_change found nothing.
void settle(const session_state& wanted, backend_state& actual);

/// The connection cannot be brought to the session's state by any change: it has a schema and the
/// session has none, which no command takes away, or a role in place of one that is not known.
[[nodiscard]] bool is_out_of_reach(const session_state& wanted, const backend_state& actual);

/// How many settings next_change would have to change: 0 for the connection that suits best.
[[nodiscard]] std::size_t distance(const session_state& wanted, const backend_state& actual);

/// Appends a string as every server reads it, whatever its sql_mode.
void append_text(std::string& sql, std::string_view text);

/// SQL that makes a fresh connection report what we need to know: variables, schema, GTIDs; and the
/// values of the variables that decide how SQL is read. Empty where the server cannot.
[[nodiscard]] std::string tracking_setup(const backend_state& fresh);

}  // namespace weir::splitter
