#include "splitter/session/sql_statements.hpp"

#include <algorithm>
#include <utility>

namespace weir::splitter {

void sql_statements::keep(std::string_view name, std::string text) {
    forget(name);
    if (kept_.size() >= count_max || text.size() > length_max) return;
    kept_.push_back({std::string(name), std::move(text)});
}

void sql_statements::forget(std::string_view name) {
    std::erase_if(kept_, [&](const statement& one) { return one.name == name; });
}

const std::string* sql_statements::find(std::string_view name) const noexcept {
    const auto found = std::ranges::find(kept_, name, &statement::name);
    return found == kept_.end() ? nullptr : &found->text;
}

}  // namespace weir::splitter
