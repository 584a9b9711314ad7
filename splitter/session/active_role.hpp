#pragma once

#include "protocol/mysql/capabilities.hpp"
#include "splitter/session/backend_state.hpp"
#include "splitter/session/session_state.hpp"
#include "splitter/sql/lexer.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace weir::splitter {

/// Which role is active: no variable of any server, and no session tracker tells of it. It is kept
/// as what follows SET ROLE and means the same on every connection of the account: NONE, or names
/// in backquotes.

/// Asks a connection for its role, beside what else the query would make it forget. The name comes
/// as it is, whatever character set results come in.
inline constexpr std::string_view role_query =
    "SELECT LAST_INSERT_ID(), FOUND_ROWS(), CAST(CURRENT_ROLE() AS BINARY) LIMIT 1";

/// What a SET ROLE, which has succeeded, has made active. Nothing: only the server knows; ALL and
/// DEFAULT mean what had been granted then, and a name may be written in many ways.
[[nodiscard]] std::optional<std::string> role_set_by(
    std::string_view text, const lexer_options& options
);

/// What a server says of CURRENT_ROLE(). Nothing: it is not plain ASCII, so that it would be
/// another name in another character set.
[[nodiscard]] std::optional<std::string> role_told(
    const std::optional<std::string>& name, protocol::mysql::server_flavor flavor
);

/// The connection has another role than the session wants.
[[nodiscard]] bool has_another_role(const session_state& wanted, const backend_state& actual);

/// SQL that gives `actual` the session's role; empty: it has it, or its login's is wanted and not
/// known.
[[nodiscard]] std::string role_change(const session_state& wanted, const backend_state& actual);

}  // namespace weir::splitter
