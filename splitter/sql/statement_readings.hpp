#pragma once

#include "splitter/sql/statement_form.hpp"
#include "splitter/sql/statement_traits.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace weir::splitter {

/// What there is to know of a text by itself.
struct statement_reading {
    statement_traits traits;
    std::uint64_t digest = 0;  ///< digest_of(text)
};

/// Literals change neither the traits nor the digest of such a statement. What others do may depend
/// on them: SET, KILL, PREPARE.
[[nodiscard]] constexpr bool means_the_same(const statement_traits& traits) noexcept {
    return traits.queries || traits.changes_rows;
}

/// How statements of a form were read, for those that differ from them in literals only: most that
/// an application says are of a few forms, and to recognise one costs a tenth of reading it.
///
/// A form is kept only if it comes a second time, so that forms that come once push none out.
/// Memory is bounded by the number of forms, at most 1 KiB each. Thread: one worker's.
class statement_readings {
public:
    /// `forms`: so many are kept, rounded up to a power of two; 0: none.
    explicit statement_readings(std::size_t forms);

    /// Null: no statement of this form is known. Valid until the next keep().
    [[nodiscard]] const statement_reading* find(const statement_form& form) const noexcept;

    /// `form` was not found, and a statement of it is read so.
    void keep(const statement_form& form, const statement_reading& reading);

private:
    struct kept {
        std::string form;
        std::uint64_t hash = 0;
        statement_reading reading;
    };

    /// The newer one comes first; a third takes the place of the older.
    struct place {
        std::array<kept, 2> forms;
        std::uint64_t seen = 0;  ///< hash of the last one that was not known
    };

    std::vector<place> places_;
};

}  // namespace weir::splitter
