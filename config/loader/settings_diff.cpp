#include "config/loader/settings_diff.hpp"

#include "config/loader/proxy_keys.hpp"
#include "config/loader/rule_values.hpp"
#include "config/schema/endpoint_text.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <utility>

namespace weir::config {

namespace {

/// Separates the parts of a key while keys are compared: a name may hold a dot (users `a` and
/// `a.password`), but no zero byte.
constexpr char separator = '\0';

/// One key's value in a form that can be compared.
struct listed_value {
    std::string key;
    std::string element;  ///< for keys of a list's element: the element's own key; else empty
    std::string text;
    const secret_text* secret = nullptr;  ///< compared in place: a secret is not copied
    bool needs_restart = false;

    [[nodiscard]] bool has_same_value(const listed_value& other) const {
        if (secret != nullptr && other.secret != nullptr) return *secret == *other.secret;
        return text == other.text;
    }
};

/// Visitor of `describe_proxy` that prints every value. The settings have to outlive the list.
class value_lister {
public:
    value_lister(std::string prefix, std::string element, std::vector<listed_value>& found)
        : prefix_{std::move(prefix)}, element_{std::move(element)}, found_{found} {}

    void section(const char* name, auto&& inside) {
        value_lister below{prefix_ + name + separator, element_, found_};
        inside(below);
    }

    /// The presence of an element is a value of its own.
    void list(const setting_key& key, const auto& elements, auto&& describe) {
        std::string order;
        for (std::size_t index = 0; index < elements.size(); ++index) {
            const auto& element = elements[index];
            const std::string path = prefix_ + key.name + separator + name_of(element, index);
            order += path + '\n';
            found_.push_back({path, {}, "present", nullptr, key.when == takes_effect::at_restart});
            value_lister below{path + separator, path, found_};
            describe(below, element);
        }
        if (key.ordered) add(key, std::move(order));
    }

    void flag(const setting_key& key, bool value) { add(key, value ? "true" : "false"); }

    void number(const setting_key& key, std::uint32_t value, const number_range& /*range*/) {
        add(key, std::to_string(value));
    }

    void duration(
        const setting_key& key, std::chrono::milliseconds value, const duration_range& /*range*/
    ) {
        add(key, std::to_string(value.count()));
    }

    template <class Duration>
    void duration(
        const setting_key& key,
        const std::optional<Duration>& value,
        const duration_range& /*range*/
    ) {
        add(key, value ? std::to_string(value->count()) : std::string{});
    }

    void size(const setting_key& key, std::uint64_t value, const size_range& /*range*/) {
        add(key, std::to_string(value));
    }

    template <class Enum>
    void choice(const setting_key& key, Enum value, const auto& /*words*/) {
        add(key, std::to_string(static_cast<unsigned>(value)));
    }

    template <class Enum>
    void choice(const setting_key& key, std::optional<Enum> value, const auto& words) {
        if (!value) return add(key, {});
        choice(key, *value, words);
    }

    void choices(const setting_key& key, const auto& values, const auto& /*words*/) {
        std::string text;
        for (const auto value : values)
            text += std::to_string(static_cast<unsigned>(value)) + '\n';
        add(key, std::move(text));
    }

    void text(const setting_key& key, const std::string& value, const text_length& /*length*/) {
        add(key, value);
    }

    /// The mark tells an empty text from none.
    void text(
        const setting_key& key,
        const std::optional<std::string>& value,
        const text_length& /*length*/
    ) {
        add(key, value ? "=" + *value : std::string{});
    }

    void texts(
        const setting_key& key,
        const std::vector<std::string>& values,
        const text_length& /*length*/
    ) {
        add(key, in_lines(values));
    }

    void file(const setting_key& key, const std::string& value) { add(key, value); }

    void secret(const setting_key& key, const secret_text& value) {
        add(key, {});
        found_.back().secret = &value;
    }

    void address(const setting_key& key, const endpoint& value, const address_rule& /*rule*/) {
        add(key, to_string(value));
    }

    void addresses(
        const setting_key& key, const std::vector<endpoint>& values, const address_rule& /*rule*/
    ) {
        std::string text;
        for (const endpoint& value : values)
            text += to_string(value) + '\n';
        add(key, std::move(text));
    }

    void networks(
        const setting_key& key, const std::vector<std::string>& values, empty_list /*rule*/
    ) {
        add(key, in_lines(values));
    }

    void digests(const setting_key& key, const std::vector<std::uint64_t>& values) {
        std::string text;
        for (const std::uint64_t value : values)
            text += std::to_string(value) + '\n';
        add(key, std::move(text));
    }

    void rate(const setting_key& key, const statement_rate& value) { add(key, to_string(value)); }

    void target(const setting_key& key, const rule_target& value) { add(key, to_string(value)); }

private:
    /// What tells an element from the others: its name, or its place if elements have none.
    static std::string name_of(const auto& element, std::size_t index) {
        if constexpr (requires { element.name; }) {
            return element.name;
        } else {
            return std::to_string(index);
        }
    }

    static std::string in_lines(const std::vector<std::string>& values) {
        std::string text;
        for (const std::string& value : values)
            text += value + '\n';
        return text;
    }

    void add(const setting_key& key, std::string text) {
        const bool needs_restart = key.when == takes_effect::at_restart;
        found_.push_back({prefix_ + key.name, element_, std::move(text), nullptr, needs_restart});
    }

    std::string prefix_;
    std::string element_;
    std::vector<listed_value>& found_;
};

std::vector<listed_value> list_values(const proxy_settings& settings) {
    std::vector<listed_value> found;
    value_lister lister{{}, {}, found};
    describe_proxy(lister, settings);
    return found;
}

using value_index = std::map<std::string, const listed_value*, std::less<>>;

value_index index_of(const std::vector<listed_value>& values) {
    value_index index;
    for (const listed_value& value : values)
        index.emplace(value.key, &value);
    return index;
}

settings_change change_of(const listed_value& value) {
    settings_change change{value.key, value.needs_restart};
    std::replace(change.key.begin(), change.key.end(), separator, '.');
    return change;
}

/// True if `value` belongs to an element that the other side does not have: the element's own line
/// says it all.
bool is_covered(const listed_value& value, const value_index& other) {
    return !value.element.empty() && other.count(value.element) == 0;
}

}  // namespace

std::vector<settings_change> diff(const proxy_settings& before, const proxy_settings& after) {
    const auto old_values = list_values(before);
    const auto new_values = list_values(after);
    const auto old_index = index_of(old_values);
    const auto new_index = index_of(new_values);

    std::vector<settings_change> changes;
    for (const listed_value& value : new_values) {
        if (is_covered(value, old_index)) continue;
        const auto old = old_index.find(value.key);
        if (old != old_index.end() && old->second->has_same_value(value)) continue;
        changes.push_back(change_of(value));
    }
    for (const listed_value& value : old_values) {
        if (is_covered(value, new_index) || new_index.count(value.key) != 0) continue;
        changes.push_back(change_of(value));
    }
    return changes;
}

proxy_settings keep_until_restart(const proxy_settings& before, proxy_settings loaded) {
    loaded.listen = before.listen;
    loaded.workers = before.workers;
    loaded.pin_workers = before.pin_workers;
    loaded.limits.statement_forms = before.limits.statement_forms;
    loaded.limits.digests = before.limits.digests;
    loaded.limits.digest_text = before.limits.digest_text;
    loaded.sockets.backlog = before.sockets.backlog;
    loaded.log.format = before.log.format;
    loaded.log.file = before.log.file;
    loaded.metrics = before.metrics;
    return loaded;
}

}  // namespace weir::config
