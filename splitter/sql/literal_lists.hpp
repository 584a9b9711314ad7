#pragma once

#include "splitter/sql/digest_writer.hpp"

#include <cstddef>
#include <cstdint>

namespace weir::splitter {

/// Reduces the literals of a statement, so that its digest does not depend on how many there are:
///
///     1                     ?
///     1, 2, 3               ?, ...
///     (1)                   (?)
///     (1, 2, 3)             (...)
///     (1, 2), (3, 4), ...   (...), ...
///
/// What may yet become part of a list is held back; write() lets go of it. Until then it is at most
/// rows, a comma, an opening parenthesis, values, a comma, in this order.
class literal_lists {
public:
    /// Literals with commas between them.
    void on_values(std::size_t count, digest_writer& out) noexcept;
    void on_comma(digest_writer& out) noexcept;
    void on_open(digest_writer& out) noexcept;
    void on_close(digest_writer& out) noexcept;

    /// "...": what stands for the rest of a list where a digest's text is read again.
    void on_ellipsis(digest_writer& out) noexcept;

    /// Something else follows.
    void write(digest_writer& out) noexcept {
        if (rows_ != amount::none || has_open_ || values_ != amount::none) write_held(out);
    }

private:
    enum class amount : std::uint8_t { none, one, several };

    void write_held(digest_writer& out) noexcept;
    void write_rows(digest_writer& out) const noexcept;

    amount rows_ = amount::none;           ///< rows in parentheses
    amount values_of_row_ = amount::none;  ///< in the first of them
    bool has_comma_after_rows_ = false;
    bool has_open_ = false;
    amount values_ = amount::none;  ///< after rows only within a parenthesis that is open
    bool has_comma_after_values_ = false;
};

}  // namespace weir::splitter
