#include "splitter/routing/route_reason.hpp"

namespace weir::splitter {

std::string_view name_of(route_reason reason) noexcept {
    switch (reason) {
        case route_reason::not_a_read: return "is not proven to only read";
        case route_reason::hint: return "a hint or a rule asks for the primary";
        case route_reason::pins: return "leaves something on its connection";
        case route_reason::previous_statement: return "depends on the statement before it";
        case route_reason::autocommit_off: return "autocommit is off";
        case route_reason::left_replica:
            return "a read-only transaction had to leave its replica and could not";
        case route_reason::globals_set: return "the session has set a global variable";
        case route_reason::serializable: return "isolation level SERIALIZABLE";
        case route_reason::global_consistency: return "is to see what anybody has written";
        case route_reason::own_write: return "only the primary surely has what the session wrote";
        case route_reason::unknown_sql_mode: return "the sql_mode is not known yet";
        case route_reason::system_schema: return "the current schema is a server's own";
        case route_reason::auto_is_null: return "sql_auto_is_null is on";
        case route_reason::diagnostics: return "asks about the statement before, where that ran";
        case route_reason::reads: return "only reads";
        case route_reason::read_only_transaction: return "opens a read-only transaction";
    }
    return "invalid";
}

}  // namespace weir::splitter
