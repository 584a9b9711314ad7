#pragma once

#include "config/loader/environment_lookup.hpp"
#include "config/loader/problem_list.hpp"
#include "config/loader/proxy_keys.hpp"
#include "config/loader/setting_key.hpp"
#include "config/loader/yaml_node.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace weir::config {

/// `a, b or c`, as used in messages.
[[nodiscard]] std::string one_of(std::span<const std::string> words);

/// What all readers of one file share.
struct reading {
    problem_list& problems;
    const environment_lookup& environment;
    std::filesystem::path directory;  ///< where relative paths in the file start
};

/// Visitor of `describe_proxy` that fills settings from one mapping. What is wrong goes to the
/// problem list, and the field keeps its default. A value's text appears in messages, a secret's
/// never.
class key_reader {
public:
    /// `mapping` has to outlive the reader. `path`: its key, empty for the whole file.
    key_reader(const yaml_node& mapping, std::string path, reading& shared);

    void section(const char* name, auto&& inside);

    template <class Element>
    void list(const setting_key& key, std::vector<Element>& elements, auto&& describe);

    template <class Enum>
    void choice(const setting_key& key, Enum& value, const auto& words);

    template <class Enum>
    void choice(const setting_key& key, std::optional<Enum>& value, const auto& words);

    /// One of the words or a list of them.
    template <class Enum>
    void choices(const setting_key& key, std::vector<Enum>& values, const auto& words);

    void flag(const setting_key& key, bool& value);
    void number(const setting_key& key, std::uint32_t& value, const number_range& range);
    void duration(
        const setting_key& key, std::chrono::milliseconds& value, const duration_range& range
    );
    void duration(const setting_key& key, std::chrono::seconds& value, const duration_range& range);
    void duration(
        const setting_key& key,
        std::optional<std::chrono::milliseconds>& value,
        const duration_range& range
    );
    void size(const setting_key& key, std::uint64_t& value, const size_range& range);
    void text(const setting_key& key, std::string& value, const text_length& length);

    void text(const setting_key& key, std::optional<std::string>& value, const text_length& length);

    /// One text or a list of them.
    void texts(const setting_key& key, std::vector<std::string>& values, const text_length& length);

    /// A path; the value is absolute if the configuration's own path is known.
    void file(const setting_key& key, std::string& value);

    /// From one of the keys `name`, `name_file` (the content of a file) and `name_env` (an
    /// environment variable).
    void secret(const setting_key& key, secret_text& value);

    void address(const setting_key& key, endpoint& value, const address_rule& rule);

    /// One address or a list of them.
    void addresses(const setting_key& key, std::vector<endpoint>& values, const address_rule& rule);

    /// One network or a list of them.
    void networks(const setting_key& key, std::vector<std::string>& values, empty_list rule);

    /// One digest or a list of them.
    void digests(const setting_key& key, std::vector<std::uint64_t>& values);

    void rate(const setting_key& key, statement_rate& value);
    void target(const setting_key& key, rule_target& value);

    /// Reports the keys that nobody asked for. Call it once, last.
    void finish();

private:
    [[nodiscard]] std::string path_of(std::string_view name) const;

    /// The value under the key, the key being a known one from now on. Null, and a note of it where
    /// the key is required: the file does not have it.
    const yaml_node* find(const setting_key& key, const std::string& form);
    const yaml_node* find_named(const std::string& name);

    /// The same, for single values: null also if the value is of another kind.
    const yaml_node* find_scalar(const setting_key& key, const std::string& form);
    const yaml_node* as_scalar(
        const yaml_node* node, const std::string& path, const std::string& form
    );
    const yaml_node* find_list(const setting_key& key, const std::string& form);

    /// The mapping under a section's name, or an empty one in its place.
    yaml_node find_section(const char* name);

    /// Notes `"value" problem; write form`.
    void refuse(
        const yaml_node& node,
        const std::string& path,
        const std::string& problem,
        const std::string& form
    );
    void choose(
        const setting_key& key,
        const std::vector<std::string>& words,
        const std::function<void(std::size_t)>& accept
    );

    /// Hands each value to `accept` with its path, whether it stands alone or in a list.
    void one_or_list(
        const setting_key& key,
        const std::string& form,
        empty_list rule,
        const std::function<void(const yaml_node& value, const std::string& path)>& accept
    );
    void choose_several(
        const setting_key& key,
        const std::vector<std::string>& words,
        const std::function<void(std::size_t)>& accept
    );
    void accept_secret(const yaml_node& node, const std::string& name, secret_text& value);

    const yaml_node& mapping_;
    std::string path_;
    reading& shared_;
    std::vector<std::string> known_;
};

void key_reader::section(const char* name, auto&& inside) {
    const yaml_node node = find_section(name);
    key_reader below{node, path_of(name), shared_};
    inside(below);
    below.finish();
}

template <class Element>
void key_reader::list(const setting_key& key, std::vector<Element>& elements, auto&& describe) {
    const yaml_node* const node = find_list(key, "a list of mappings, such as `- {name: ...}`");
    if (node == nullptr) return;
    for (std::size_t index = 0; index < node->children.size(); ++index) {
        const yaml_node& child = node->children[index];
        const std::string path = path_of(key.name) + "[" + std::to_string(index) + "]";
        shared_.problems.locate(path, child.where);
        elements.emplace_back();
        if (child.what != yaml_node::kind::mapping) {
            shared_.problems.add(
                path,
                "is " + std::string{noun_of(child.what)} +
                    "; write a mapping, such as `{name: ...}`"
            );
            continue;
        }
        key_reader below{child, path, shared_};
        describe(below, elements.back());
        below.finish();
    }
}

/// The texts of words, in their order.
[[nodiscard]] std::vector<std::string> texts_of(const auto& words) {
    std::vector<std::string> texts;
    texts.reserve(words.size());
    for (const auto& word : words)
        texts.emplace_back(word.text);
    return texts;
}

template <class Enum>
void key_reader::choice(const setting_key& key, Enum& value, const auto& words) {
    choose(key, texts_of(words), [&](std::size_t index) { value = words[index].value; });
}

template <class Enum>
void key_reader::choice(const setting_key& key, std::optional<Enum>& value, const auto& words) {
    choose(key, texts_of(words), [&](std::size_t index) { value = words[index].value; });
}

template <class Enum>
void key_reader::choices(const setting_key& key, std::vector<Enum>& values, const auto& words) {
    choose_several(key, texts_of(words), [&](std::size_t index) {
        values.push_back(words[index].value);
    });
}

}  // namespace weir::config
