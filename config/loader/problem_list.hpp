#pragma once

#include "config/loader/key_places.hpp"
#include "config/loader/load_error.hpp"
#include "config/loader/yaml_node.hpp"

#include <set>
#include <string>
#include <vector>

namespace weir::config {

/// Everything found wrong with one file, and where each key stands in it.
class problem_list {
public:
    explicit problem_list(std::string file);

    /// Notes that `key` has its value at `where`.
    void locate(const std::string& key, yaml_position where);

    /// True if the file gives this key a value, whether or not it is right.
    [[nodiscard]] bool is_given(const std::string& key) const;

    /// True if something is wrong with the key itself. Rules skip such keys: one mistake, one
    /// message.
    [[nodiscard]] bool is_wrong(const std::string& key) const;

    /// True if something is wrong with the key or anything inside of it.
    [[nodiscard]] bool is_wrong_within(const std::string& key) const;

    void add(const std::string& key, yaml_position where, std::string message);

    /// At the key's own place, or at the place of the nearest section or list around it.
    void add(const std::string& key, std::string message);

    [[nodiscard]] const key_places& places() const noexcept { return places_; }

    /// In the order of the file.
    [[nodiscard]] std::vector<load_error> take() &&;

private:
    std::string file_;
    key_places places_;
    std::set<std::string> wrong_;
    std::vector<load_error> errors_;
};

}  // namespace weir::config
