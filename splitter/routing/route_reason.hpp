#pragma once

#include <cstdint>
#include <string_view>

namespace weir::splitter {

/// Why a statement needs the kind of server that its route names.
enum class route_reason : std::uint8_t {
    not_a_read,  ///< it is not proven to only read
    hint,        ///< a hint or a rule wants the primary
    pins,        ///< it makes what lives on one connection
    previous_statement,
    autocommit_off,
    left_replica,  ///< a read-only transaction could not go on at the primary, and is run again
    globals_set,   ///< the session has set a global variable, on the primary only
    serializable,
    global_consistency,  ///< it is to see what anybody has written
    own_write,           ///< what the session has written is surely on the primary only
    unknown_sql_mode,    ///< quotes in it cannot be read before the primary told the sql_mode
    system_schema,       ///< unqualified names are tables of one server
    auto_is_null,        ///< WHERE id IS NULL may ask for the last id
    diagnostics,         ///< only the connection that ran the statement before can tell
    reads,
    read_only_transaction,
};

/// "only reads", ... for people.
[[nodiscard]] std::string_view name_of(route_reason reason) noexcept;

}  // namespace weir::splitter
