#include "splitter/session/prepared_statements.hpp"

#include "splitter/session/backend_state.hpp"

#include <algorithm>
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
    if (const auto* const statement = give_up(id)) statements_.erase(statement->id);
}

void prepared_statements::close(std::uint32_t id, closed& kept) {
    if (const auto* const statement = give_up(id)) kept.insert(statements_.extract(statement->id));
}

prepared_statement* prepared_statements::give_up(std::uint32_t id) {
    auto* const statement = find(id);
    if (statement == nullptr) return nullptr;
    abandon_cursor(*statement);
    drop_data(*statement);
    return statement;
}

void prepared_statements::clear() {
    for (auto& [id, statement] : statements_)
        abandon_cursor(statement);
    statements_.clear();
    data_size_ = 0;
}

void prepared_statements::open_cursor(
    prepared_statement& statement, backend_state& home, std::uint32_t backend_id
) {
    const auto there =
        std::ranges::find(home.statements, backend_id, &backend_state::prepared::backend_id);
    if (there == home.statements.end()) return;
    there->cursor_of = statement.id;
    statement.home = &home;
    ++home.open_cursors;
    ++cursors_;
}

void prepared_statements::leave_home(prepared_statement& statement) {
    --statement.home->open_cursors;
    --cursors_;
    statement.home = nullptr;
}

void prepared_statements::end_cursor(prepared_statement& statement) {
    if (statement.home == nullptr) return;
    if (auto* const there = statement.home->find_cursor(statement.id)) there->cursor_of = 0;
    leave_home(statement);
}

void prepared_statements::abandon_cursor(prepared_statement& statement) {
    if (statement.home == nullptr) return;
    statement.home->drop_cursor(statement.id);
    leave_home(statement);
}

void prepared_statements::on_cursors_lost(const backend_state& connection) {
    if (cursors_ == 0) return;
    for (auto& [id, statement] : statements_) {
        if (statement.home != &connection) continue;
        leave_home(statement);
        statement.cursor_lost = true;
    }
}

std::vector<const prepared_statement*> prepared_statements::with_cursor() const {
    std::vector<const prepared_statement*> found;
    if (cursors_ == 0) return found;
    for (const auto& [id, statement] : statements_) {
        if (statement.home != nullptr) found.push_back(&statement);
    }
    return found;
}

std::vector<const prepared_statement*> prepared_statements::all() const {
    std::vector<const prepared_statement*> found;
    for (const auto& [id, statement] : statements_)
        found.push_back(&statement);
    return found;
}

void prepared_statements::keep_data(
    prepared_statement& statement, protocol::wire::bytes_view packet, std::size_t limit
) {
    if (statement.data_refused) return;
    if (data_size_ + packet.size() > limit) {
        drop_data(statement);
        statement.data_refused = true;
        return;
    }
    statement.data.append(packet);
    data_size_ += packet.size();
}

void prepared_statements::drop_data(prepared_statement& statement) {
    data_size_ -= statement.data.size();
    statement.data = {};
    statement.data_refused = false;
}

void prepared_statements::reset(prepared_statement& statement) {
    drop_data(statement);
    statement.cursor_lost = false;
}

}  // namespace weir::splitter
