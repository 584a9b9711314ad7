#pragma once

#include <string_view>

namespace weir::splitter {

/// A function that is not built in, as a statement calls it.
struct called_function {
    std::string_view schema;  ///< as written, or the schema that holds for names without one
    std::string_view name;    ///< without quotes
    bool is_qualified = false;
};

/// Says what the names in a text stand for beyond what the text shows. Names come without their
/// quotes, but a quote inside them is still doubled; ASCII letters of names compare without regard
/// to case, those of schemas at least when they are equal. Not owned by who asks.
class name_meanings {
public:
    name_meanings() = default;
    name_meanings(const name_meanings&) = default;
    name_meanings& operator=(const name_meanings&) = default;
    name_meanings(name_meanings&&) = default;
    name_meanings& operator=(name_meanings&&) = default;
    virtual ~name_meanings() = default;

    /// The function's whole body is proven to only read what every server has.
    [[nodiscard]] virtual bool only_reads(const called_function& function) const noexcept = 0;

    /// Its body may leave something on the connection: a user variable, a lock, a temporary table.
    [[nodiscard]] virtual bool leaves_state(const called_function& /*function*/) const noexcept {
        return false;
    }

    /// True if may_hide_a_write() can be true of any name: else nobody needs to look for tables.
    [[nodiscard]] virtual bool watches_tables() const noexcept = 0;

    /// The name may be a view's that is not proven to only read what every server has.
    [[nodiscard]] virtual bool may_hide_a_write(std::string_view schema, std::string_view table)
        const noexcept = 0;
};

/// What names mean, and the schema of those that are written without one. Without meanings no
/// stored function is proven, and every view is taken for a table.
struct name_scope {
    const name_meanings* meanings = nullptr;
    std::string_view schema{};
};

}  // namespace weir::splitter
