#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace weir::splitter {

struct backend_state;

/// One row of SHOW WARNINGS.
struct condition {
    std::string level;  ///< "Error", "Warning", "Note"
    std::uint32_t code = 0;
    std::string message;
    friend bool operator==(const condition&, const condition&) = default;
};

/// What a client may ask about its last statement. Plain value.
struct last_statement {
    backend_state* at = nullptr;  ///< the connection that ran it and can be asked; null: none can
    /// What `at` lists as conditions are the session's, be there none: else they are what an
    /// earlier statement left there, of whichever session.
    bool lists_conditions = false;
    std::int64_t row_count = 0;                   ///< ROW_COUNT()
    std::optional<std::uint64_t> found_rows = 0;  ///< FOUND_ROWS(); nothing: not known
    /// The connection that found them, or may have, with its last statement that does so; null:
    /// none that can be asked.
    backend_state* found_rows_at = nullptr;
    /// `found_rows` is of an earlier statement, and `found_rows_at` may have found others since: it
    /// is the best that is known if that connection cannot be asked.
    bool found_rows_guessed = false;
    /// @@warning_count, errors included: of the last statement, or, where servers keep them over
    /// statements that use no tables, of an earlier one.
    std::uint32_t warnings = 0;
    std::uint32_t errors = 0;  ///< @@error_count of the same statement, as far as it is known
    /// Of the last statement itself: what MySQL's OK to a command that is none counts.
    std::uint32_t own_warnings = 0;
    backend_state* conditions_at = nullptr;  ///< the connection that can still list these
    /// SHOW WARNINGS, as told by that connection before another session took it; null: there are
    /// none, or it can be asked.
    std::unique_ptr<std::vector<condition>> conditions;

    /// The only one that can tell FOUND_ROWS(); null: it is known, or nobody can.
    [[nodiscard]] backend_state* who_found_rows() const noexcept {
        return found_rows && !found_rows_guessed ? nullptr : found_rows_at;
    }

    /// It has failed: an error does not say how many conditions came before it, `conditions_at`
    /// does.
    [[nodiscard]] bool are_counted_there() const noexcept {
        return errors > 0 && conditions == nullptr && conditions_at != nullptr;
    }
};

/// LAST_INSERT_ID() of a session.
struct last_insert_id {
    backend_state* at = nullptr;  ///< only this connection knows it; null: it is `value`
    std::uint64_t value = 0;      ///< with `at`: what its OK said, which may be another number
};

}  // namespace weir::splitter
