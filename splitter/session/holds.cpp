#include "splitter/session/holds.hpp"

namespace weir::splitter {

std::vector<hold> holds_of(const session& session) {
    std::vector<hold> holds;
    for (const auto& pin : session.pinned.all())
        holds.push_back({std::string(name_of(pin.cause)), pin.name, pin.times, pin.statement});
    const auto add = [&](bool is_held, std::string cause) {
        if (is_held) holds.push_back({std::move(cause), {}, 1, {}});
    };
    add(session.transaction.open, "open transaction");
    add(session.transaction.untold, "autocommit is off");
    add(session.one_shot_transaction, "SET TRANSACTION for the next transaction");
    add(session.statements.has_home(), "open cursor or long data");
    add(session.untold_variables != nullptr, "variables that GET DIAGNOSTICS has filled");
    return holds;
}

std::string held_by(const session& session) {
    const auto holds = holds_of(session);
    if (holds.empty()) return {};
    const hold& first = holds.front();
    std::string text = first.cause;
    if (!first.name.empty()) text += " " + first.name;
    if (!first.statement.empty()) text += ", by: " + first.statement;
    return text;
}

}  // namespace weir::splitter
