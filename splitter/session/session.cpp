#include "splitter/session/session.hpp"

#include <algorithm>
#include <cstdlib>
#include <utility>

namespace weir::splitter {

session::~session() {
    disown();
}

void session::start_over() {
    disown();
    capabilities = {};
    state.start_over();
    transaction = {};
    pinned.clear();
    statements.clear();
    prepared_in_sql.clear();
    written = {};
    insert_id = {};
    given_back.reset();
    untold_variables.reset();
    identity_at.reset();
    trace.reset();
    one_shot_transaction = false;
    begun.clear();
}

void session::disown() {
    for (auto* const connection :
         {last.at, last.conditions_at, last.who_found_rows(), insert_id.at}) {
        if (connection != nullptr) connection->left = {};
    }
    // Servers keep this one over a reset and a change of user.
    const auto found_rows = last.found_rows;
    last = {};
    last.found_rows = found_rows;
    insert_id = {};
}

void session::on_ran(backend_state& connection, side_effects left) {
    backend_state* const former[]{last.at, last.conditions_at, insert_id.at};
    if (left.conditions) last.conditions_at = last.warnings > 0 ? &connection : nullptr;
    const bool was_here = last.at == &connection;
    if (left.conditions) {
        last.lists_conditions = left.counts_rows || was_here;
    } else if (left.counts_rows) {
        last.lists_conditions =
            last.conditions_at == &connection || (was_here && last.lists_conditions);
    }
    if (left.counts_rows) last.at = &connection;
    if (left.insert_id) {
        // What it was before was brought here, if it was elsewhere.
        insert_id.at = &connection;
        connection.insert_id.reset();
    }
    mark_remnant(connection);
    for (auto* const one : former) {
        if (one != nullptr && one != &connection) mark_remnant(*one);
    }
}

void session::on_local_answer(std::optional<condition> made) {
    backend_state* const former[]{last.at, last.conditions_at};
    last.at = nullptr;
    last.conditions_at = nullptr;
    last.conditions.reset();
    last.row_count = made ? -1 : 0;
    last.warnings = made ? 1 : 0;
    last.errors = last.warnings;
    last.own_warnings = last.warnings;
    if (made) on_conditions_told({std::move(*made)});
    cut_conditions();
    for (auto* const one : former) {
        if (one != nullptr) mark_remnant(*one);
    }
}

void session::on_local_rows() {
    last.own_warnings = 0;
    count_rows_locally(-1);
}

void session::on_local_ok(std::int64_t row_count) {
    count_rows_locally(row_count);
}

void session::on_local_complaint(condition made) {
    backend_state* const former = std::exchange(last.conditions_at, nullptr);
    if (last.conditions == nullptr) last.conditions = std::make_unique<std::vector<condition>>();
    last.conditions->push_back(std::move(made));
    cut_conditions();
    ++last.warnings;
    ++last.errors;
    last.own_warnings = 1;
    if (former != nullptr) mark_remnant(*former);
    count_rows_locally(-1);
}

void session::count_rows_locally(std::int64_t row_count) {
    last.row_count = row_count;
    backend_state* const former = last.at;
    last.at = nullptr;
    if (former != nullptr) mark_remnant(*former);
}

/// Notes on a connection what it alone knows of this session.
void session::mark_remnant(backend_state& connection) {
    remnant& left = connection.left;
    left.conditions = last.conditions_at == &connection;
    const bool found_rows_here = last.who_found_rows() == &connection;
    left.found_rows = found_rows_here && (!last.found_rows_guessed || asks_about_rows);
    left.insert_id = insert_id.at == &connection;
    const bool is_known_here =
        last.at == &connection || left.conditions || found_rows_here || left.insert_id;
    left.owner = is_known_here ? this : nullptr;
}

void session::on_connection_lost(backend_state& connection) {
    if (last.at == &connection) last.at = nullptr;
    if (last.conditions_at == &connection) last.conditions_at = nullptr;
    if (last.found_rows_at == &connection) last.found_rows_at = nullptr;
    if (insert_id.at == &connection) insert_id.at = nullptr;
    connection.left = {};
}

void session::on_insert_id_told(std::uint64_t value) noexcept {
    insert_id.value = value;
}

void session::on_found_rows_told(std::uint64_t value) noexcept {
    if (last.who_found_rows() == nullptr) return;  // others have been found since
    last.found_rows = value;
    last.found_rows_guessed = false;
}

void session::on_found_rows(backend_state& connection, std::optional<std::uint64_t> found) {
    backend_state* const former = last.who_found_rows();
    last.found_rows_at = &connection;
    last.found_rows = found;
    last.found_rows_guessed = false;
    if (former != nullptr && former != &connection) mark_remnant(*former);
}

void session::on_found_rows_unsure(backend_state& connection) {
    backend_state* const former = last.who_found_rows();
    last.found_rows_at = &connection;
    last.found_rows_guessed = true;
    if (former != nullptr && former != &connection) mark_remnant(*former);
}

void session::on_found_rows_here(std::uint64_t found) {
    give_up_found_rows();
    last.found_rows = found;
}

void session::on_rows_asked() {
    if (std::exchange(asks_about_rows, true)) return;
    if (auto* const knowing = last.who_found_rows()) mark_remnant(*knowing);
}

void session::give_up_found_rows() {
    backend_state* const former = last.who_found_rows();
    last.found_rows_at = nullptr;
    last.found_rows_guessed = false;
    if (former != nullptr) mark_remnant(*former);
}

/// As servers do, which count those that they do not list.
void session::cut_conditions() {
    const std::string* const most = state.value_of("max_error_count");
    if (most == nullptr || last.conditions == nullptr) return;
    const auto listed = static_cast<std::size_t>(std::strtoull(most->c_str(), nullptr, 10));
    if (last.conditions->size() > listed) last.conditions->resize(listed);
}

void session::on_conditions_known(std::vector<condition> known) {
    backend_state* const former = std::exchange(last.conditions_at, nullptr);
    on_conditions_told(std::move(known));
    if (former != nullptr) mark_remnant(*former);
}

void session::on_conditions_replaced(backend_state& connection) {
    if (last.at == &connection) last.lists_conditions = false;
    if (last.conditions_at != &connection) return;
    last.conditions_at = nullptr;
    mark_remnant(connection);
}

/// An error, and what goes on beside the last result, is not counted by what answers it. Lists are
/// cut, so that a shorter one says nothing, unless there is none.
void session::on_conditions_told(std::vector<condition> told) {
    // Those of the last statement and no others: an error does not say what came before it.
    const bool are_its_own = last.own_warnings > 0 && last.own_warnings == last.warnings;
    if (told.empty()) last.warnings = last.errors = 0;
    last.warnings = std::max(last.warnings, static_cast<std::uint32_t>(told.size()));
    if (are_its_own) last.own_warnings = last.warnings;
    last.conditions = std::make_unique<std::vector<condition>>(std::move(told));
}

}  // namespace weir::splitter
