#include "splitter/session/session.hpp"

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
    written = {};
    last = {};
    insert_id = {};
    one_shot_transaction = false;
}

void session::disown() {
    if (last.at != nullptr) last.at->left = {};
    if (insert_id.at != nullptr) insert_id.at->left = {};
    last = {};
    insert_id = {};
}

void session::on_ran(backend_state& connection, bool moved) {
    if (last.at != nullptr && last.at != &connection) {
        last.at->left.conditions = false;
        last.at->left.found_rows = false;
        if (!last.at->left.insert_id) last.at->left.owner = nullptr;
    }
    last.at = &connection;
    connection.left.owner = this;
    connection.left.conditions = last.warnings > 0;
    connection.left.found_rows = !last.found_rows;
    if (!moved) return;
    if (insert_id.at != nullptr && insert_id.at != &connection) {
        // Superseded: it was brought here before the statement ran.
        insert_id.at->left.insert_id = false;
        insert_id.at->left.owner = nullptr;
    }
    insert_id.at = &connection;
    connection.left.insert_id = true;
    connection.insert_id.reset();
}

void session::on_connection_lost(backend_state& connection) {
    if (last.at == &connection) last.at = nullptr;
    if (insert_id.at == &connection) insert_id.at = nullptr;
    connection.left = {};
}

void session::on_insert_id_told(std::uint64_t value) noexcept {
    insert_id.value = value;
}

void session::on_found_rows_told(std::uint64_t value) noexcept {
    last.found_rows = value;
}

void session::on_conditions_told(std::vector<condition> told) {
    last.conditions = std::make_unique<std::vector<condition>>(std::move(told));
}

}  // namespace weir::splitter
