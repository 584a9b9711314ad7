#include "config/loader/problem_list.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

namespace weir::config {

problem_list::problem_list(std::string file) : file_{std::move(file)} {}

void problem_list::locate(const std::string& key, yaml_position where) {
    places_.locate(key, where);
}

bool problem_list::is_given(const std::string& key) const {
    return places_.is_given(key);
}

bool problem_list::is_wrong(const std::string& key) const {
    return wrong_.count(key) != 0;
}

bool problem_list::is_wrong_within(const std::string& key) const {
    for (auto next = wrong_.lower_bound(key); next != wrong_.end(); ++next) {
        if (!next->starts_with(key)) return false;
        const bool is_inside =
            next->size() == key.size() || (*next)[key.size()] == '.' || (*next)[key.size()] == '[';
        if (is_inside) return true;
    }
    return false;
}

void problem_list::add(const std::string& key, yaml_position where, std::string message) {
    wrong_.insert(key);
    errors_.push_back({file_, where.line, where.column, key, std::move(message)});
}

void problem_list::add(const std::string& key, std::string message) {
    add(key, places_.find(key), std::move(message));
}

std::vector<load_error> problem_list::take() && {
    std::stable_sort(errors_.begin(), errors_.end(), [](const auto& left, const auto& right) {
        return std::tie(left.line, left.column) < std::tie(right.line, right.column);
    });
    return std::move(errors_);
}

}  // namespace weir::config
