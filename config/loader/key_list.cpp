#include "config/loader/key_list.hpp"

#include "config/loader/proxy_keys.hpp"
#include "config/loader/units.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <utility>

namespace weir::config {

namespace {

/// Visitor of `describe_proxy` that names the keys. The settings it visits are the defaults.
class key_lister {
public:
    key_lister(std::string prefix, std::vector<key_description>& found)
        : prefix_{std::move(prefix)}, found_{found} {}

    void section(const char* name, auto&& inside) {
        key_lister below{prefix_ + name + ".", found_};
        inside(below);
    }

    template <class Element>
    void list(const setting_key& key, const std::vector<Element>& /*elements*/, auto&& describe) {
        add(key, "list", "none", "-");
        key_lister below{prefix_ + key.name + "[].", found_};
        Element element;
        describe(below, element);
    }

    void flag(const setting_key& key, bool value) {
        add(key, "flag", value ? "true" : "false", "true, false");
    }

    void number(const setting_key& key, std::uint32_t value, const number_range& range) {
        const auto ends = std::to_string(range.lowest) + ".." + std::to_string(range.highest);
        add(key, "number", std::to_string(value), ends);
    }

    void duration(
        const setting_key& key, std::chrono::milliseconds value, const duration_range& range
    ) {
        const auto ends = format_duration(range.lowest) + ".." + format_duration(range.highest);
        add(key, "time", format_duration(value), ends);
    }

    template <class Duration>
    void duration(
        const setting_key& key,
        const std::optional<Duration>& /*value*/,
        const duration_range& range
    ) {
        duration(key, std::chrono::milliseconds{0}, range);
        found_.back().default_text = "none";
    }

    void size(const setting_key& key, std::uint64_t value, const size_range& range) {
        const auto ends = format_size(range.lowest) + ".." + format_size(range.highest);
        add(key, "size", format_size(value), ends);
    }

    template <class Enum>
    void choice(const setting_key& key, Enum value, const auto& words) {
        std::string_view chosen = "none";
        for (const choice_word<Enum>& word : words)
            if (word.value == value) chosen = word.text;
        add(key, "choice", std::string{chosen}, all_of(words));
    }

    template <class Enum>
    void choice(const setting_key& key, std::optional<Enum> /*value*/, const auto& words) {
        add(key, "choice", "none", all_of(words));
    }

    void choices(const setting_key& key, const auto& /*values*/, const auto& words) {
        add(key, "choice or list", "none", all_of(words));
    }

    void text(const setting_key& key, const std::string& value, const text_length& length) {
        const auto ends = std::to_string(length.shortest) + ".." + std::to_string(length.longest);
        add(key, "text", value.empty() ? "none" : value, ends + " bytes");
    }

    void text(
        const setting_key& key,
        const std::optional<std::string>& /*value*/,
        const text_length& length
    ) {
        text(key, std::string{}, length);
    }

    void texts(
        const setting_key& key,
        const std::vector<std::string>& /*values*/,
        const text_length& length
    ) {
        text(key, std::string{}, length);
        found_.back().type = "text or list";
    }

    void file(const setting_key& key, const std::string& value) {
        add(key, "file", value.empty() ? "none" : value, "-");
    }

    void secret(const setting_key& key, const secret_text& /*value*/) {
        add(key, "secret", "none", "-");
        found_.push_back({prefix_ + key.name + "_file", "file", "none", "-", key.when});
        found_.push_back({prefix_ + key.name + "_env", "text", "none", "-", key.when});
    }

    void address(const setting_key& key, const endpoint& /*value*/, const address_rule& rule) {
        add(key, "address", "none", describe_address(rule));
    }

    void addresses(
        const setting_key& key, const std::vector<endpoint>& /*value*/, const address_rule& rule
    ) {
        add(key, "address or list", "none", describe_address(rule));
    }

    void networks(
        const setting_key& key, const std::vector<std::string>& /*value*/, empty_list /*rule*/
    ) {
        add(key, "network or list", "none", "-");
    }

    void digests(const setting_key& key, const std::vector<std::uint64_t>& /*values*/) {
        add(key, "digest or list", "none", "0x0..0xffffffffffffffff");
    }

    void rate(const setting_key& key, const statement_rate& /*value*/) {
        add(key, "rate", "none", "-");
    }

    void target(const setting_key& key, const rule_target& /*value*/) {
        add(key, "target", "none", "primary, replica, server=NAME");
    }

private:
    static std::string all_of(const auto& words) {
        std::string all;
        for (const auto& word : words) {
            if (!all.empty()) all += ", ";
            all += word.text;
        }
        return all;
    }

    static std::string describe_address(const address_rule& rule) {
        std::string text =
            rule.default_port == 0 ? "port required" : "port " + std::to_string(rule.default_port);
        if (rule.sockets == unix_sockets::allowed) text += ", unix: allowed";
        return text;
    }

    void add(const setting_key& key, std::string type, std::string value, std::string range) {
        if (key.needed == presence::required) value = "required";
        found_.push_back(
            {prefix_ + key.name, std::move(type), std::move(value), std::move(range), key.when}
        );
    }

    std::string prefix_;
    std::vector<key_description>& found_;
};

}  // namespace

std::vector<key_description> proxy_keys() {
    std::vector<key_description> found;
    key_lister lister{{}, found};
    const proxy_settings defaults;
    describe_proxy(lister, defaults);
    return found;
}

}  // namespace weir::config
