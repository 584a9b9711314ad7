#include "splitter/session/holds.hpp"

namespace weir::splitter {

namespace {

/// What keeps the session from any other connection.
std::vector<hold> ties_of(const session& session) {
    std::vector<hold> holds;
    for (const auto& pin : session.pinned.all())
        holds.push_back({std::string(name_of(pin.cause)), pin.name, pin.times, pin.statement});
    const auto add = [&](bool is_held, std::string cause) {
        if (is_held) holds.push_back({std::move(cause), {}, 1, {}});
    };
    add(session.transaction.open, "open transaction");
    add(session.transaction.untold, "autocommit is off");
    add(session.one_shot_transaction, "SET TRANSACTION for the next transaction");
    add(session.untold_variables != nullptr, "variables that GET DIAGNOSTICS has filled");
    return holds;
}

}  // namespace

std::vector<hold> holds_of(const session& session) {
    std::vector<hold> holds = ties_of(session);
    for (const auto* const statement : session.statements.with_cursor()) {
        holds.push_back({"open cursor", {}, 1, statement->text().substr(0, pins::statement_max)});
    }
    return holds;
}

std::string held_by(const session& session) {
    const auto holds = ties_of(session);
    if (holds.empty()) return {};
    const hold& first = holds.front();
    std::string text = first.cause;
    if (!first.name.empty()) text += " " + first.name;
    if (!first.statement.empty()) text += ", by: " + first.statement;
    return text;
}

}  // namespace weir::splitter
