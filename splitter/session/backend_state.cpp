#include "splitter/session/backend_state.hpp"

#include <algorithm>

namespace weir::splitter {

backend_state::prepared* backend_state::find_statement(const shared_statement& statement) {
    const auto found = std::ranges::find_if(statements, [&](const prepared& one) {
        return one.what.get() == &statement;
    });
    if (found == statements.end()) return nullptr;
    found->last_used = ++uses;
    return &*found;
}

void backend_state::remember_statement(prepared made) {
    drop_statement(*made.what);
    made.last_used = ++uses;
    statements.push_back(std::move(made));
}

void backend_state::forget_statement(const shared_statement& statement) {
    std::erase_if(statements, [&](const prepared& one) { return one.what.get() == &statement; });
}

void backend_state::drop_statement(const shared_statement& statement) {
    const auto found = std::ranges::find_if(statements, [&](const prepared& one) {
        return one.what.get() == &statement;
    });
    if (found == statements.end()) return;
    unwanted_statements.push_back(found->backend_id);
    statements.erase(found);
}

void backend_state::drop_unwanted_statements(const shared_statements& all, std::size_t limit) {
    if (unwanted_seen != all.unwanted()) {
        unwanted_seen = all.unwanted();
        std::erase_if(statements, [&](const prepared& one) {
            if (one.what->is_wanted()) return false;
            unwanted_statements.push_back(one.backend_id);
            return true;
        });
    }
    while (statements.size() > limit) {
        drop_statement(*std::ranges::min_element(statements, {}, &prepared::last_used)->what);
    }
}

void backend_state::on_reset() {
    reset_needed = false;
    tracking_asked = false;
    applied = {};
    left = {};
    insert_id = 0;
    statements.clear();
    unwanted_statements.clear();
    // MySQL gives the server's own values to what a login sets; MariaDB the login's again.
    variables.clear();
    user_variables.clear();
    if (flavor != protocol::mysql::server_flavor::mysql) return;
    for (const std::string_view name : variables_of_login)
        variables.push_back({std::string(name), std::nullopt});
}

void backend_state::on_user_changed() {
    on_reset();
    // Unlike a reset, it sets what a login sets.
    variables.clear();
    initial.clear();
    role.reset();
    login_role.reset();
    role_asked = false;
    tracks_variables = false;
    tracks_gtids = false;
}

}  // namespace weir::splitter
