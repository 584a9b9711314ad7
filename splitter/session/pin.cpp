#include "splitter/session/pin.hpp"

#include "splitter/sql/lower_case.hpp"

#include <algorithm>

namespace weir::splitter {

std::string_view name_of(pin_cause cause) noexcept {
    switch (cause) {
        case pin_cause::temporary_table: return "temporary table";
        case pin_cause::user_variable: return "user variable";
        case pin_cause::named_lock: return "named lock";
        case pin_cause::table_lock: return "table lock";
        case pin_cause::backup_lock: return "backup lock";
        case pin_cause::handler: return "handler";
        case pin_cause::sql_prepare: return "prepared statement in SQL";
        case pin_cause::xa: return "XA transaction";
        case pin_cause::connection_variable: return "variable of one connection";
        case pin_cause::session_status: return "session status";
        case pin_cause::role: return "role";
        case pin_cause::character_set: return "character set";
        case pin_cause::replication_client: return "replication client";
        case pin_cause::untracked_state: return "state that is not tracked";
        case pin_cause::routine: return "what a routine or a trigger left";
        case pin_cause::not_understood: return "text that is not understood";
    }
    return "invalid";
}

bool pins::has(pin_cause cause) const noexcept {
    return std::ranges::find(held_, cause, &held::cause) != held_.end();
}

std::vector<pins::held>::iterator pins::find(pin_cause cause, std::string_view name) {
    const std::string wanted = lower_case(name);
    return std::ranges::find_if(held_, [&](const held& one) {
        return one.cause == cause && one.name == wanted;
    });
}

void pins::add(pin_cause cause, std::string_view name, std::string_view statement) {
    const auto known = find(cause, name);
    if (known != held_.end()) {
        ++known->times;
        return;
    }
    held_.push_back({cause, lower_case(name), 1, std::string(statement.substr(0, statement_max))});
}

void pins::add_once(pin_cause cause, std::string_view name, std::string_view statement) {
    if (find(cause, name) == held_.end()) add(cause, name, statement);
}

void pins::remove(pin_cause cause, std::string_view name) {
    const auto known = find(cause, name);
    if (known != held_.end() && --known->times == 0) held_.erase(known);
}

void pins::remove_all(pin_cause cause) {
    std::erase_if(held_, [&](const held& one) { return one.cause == cause; });
}

}  // namespace weir::splitter
