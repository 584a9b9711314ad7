#include "config/loader/unknown_key.hpp"

#include "config/loader/key_list.hpp"
#include "config/loader/suggestion.hpp"

#include <algorithm>
#include <cstddef>

namespace weir::config {

namespace {

constexpr std::string_view key_characters =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.";
constexpr std::size_t longest_shown_key = 40;
constexpr std::size_t shortest_fragment = 4;  ///< shorter words are part of too many names

std::string last_part(const std::string& path) {
    return path.substr(path.rfind('.') + 1);
}

/// Paths outside of `section` whose last part satisfies `fits`, as `a` or `a or b`.
std::string other_paths(std::string_view section, auto&& fits) {
    std::string result;
    for (const key_description& known : proxy_keys()) {
        const std::string name = last_part(known.path);
        const bool is_here = known.path.size() == section.size() + 1 + name.size() &&
                             known.path.starts_with(section);
        if (is_here || !fits(name)) continue;
        if (!result.empty()) result += " or ";
        result += known.path;
    }
    return result;
}

std::string all_of(std::span<const std::string> names) {
    std::string result;
    for (const std::string& name : names) {
        if (!result.empty()) result += ", ";
        result += name;
    }
    return result;
}

}  // namespace

std::string printable_key(std::string_view key) {
    const std::size_t end = std::min(key.find_first_not_of(key_characters), longest_shown_key);
    if (end >= key.size()) return std::string{key};
    return std::string{key.substr(0, end)} + "...";
}

std::string unknown_key_message(
    std::string_view key, std::span<const std::string> siblings, std::string_view section
) {
    const std::string unknown = "is not a key";
    if (key.find(':') != std::string_view::npos) return unknown + "; put a space after the colon";
    if (const auto sibling = closest_word(key, siblings); !sibling.empty()) {
        return unknown + "; did you mean " + sibling + "?";
    }
    const auto is_same = [&](const std::string& name) { return name == key; };
    if (const auto paths = other_paths(section, is_same); !paths.empty()) {
        return unknown + " here; did you mean " + paths + "?";
    }
    const auto contains = [&](const std::string& name) {
        return key.size() >= shortest_fragment && name.find(key) != std::string::npos;
    };
    const auto near = std::find_if(siblings.begin(), siblings.end(), contains);
    if (near != siblings.end()) return unknown + "; did you mean " + *near + "?";
    if (const auto paths = other_paths(section, contains); !paths.empty()) {
        return unknown + " here; did you mean " + paths + "?";
    }
    return unknown + "; known here: " + all_of(siblings);
}

}  // namespace weir::config
