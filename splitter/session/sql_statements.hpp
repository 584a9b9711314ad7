#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace weir::splitter {

/// The texts of what a session has prepared in SQL, so far as they are known: they live on its
/// connection, and what they ask about the statement before may be known here only. Owned by its
/// session.
class sql_statements {
public:
    static constexpr std::size_t count_max = 64;
    static constexpr std::size_t length_max = 1'024;  ///< a longer text is not kept

    /// `name` in lower case; takes the place of a former one.
    void keep(std::string_view name, std::string text);

    void forget(std::string_view name);

    void clear() noexcept { kept_.clear(); }

    [[nodiscard]] bool empty() const noexcept { return kept_.empty(); }

    /// Null: it is not known.
    [[nodiscard]] const std::string* find(std::string_view name) const noexcept;

private:
    struct statement {
        std::string name;
        std::string text;
    };

    std::vector<statement> kept_;
};

}  // namespace weir::splitter
