#pragma once

#include "splitter/sql/body_leftovers.hpp"
#include "splitter/sql/definition_source.hpp"
#include "splitter/sql/name_scope.hpp"
#include "splitter/sql/word.hpp"

#include <algorithm>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>

namespace weir::splitter {

/// Orders words without regard to the case of their ASCII letters.
struct word_less {
    using is_transparent = void;

    bool operator()(std::string_view a, std::string_view b) const noexcept {
        return std::ranges::lexicographical_compare(a, b, {}, ascii_lower, ascii_lower);
    }
};

/// What is proven of a server's stored functions, procedures and views. Immutable once made: a new
/// reading makes a new one. A function is proven if its body only reads and calls nothing but
/// built-in functions and proven ones (one that calls itself, even through others, is not), a view
/// if its query does; both through views of views.
class routine_catalog final : public name_meanings {
public:
    /// Reads every body once. Thread: any.
    [[nodiscard]] static std::shared_ptr<const routine_catalog> make(const definition_source& from);

    [[nodiscard]] bool only_reads(const called_function& function) const noexcept override;

    [[nodiscard]] bool leaves_state(const called_function& function) const noexcept override;

    [[nodiscard]] bool watches_tables() const noexcept override { return !unproven_views_.empty(); }

    [[nodiscard]] bool may_hide_a_write(std::string_view schema, std::string_view table)
        const noexcept override;

    /// A view of that name is there, proven or not.
    [[nodiscard]] bool is_view(std::string_view schema, std::string_view table) const noexcept;

    [[nodiscard]] bool has_views() const noexcept { return !views_.empty(); }

    /// The procedure is known, and its body can make no function and no view.
    [[nodiscard]] bool defines_nothing(std::string_view schema, std::string_view procedure)
        const noexcept;

    /// What a call of the procedure leaves, with all that it calls; null: it is not known.
    [[nodiscard]] const body_leftovers* left_by_procedure(
        std::string_view schema, std::string_view procedure
    ) const;

private:
    friend class catalog_maker;

    template <class SchemaLess>
    using names_by_schema = std::map<std::string, std::set<std::string, word_less>, SchemaLess>;
    /// Where a name found too seldom does no harm, its schema has to be the same byte by byte.
    using exact_names = names_by_schema<std::less<>>;
    using folded_names = names_by_schema<word_less>;

    exact_names proven_functions_;
    exact_names harmless_procedures_;
    std::map<body_leftovers::name, body_leftovers> left_by_procedures_;
    folded_names leaving_functions_;
    folded_names views_;
    folded_names unproven_views_;
    std::set<std::string, word_less> loadable_functions_;
    std::set<std::string, word_less>
        packages_;  ///< `package`.function looks like `schema`.function
    bool knows_loadable_functions_ = false;
};

}  // namespace weir::splitter
