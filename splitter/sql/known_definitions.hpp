#pragma once

#include "splitter/sql/definition_change.hpp"
#include "splitter/sql/routine_catalog.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace weir::splitter {

/// A catalogue, and the changes that it may not have seen yet. While there are such changes nothing
/// is proven that rests on the catalogue: no stored function, no view that is known, and no table
/// of a name that a change may have given to a view. Immutable once made.
class known_definitions final : public name_meanings {
public:
    /// Of nothing: no stored function is proven, every view is taken for a table.
    known_definitions() = default;

    /// `catalog` may be null. `version` moves with each published value.
    known_definitions(
        std::uint64_t version,
        std::shared_ptr<const routine_catalog> catalog,
        const std::vector<definition_change>& unseen
    );

    [[nodiscard]] bool only_reads(const called_function& function) const noexcept override;
    [[nodiscard]] bool leaves_state(const called_function& function) const noexcept override;
    [[nodiscard]] bool watches_tables() const noexcept override;
    [[nodiscard]] bool may_hide_a_write(std::string_view schema, std::string_view table)
        const noexcept override;

    [[nodiscard]] std::uint64_t version() const noexcept { return version_; }

    /// Null if none has been read.
    [[nodiscard]] const routine_catalog* catalog() const noexcept { return catalog_.get(); }

    /// A statement through us makes or changes a routine, or did, and the catalogue may not have
    /// it.
    [[nodiscard]] bool is_changing_routines() const noexcept { return is_changing_routines_; }

private:
    std::uint64_t version_ = 0;
    std::shared_ptr<const routine_catalog> catalog_;
    bool is_behind_ = false;  ///< some change may not be in the catalogue
    bool is_changing_routines_ = false;
    bool any_table_may_be_view_ = false;
    std::vector<std::string> changed_views_;
};

}  // namespace weir::splitter
