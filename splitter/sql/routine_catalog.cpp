#include "splitter/sql/routine_catalog.hpp"

#include "splitter/sql/lower_case.hpp"

namespace weir::splitter {
namespace {

template <class Names>
bool contains(const Names& all, std::string_view schema, std::string_view name) noexcept {
    const auto found = all.find(schema);
    return found != all.end() && found->second.contains(name);
}

/// Names beyond ASCII come in the client's character set, and servers fold their accents: such a
/// name may be any view's of that kind.
template <class Names>
bool may_contain(const Names& all, std::string_view schema, std::string_view name) noexcept {
    if (is_ascii(schema) && is_ascii(name)) return contains(all, schema, name);
    return std::ranges::any_of(all, [](const auto& entry) {
        return !is_ascii(entry.first) || !std::ranges::all_of(entry.second, is_ascii);
    });
}

}  // namespace

bool routine_catalog::only_reads(const called_function& function) const noexcept {
    if (function.is_qualified) {
        if (packages_.contains(function.schema)) return false;
    } else if (!knows_loadable_functions_ || loadable_functions_.contains(function.name)) {
        return false;
    }
    return contains(proven_functions_, function.schema, function.name);
}

bool routine_catalog::leaves_state(const called_function& function) const noexcept {
    return contains(leaving_functions_, function.schema, function.name);
}

const body_leftovers* routine_catalog::left_by_procedure(
    std::string_view schema, std::string_view procedure
) const {
    const auto found = left_by_procedures_.find({lower_case(schema), lower_case(procedure)});
    return found == left_by_procedures_.end() ? nullptr : &found->second;
}

bool routine_catalog::may_hide_a_write(std::string_view schema, std::string_view table)
    const noexcept {
    return may_contain(unproven_views_, schema, table);
}

bool routine_catalog::is_view(std::string_view schema, std::string_view table) const noexcept {
    return may_contain(views_, schema, table);
}

bool routine_catalog::defines_nothing(std::string_view schema, std::string_view procedure)
    const noexcept {
    return contains(harmless_procedures_, schema, procedure);
}

}  // namespace weir::splitter
