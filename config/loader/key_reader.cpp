#include "config/loader/key_reader.hpp"

#include "config/loader/small_file.hpp"
#include "config/loader/units.hpp"
#include "config/loader/unknown_key.hpp"

#include <algorithm>
#include <cstring>
#include <map>
#include <set>
#include <utility>

namespace weir::config {

namespace {

constexpr std::size_t longest_path = 4095;  // PATH_MAX without the final zero
constexpr std::size_t largest_secret_file = 4096;

std::string address_form(const address_rule& rule) {
    std::vector<std::string> forms{"host:port", "[IPv6 address]:port"};
    if (rule.default_port != 0) forms.insert(forms.begin(), "host");
    if (rule.sockets == unix_sockets::allowed) forms.emplace_back("unix:/path");
    return one_of(forms);
}

std::string duration_form(const duration_range& range) {
    return "a time from " + format_duration(range.lowest) + " to " +
           format_duration(range.highest) + " (units: ms, s, m, h)";
}

/// Overwrites a text in which a secret came.
class wiped_at_end {
public:
    explicit wiped_at_end(std::string& text) : text_{text} {}

    wiped_at_end(const wiped_at_end&) = delete;
    wiped_at_end& operator=(const wiped_at_end&) = delete;

    ~wiped_at_end() { ::explicit_bzero(text_.data(), text_.size()); }

private:
    std::string& text_;
};

bool holds_zero_byte(const std::string& text) {
    return text.find('\0') != std::string::npos;
}

bool holds_control_character(const std::string& text) {
    return std::any_of(text.begin(), text.end(), [](char character) {
        const auto byte = static_cast<unsigned char>(character);
        return byte < 0x20U || byte == 0x7FU;
    });
}

/// Without the end of its line; editors and `echo` leave one.
std::string_view without_line_end(std::string_view text) {
    if (!text.empty() && text.back() == '\n') text.remove_suffix(1);
    if (!text.empty() && text.back() == '\r') text.remove_suffix(1);
    return text;
}

}  // namespace

std::string one_of(std::span<const std::string> words) {
    std::string result;
    for (std::size_t index = 0; index < words.size(); ++index) {
        if (index > 0) result += index + 1 == words.size() ? " or " : ", ";
        result += words[index];
    }
    return result;
}

key_reader::key_reader(const yaml_node& mapping, std::string path, reading& shared)
    : mapping_{mapping}, path_{std::move(path)}, shared_{shared} {
    std::map<std::string_view, int> first_lines;
    for (const yaml_node& child : mapping_.children) {
        const auto [first, is_new] = first_lines.emplace(child.key, child.key_where.line);
        if (is_new) continue;
        shared_.problems.add(
            path_of(printable_key(child.key)),
            child.key_where,
            "is given twice, first in line " + std::to_string(first->second) + "; keep one of them"
        );
    }
}

void key_reader::flag(const setting_key& key, bool& value) {
    choose(key, {"true", "false"}, [&](std::size_t index) { value = index == 0; });
}

void key_reader::number(const setting_key& key, std::uint32_t& value, const number_range& range) {
    const std::string form = "a whole number from " + std::to_string(range.lowest) + " to " +
                             std::to_string(range.highest);
    const yaml_node* const node = find_scalar(key, form);
    if (node == nullptr) return;
    const auto number = parse_number(node->text);
    if (!number.ok()) return refuse(*node, path_of(key.name), number.problem, form);
    if (number.value < range.lowest || number.value > range.highest) {
        return refuse(*node, path_of(key.name), "is out of range", form);
    }
    value = static_cast<std::uint32_t>(number.value);
}

void key_reader::duration(
    const setting_key& key, std::chrono::milliseconds& value, const duration_range& range
) {
    const std::string form = duration_form(range);
    const yaml_node* const node = find_scalar(key, form);
    if (node == nullptr) return;
    const auto time = parse_duration(node->text);
    if (!time.ok()) return refuse(*node, path_of(key.name), time.problem, form);
    if (time.value < range.lowest || time.value > range.highest) {
        return refuse(*node, path_of(key.name), "is out of range", form);
    }
    value = time.value;
}

void key_reader::duration(
    const setting_key& key, std::chrono::seconds& value, const duration_range& range
) {
    std::chrono::milliseconds time = value;
    duration(key, time, range);
    value = std::chrono::duration_cast<std::chrono::seconds>(time);
    if (value == time) return;
    const yaml_node* const node = find_named(key.name);
    refuse(*node, path_of(key.name), "is not a whole number of seconds", duration_form(range));
}

void key_reader::size(const setting_key& key, std::uint64_t& value, const size_range& range) {
    const std::string form = "a size from " + format_size(range.lowest) + " to " +
                             format_size(range.highest) + " (units: B, KiB, MiB, GiB)";
    const yaml_node* const node = find_scalar(key, form);
    if (node == nullptr) return;
    const auto bytes = parse_size(node->text);
    if (!bytes.ok()) return refuse(*node, path_of(key.name), bytes.problem, form);
    if (bytes.value < range.lowest || bytes.value > range.highest) {
        return refuse(*node, path_of(key.name), "is out of range", form);
    }
    value = bytes.value;
}

void key_reader::text(const setting_key& key, std::string& value, const text_length& length) {
    const std::string form = "a text of " + std::to_string(length.shortest) + " to " +
                             std::to_string(length.longest) + " bytes";
    const yaml_node* const node = find_scalar(key, form);
    if (node == nullptr) return;
    const std::string path = path_of(key.name);
    if (node->text.size() < length.shortest) return refuse(*node, path, "is too short", form);
    if (node->text.size() > length.longest) return refuse(*node, path, "is too long", form);
    const auto is_refused = length.several_lines ? holds_zero_byte : holds_control_character;
    if (is_refused(node->text)) {
        return refuse(*node, path, "holds a control character", form);
    }
    value = node->text;
}

void key_reader::file(const setting_key& key, std::string& value) {
    std::string path;
    text(key, path, {1, longest_path});
    if (path.empty()) return;
    value = (shared_.directory / path).lexically_normal().string();
}

namespace {

std::string given_beside(const std::string& chosen, const std::string& all) {
    return "is given beside " + chosen + "; keep one of " + all;
}

}  // namespace

void key_reader::secret(const setting_key& key, secret_text& value) {
    const std::string name = key.name;
    const std::string all = name + ", " + name + "_file or " + name + "_env";
    std::string chosen;
    for (const char* const suffix : {"", "_file", "_env"}) {
        const std::string source = name + suffix;
        const yaml_node* const node = find_named(source);
        if (node == nullptr) continue;
        if (!chosen.empty()) {
            shared_.problems.add(path_of(source), given_beside(chosen, all));
            continue;
        }
        chosen = source;
        accept_secret(*node, source, value);
    }
    if (chosen.empty() && key.needed == presence::required) {
        shared_.problems.add(path_of(name), "is missing; write one of " + all);
    }
}

void key_reader::accept_secret(const yaml_node& node, const std::string& name, secret_text& value) {
    const std::string path = path_of(name);
    const auto add = [&](const std::string& message) { shared_.problems.add(path, message); };
    if (as_scalar(&node, path, "a text in quotes") == nullptr) return;
    if (holds_zero_byte(node.text)) return add("holds a zero byte; write a text without it");

    if (name.ends_with("_env")) {
        auto variable = shared_.environment(node.text);
        if (!variable) return add("names a variable that the environment does not have; set it");
        const wiped_at_end wiped{*variable};
        value = *variable;
        return;
    }
    if (!name.ends_with("_file")) {
        value = node.text;
        return;
    }
    if (node.text.empty()) return add("is empty; write the path of a file that holds one line");
    const std::string file = (shared_.directory / node.text).string();
    auto content = read_small_file(file, largest_secret_file);
    const wiped_at_end wiped{content.value};
    if (!content.ok())
        return add("the file " + content.problem + "; write the path of a readable one");
    const std::string_view line = without_line_end(content.value);
    if (line.empty()) return add("the file is empty; put the secret in its only line");
    if (line.find_first_of(std::string_view{"\n\r\0", 3}) != std::string_view::npos) {
        return add("the file holds more than one line; put the secret in its only line");
    }
    value = line;
}

void key_reader::address(const setting_key& key, endpoint& value, const address_rule& rule) {
    const std::string form = address_form(rule);
    const yaml_node* const node = find_scalar(key, form);
    if (node == nullptr) return;
    auto address = parse_endpoint(node->text, rule);
    if (!address.ok()) return refuse(*node, path_of(key.name), address.problem, form);
    value = std::move(address.value);
}

void key_reader::addresses(
    const setting_key& key, std::vector<endpoint>& values, const address_rule& rule
) {
    const std::string form = address_form(rule);
    const yaml_node* const found = find(key, form + ", or a list of them");
    if (found == nullptr) return;
    if (found->what != yaml_node::kind::sequence) {
        return address(key, values.emplace_back(), rule);
    }
    if (found->children.empty()) {
        return shared_.problems.add(path_of(key.name), "is empty; write " + form);
    }
    for (std::size_t index = 0; index < found->children.size(); ++index) {
        const yaml_node& child = found->children[index];
        const std::string path = path_of(key.name) + "[" + std::to_string(index) + "]";
        shared_.problems.locate(path, child.where);
        endpoint& value = values.emplace_back();
        if (as_scalar(&child, path, form) == nullptr) continue;
        auto address = parse_endpoint(child.text, rule);
        if (!address.ok()) refuse(child, path, address.problem, form);
        value = std::move(address.value);
    }
}

void key_reader::finish() {
    const std::set<std::string, std::less<>> known{known_.begin(), known_.end()};
    std::set<std::string_view> reported;
    for (const yaml_node& child : mapping_.children) {
        if (known.count(child.key) != 0 || !reported.insert(child.key).second) continue;
        shared_.problems.add(
            path_of(printable_key(child.key)),
            child.key_where,
            unknown_key_message(child.key, known_, path_)
        );
    }
}

std::string key_reader::path_of(std::string_view name) const {
    return path_.empty() ? std::string{name} : path_ + "." + std::string{name};
}

const yaml_node* key_reader::find_named(const std::string& name) {
    if (std::find(known_.begin(), known_.end(), name) == known_.end()) known_.push_back(name);
    const auto found = std::find_if(
        mapping_.children.begin(),
        mapping_.children.end(),
        [&](const yaml_node& child) { return child.key == name; }
    );
    if (found == mapping_.children.end()) return nullptr;
    shared_.problems.locate(path_of(name), found->where);
    return &*found;
}

const yaml_node* key_reader::find(const setting_key& key, const std::string& form) {
    const yaml_node* const node = find_named(key.name);
    if (node == nullptr && key.needed == presence::required) {
        shared_.problems.add(path_of(key.name), "is missing; write " + form);
    }
    return node;
}

const yaml_node* key_reader::find_scalar(const setting_key& key, const std::string& form) {
    return as_scalar(find(key, form), path_of(key.name), form);
}

const yaml_node* key_reader::as_scalar(
    const yaml_node* node, const std::string& path, const std::string& form
) {
    if (node == nullptr || node->what == yaml_node::kind::scalar) return node;
    const std::string problem = node->what == yaml_node::kind::null
                                    ? "has no value"
                                    : "is " + std::string{noun_of(node->what)};
    shared_.problems.add(path, problem + "; write " + form);
    return nullptr;
}

const yaml_node* key_reader::find_list(const setting_key& key, const std::string& form) {
    const yaml_node* const node = find(key, form);
    if (node == nullptr) return nullptr;
    const bool is_list = node->what == yaml_node::kind::sequence;
    if (is_list && (key.needed == presence::optional || !node->children.empty())) return node;
    std::string problem = "is " + std::string{noun_of(node->what)};
    if (is_list) problem = "is empty";
    if (node->what == yaml_node::kind::null) problem = "has no value";
    shared_.problems.add(path_of(key.name), problem + "; write " + form);
    return nullptr;
}

yaml_node key_reader::find_section(const char* name) {
    const yaml_node* const node = find_named(name);
    yaml_node absent;
    absent.what = yaml_node::kind::mapping;
    absent.where = mapping_.where;
    if (node == nullptr) return absent;
    if (node->what == yaml_node::kind::mapping) return *node;
    if (node->what != yaml_node::kind::null) {
        shared_.problems.add(
            path_of(name), "is " + std::string{noun_of(node->what)} + "; write a mapping of keys"
        );
    }
    return absent;
}

void key_reader::refuse(
    const yaml_node& node,
    const std::string& path,
    const std::string& problem,
    const std::string& form
) {
    shared_.problems.add(
        path, node.where, in_quotes(node.text) + " " + problem + "; write " + form
    );
}

void key_reader::choose(
    const setting_key& key,
    const std::vector<std::string>& words,
    const std::function<void(std::size_t)>& accept
) {
    const std::string form = one_of(words);
    const yaml_node* const node = find_scalar(key, form);
    if (node == nullptr) return;
    const auto found = std::find(words.begin(), words.end(), node->text);
    if (found == words.end()) {
        return refuse(*node, path_of(key.name), "is not known here", form);
    }
    accept(static_cast<std::size_t>(found - words.begin()));
}

}  // namespace weir::config
