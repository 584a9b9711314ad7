#pragma once

namespace weir::splitter {

struct session;

/// What a session has left on the connection that it used last and only that connection can tell.
/// Before another session uses the connection it is asked and told to its owner. Owned by the
/// connection; a session that ends takes its name off.
struct remnant {
    session* owner = nullptr;  ///< null: nobody would ask
    bool insert_id = false;    ///< LAST_INSERT_ID()
    bool conditions = false;   ///< warnings and errors of its last statement
    bool found_rows = false;   ///< FOUND_ROWS()

    /// Its session would miss something if the connection were gone.
    [[nodiscard]] bool is_asked_for() const noexcept {
        return owner != nullptr && (insert_id || conditions || found_rows);
    }

    [[nodiscard]] bool is_of_another(const session& one) const noexcept {
        return owner != &one && is_asked_for();
    }
};

}  // namespace weir::splitter
