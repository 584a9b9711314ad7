#include "config/loader/load_proxy.hpp"

#include "config/loader/key_reader.hpp"
#include "config/loader/problem_list.hpp"
#include "config/loader/proxy_keys.hpp"
#include "config/loader/small_file.hpp"
#include "config/loader/validate.hpp"
#include "config/loader/yaml_node.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <filesystem>
#include <tuple>
#include <utility>

namespace weir::config {

namespace {

constexpr std::size_t largest_file = 1 << 20U;

std::optional<std::string> process_environment(const std::string& name) {
    // NOLINTNEXTLINE(concurrency-mt-unsafe): nothing in weir changes the environment.
    const char* const value = std::getenv(name.c_str());
    if (value == nullptr) return std::nullopt;
    return value;
}

load_outcome failed(const std::string& name, std::string message) {
    return {name, {}, {{name, 1, 1, {}, std::move(message)}}, {}};
}

}  // namespace

void load_outcome::add(const std::string& key, std::string message) {
    const yaml_position where = places.find(key);
    const auto is_before = [](const yaml_position& left, const load_error& right) {
        return std::tie(left.line, left.column) < std::tie(right.line, right.column);
    };
    const auto next = std::upper_bound(errors.begin(), errors.end(), where, is_before);
    errors.insert(next, {file, where.line, where.column, key, std::move(message)});
}

load_outcome load_proxy_file(const std::string& path) {
    const auto content = read_small_file(path, largest_file);
    if (!content.ok())
        return failed(path, content.problem + "; name a readable configuration file");
    return load_proxy_text(content.value, path, process_environment);
}

load_outcome load_proxy_text(
    std::string_view text, const std::string& name, const environment_lookup& environment
) {
    if (text.size() > largest_file) {
        const std::string limit = std::to_string(largest_file);
        return failed(name, "is larger than " + limit + " bytes; a configuration is smaller");
    }
    problem_list problems{name};
    yaml_document document = parse_yaml(text);
    for (yaml_problem& problem : document.problems) {
        problems.add({}, problem.where, std::move(problem.message));
    }
    if (!document.problems.empty()) return {name, {}, std::move(problems).take(), {}};

    yaml_node& root = document.root;
    if (root.what == yaml_node::kind::scalar || root.what == yaml_node::kind::sequence) {
        problems.add(
            {}, root.where, "is " + std::string{noun_of(root.what)} + "; write a mapping of keys"
        );
        return {name, {}, std::move(problems).take(), {}};
    }

    proxy_settings settings;
    reading shared{problems, environment, std::filesystem::path{name}.parent_path()};
    key_reader reader{root, {}, shared};
    describe_proxy(reader, settings);
    reader.finish();
    settings.metrics.enabled = settings.metrics.listen.port != 0;
    validate(settings, problems);
    key_places places = problems.places();
    return {name, std::move(settings), std::move(problems).take(), std::move(places)};
}

}  // namespace weir::config
