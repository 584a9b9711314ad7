#include "splitter/session/prepared_statements.hpp"

#include <utility>

namespace weir::splitter {

prepared_statement& prepared_statements::add(statement_use shared, const statement_traits& traits) {
    while (next_id_ == 0 || next_id_ == last_prepared || statements_.contains(next_id_))
        ++next_id_;
    auto& statement = statements_[next_id_];
    statement.id = next_id_++;
    statement.shared = std::move(shared);
    statement.traits = traits;
    newest_ = statement.id;
    return statement;
}

prepared_statement* prepared_statements::find(std::uint32_t id) {
    const auto found = statements_.find(id == last_prepared ? newest_ : id);
    return found == statements_.end() ? nullptr : &found->second;
}

void prepared_statements::close(std::uint32_t id) {
    auto* const statement = find(id);
    if (statement == nullptr) return;
    settle(*statement, nullptr);
    statements_.erase(statement->id);
}

void prepared_statements::clear() {
    statements_.clear();
    homes_ = 0;
}

void prepared_statements::settle(prepared_statement& statement, const backend_state* home) {
    if (statement.home != nullptr) --homes_;
    statement.home = home;
    if (statement.home != nullptr) ++homes_;
}

void prepared_statements::on_connection_closed(const backend_state& connection) {
    if (homes_ == 0) return;
    for (auto& [id, statement] : statements_) {
        if (statement.home != &connection) continue;
        settle(statement, nullptr);
        statement.home_lost = true;
    }
}

}  // namespace weir::splitter
