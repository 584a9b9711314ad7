#pragma once

#include "config/loader/yaml_node.hpp"

#include <map>
#include <string>

namespace weir::config {

/// Where each key stands in its file, so that rules over values can name a line.
class key_places {
public:
    /// Notes that `key` has its value at `where`.
    void locate(const std::string& key, yaml_position where) { places_[key] = where; }

    /// True if the file gives this key a value, whether or not it is right.
    [[nodiscard]] bool is_given(const std::string& key) const { return places_.contains(key); }

    /// Where the key has its value, or the nearest section or list around it.
    [[nodiscard]] yaml_position find(std::string key) const;

private:
    std::map<std::string, yaml_position> places_;
};

}  // namespace weir::config
