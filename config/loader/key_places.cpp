#include "config/loader/key_places.hpp"

namespace weir::config {

namespace {

/// `servers[0].weight` -> `servers[0]` -> `servers` -> empty, which is the file's top.
std::string parent_of(const std::string& key) {
    const std::size_t end = key.find_last_of(".[");
    return end == std::string::npos ? std::string{} : key.substr(0, end);
}

}  // namespace

yaml_position key_places::find(std::string key) const {
    while (!key.empty() && !is_given(key))
        key = parent_of(key);
    const auto found = places_.find(key);
    return found == places_.end() ? yaml_position{} : found->second;
}

}  // namespace weir::config
