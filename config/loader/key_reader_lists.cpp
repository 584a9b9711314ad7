// The part of key_reader that reads lists of values, and the values that only rules have.

#include "config/loader/key_reader.hpp"
#include "config/loader/rule_values.hpp"

#include <algorithm>
#include <utility>

namespace weir::config {

void key_reader::one_or_list(
    const setting_key& key,
    const std::string& form,
    empty_list rule,
    const std::function<void(const yaml_node& value, const std::string& path)>& accept
) {
    const yaml_node* const found = find(key, form + ", or a list of them");
    if (found == nullptr) return;
    const std::string path = path_of(key.name);
    if (found->what != yaml_node::kind::sequence) {
        if (as_scalar(found, path, form + ", or a list of them") != nullptr) accept(*found, path);
        return;
    }
    if (found->children.empty() && rule == empty_list::refused) {
        return shared_.problems.add(path, "is empty; write " + form + ", or leave the key out");
    }
    for (std::size_t index = 0; index < found->children.size(); ++index) {
        const yaml_node& child = found->children[index];
        const std::string place = path + "[" + std::to_string(index) + "]";
        shared_.problems.locate(place, child.where);
        if (as_scalar(&child, place, form) != nullptr) accept(child, place);
    }
}

void key_reader::choose_several(
    const setting_key& key,
    const std::vector<std::string>& words,
    const std::function<void(std::size_t)>& accept
) {
    const std::string form = one_of(words);
    one_or_list(key, form, empty_list::refused, [&](const yaml_node& value, const auto& path) {
        const auto found = std::find(words.begin(), words.end(), value.text);
        if (found == words.end()) return refuse(value, path, "is not known here", form);
        accept(static_cast<std::size_t>(found - words.begin()));
    });
}

void key_reader::texts(
    const setting_key& key, std::vector<std::string>& values, const text_length& length
) {
    const std::string form = "a text of " + std::to_string(length.shortest) + " to " +
                             std::to_string(length.longest) + " bytes";
    one_or_list(key, form, empty_list::refused, [&](const yaml_node& value, const auto& path) {
        if (value.text.size() < length.shortest) return refuse(value, path, "is too short", form);
        if (value.text.size() > length.longest) return refuse(value, path, "is too long", form);
        values.push_back(value.text);
    });
}

void key_reader::networks(
    const setting_key& key, std::vector<std::string>& values, empty_list rule
) {
    const std::string form = "a network such as 10.0.0.0/8 or fd00::/8";
    one_or_list(key, form, rule, [&](const yaml_node& value, const auto& path) {
        auto network = parse_network(value.text);
        if (!network.ok()) return refuse(value, path, network.problem, form);
        values.push_back(std::move(network.value));
    });
}

void key_reader::digests(const setting_key& key, std::vector<std::uint64_t>& values) {
    const std::string form = "a digest such as 0x1f2e3d4c5b6a7988";
    one_or_list(key, form, empty_list::refused, [&](const yaml_node& value, const auto& path) {
        const auto digest = parse_digest(value.text);
        if (!digest.ok()) return refuse(value, path, digest.problem, form);
        values.push_back(digest.value);
    });
}

void key_reader::rate(const setting_key& key, statement_rate& value) {
    const std::string form = "a rate such as 100/s (units: s, m, h)";
    const yaml_node* const node = find_scalar(key, form);
    if (node == nullptr) return;
    const auto rate = parse_rate(node->text);
    if (!rate.ok()) return refuse(*node, path_of(key.name), rate.problem, form);
    value = rate.value;
}

void key_reader::target(const setting_key& key, rule_target& value) {
    const std::string form = "primary, replica or server=NAME";
    const yaml_node* const node = find_scalar(key, form);
    if (node == nullptr) return;
    auto target = parse_target(node->text);
    if (!target.ok()) return refuse(*node, path_of(key.name), target.problem, form);
    value = std::move(target.value);
}

void key_reader::duration(
    const setting_key& key,
    std::optional<std::chrono::milliseconds>& value,
    const duration_range& range
) {
    constexpr auto unread = std::chrono::milliseconds::min();
    auto time = unread;
    duration(key, time, range);
    if (time != unread) value = time;
}

void key_reader::text(
    const setting_key& key, std::optional<std::string>& value, const text_length& length
) {
    if (find_named(key.name) == nullptr) return;
    text(key, value.emplace(), length);
}

}  // namespace weir::config
