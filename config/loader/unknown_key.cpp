#include "config/loader/unknown_key.hpp"

#include "config/loader/key_list.hpp"
#include "config/loader/suggestion.hpp"

#include <algorithm>
#include <cstddef>
#include <functional>
#include <string>
#include <vector>

namespace weir::config {

namespace {

constexpr std::string_view key_characters =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.";
constexpr std::size_t longest_shown_key = 40;
constexpr std::size_t shortest_fragment = 4;  ///< shorter words are part of too many names

std::string last_part(const std::string& path) {
    return path.substr(path.rfind('.') + 1);
}

/// `rules[12].when` -> `rules[].when`, as paths of keys are written.
std::string without_indices(std::string_view section) {
    std::string result;
    for (const char character : section) {
        if (character < '0' || character > '9' || !result.ends_with('[')) result += character;
    }
    return result;
}

/// Paths whose last part satisfies `fits`, but for those of `section` itself: those below it if
/// there are any, and of these the ones nearest to the top. As `a` or `a or b`.
std::string other_paths(std::string_view section, auto&& fits) {
    const std::string here = without_indices(section) + ".";
    std::vector<std::string> found;
    for (const key_description& known : proxy_keys()) {
        const std::string name = last_part(known.path);
        if (known.path != here + name && fits(name)) found.push_back(known.path);
    }
    const auto is_below = [&](const std::string& path) { return path.starts_with(here); };
    if (std::any_of(found.begin(), found.end(), is_below))
        std::erase_if(found, std::not_fn(is_below));
    const auto depth = [](const std::string& path) { return std::ranges::count(path, '.'); };
    const auto nearest = std::ranges::min_element(found, {}, depth);
    std::string result;
    for (const std::string& path : found) {
        if (depth(path) != depth(*nearest)) continue;
        if (!result.empty()) result += " or ";
        result += path;
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
    if (section == "routing" && key == "read_your_writes") {
        return unknown +
               " any more; write consistency: session for true, consistency: eventual for false";
    }
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
