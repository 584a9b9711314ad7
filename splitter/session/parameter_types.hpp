#pragma once

#include "splitter/session/session_variable.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

// MySQL gives each parameter of a prepared statement a type when it prepares it, by what stands
// around the parameter. A run whose values go with these types leaves them; any other has the
// statement prepared anew with the types of its own values, and they stay for the runs to come: a
// text that is bound where a number was bound before is taken as a number, in comparisons too.
// Texts are read as what there is, but for numbers that an integer cannot be: these are decimals.
// NULLs have no type: they leave what there is, or get back what the text gives.
// So what a run answers depends on the runs before it, and must not depend on those of another
// client. MariaDB takes each run by itself. Found by running each type after each (MySQL 9.7).

namespace weir::splitter {

/// What MySQL makes of a parameter's type.
enum class parameter_class : std::uint8_t {
    null,  ///< of a value only
    integer,
    unsigned_integer,
    decimal,
    floating,
    text,
    binary,  ///< a text without a character set: BLOB
    date,
    datetime,
    time,
    other,     ///< of a statement only: takes what comes
    fraction,  ///< of a value only: a text that is a number, but not one that an integer can be
};

using parameter_classes = std::vector<parameter_class>;
using parameter_class_view = std::span<const parameter_class>;

/// `type`: MYSQL_TYPE_*, as bound or as the answer to a prepare defines it.
[[nodiscard]] parameter_class class_of(std::uint8_t type, bool is_unsigned) noexcept;

/// A parameter that is taken as `as` takes such a value and stays what it is.
[[nodiscard]] bool takes(parameter_class as, parameter_class value) noexcept;

/// All parameters do. Both have one for each.
[[nodiscard]] bool takes_all(parameter_class_view as, parameter_class_view values) noexcept;

/// How parameters are taken after a run with these values. `derived`: as the text gives them.
[[nodiscard]] parameter_classes taken_after(
    parameter_class_view before, parameter_class_view derived, parameter_class_view values
);

/// That is `wanted`.
[[nodiscard]] bool are_taken_so_after(
    parameter_class_view before,
    parameter_class_view derived,
    parameter_class_view values,
    parameter_class_view wanted
) noexcept;

/// A run whose values have just the types `wanted` has the statement prepared anew, and leaves it
/// so.
[[nodiscard]] bool can_be_had_by_a_run(
    parameter_class_view before, parameter_class_view derived, parameter_class_view wanted
);

/// The run under way, on MySQL.
struct parameter_binding {
    parameter_classes values;    ///< of this run; empty: not known, or there are no parameters
    parameter_classes taken_as;  ///< after it, had one server run all of its client's; empty: never
    /// After it on a connection that has just prepared the statement, where that is something else:
    /// then only a connection that has run it before can take them so. Else empty.
    parameter_classes as_new;
    bool may_be_brought = false;  ///< another run may go before it, that gives the types
    /// When that server has prepared it last; nothing: as when the client had it prepared. Then it
    /// read the text, and lengths and texts of parameters are given by the character sets.
    std::optional<meaning_variables> under;
    bool is_under_now = true;  ///< the session has just that set
    std::uint64_t seen = 0;    ///< state_mark::version when that was looked at
    /// The part of the command that all of this was read from; empty: it is to be read again.
    std::vector<std::byte> read_from;
};

}  // namespace weir::splitter
