#include "splitter/session/prepared_statements.hpp"

#include <algorithm>

namespace weir::splitter {

prepared_statement& prepared_statements::add(
    std::string_view text, const statement_traits& traits
) {
    while (next_id_ == 0 || next_id_ == last_prepared || statements_.contains(next_id_))
        ++next_id_;
    auto& statement = statements_[next_id_];
    statement.id = next_id_++;
    statement.text = text;
    statement.traits = traits;
    newest_ = statement.id;
    return statement;
}

prepared_statement* prepared_statements::find(std::uint32_t id) {
    const auto found = statements_.find(id == last_prepared ? newest_ : id);
    return found == statements_.end() ? nullptr : &found->second;
}

void prepared_statements::close(std::uint32_t id) {
    statements_.erase(id == last_prepared ? newest_ : id);
}

void prepared_statements::clear() {
    statements_.clear();
}

bool prepared_statements::is_home(const backend_state& connection) const {
    return std::ranges::any_of(statements_, [&](const auto& entry) {
        return entry.second.home == &connection;
    });
}

void prepared_statements::on_connection_closed(const backend_state& connection) {
    for (auto& [id, statement] : statements_) {
        if (statement.home != &connection) continue;
        statement.home = nullptr;
        statement.home_lost = true;
    }
}

}  // namespace weir::splitter
