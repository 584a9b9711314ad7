#include "splitter/sql/known_definitions.hpp"

#include "splitter/sql/word.hpp"

#include <utility>

namespace weir::splitter {

known_definitions::known_definitions(
    std::uint64_t version,
    std::shared_ptr<const routine_catalog> catalog,
    const std::vector<definition_change>& unseen
)
    : version_{version}, catalog_{std::move(catalog)}, is_behind_{!unseen.empty()} {
    // Without a catalogue views are taken for tables anyway.
    if (catalog_ == nullptr) return;
    for (const definition_change& change : unseen) {
        const bool is_about_routines = change.which == definition_change::views::none;
        if (is_about_routines && !change.is_assumed) is_changing_routines_ = true;
        if (change.which == definition_change::views::any) any_table_may_be_view_ = true;
        if (change.which == definition_change::views::one) changed_views_.push_back(change.name);
    }
}

bool known_definitions::only_reads(const called_function& function) const noexcept {
    return catalog_ != nullptr && !is_behind_ && catalog_->only_reads(function);
}

bool known_definitions::leaves_state(const called_function& function) const noexcept {
    return catalog_ != nullptr && catalog_->leaves_state(function);
}

bool known_definitions::watches_tables() const noexcept {
    if (catalog_ == nullptr) return false;
    if (!is_behind_) return catalog_->watches_tables();
    return any_table_may_be_view_ || !changed_views_.empty() || catalog_->has_views();
}

bool known_definitions::may_hide_a_write(std::string_view schema, std::string_view table)
    const noexcept {
    if (catalog_ == nullptr) return false;
    if (!is_behind_) return catalog_->may_hide_a_write(schema, table);
    return any_table_may_be_view_ || is_one_of(table, changed_views_) ||
           catalog_->is_view(schema, table);
}

}  // namespace weir::splitter
