#include "config/loader/key_list.hpp"

#include "tests/unit/config/loader/load_support.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

namespace weir::config::test {
namespace {

const std::filesystem::path examples_directory{WEIR_CONFIG_DIRECTORY "/examples"};

std::vector<std::string> example_names() {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator{examples_directory}) {
        if (entry.path().extension() == ".yaml") names.push_back(entry.path().filename().string());
    }
    std::sort(names.begin(), names.end());
    return names;
}

std::string content_of(const std::string& name) {
    std::ifstream file{examples_directory / name};
    return {std::istreambuf_iterator<char>{file}, std::istreambuf_iterator<char>{}};
}

/// Loads an example from a directory that holds the files which examples name.
load_outcome load_example(const std::string& name) {
    const temporary_directory directory;
    for (const char* const pem : {"tls/proxy.pem", "tls/proxy.key", "tls/ca.pem"})
        directory.write(pem, "");
    for (const char* const secret : {"secrets/monitor", "secrets/app"})
        directory.write(secret, "s\n");
    return load(content_of(name), directory.path_of(name));
}

TEST(example, loads_without_an_error) {
    const auto names = example_names();
    EXPECT_EQ(
        names,
        (std::vector<std::string>{
            "behind_haproxy.yaml",
            "complete.yaml",
            "minimal.yaml",
            "rules.yaml",
            "static_users.yaml",
            "tls.yaml"})
    );
    for (const std::string& name : names) {
        SCOPED_TRACE(name);
        for (const load_error& error : load_example(name).errors)
            ADD_FAILURE() << error.to_string();
    }
}

TEST(example, complete_names_every_key) {
    const std::string text = content_of("complete.yaml");
    for (const key_description& key : proxy_keys()) {
        std::string name = key.path.substr(key.path.rfind('.') + 1);
        EXPECT_NE(text.find(name + ":"), std::string::npos) << key.path;
    }
}

TEST(example, complete_shows_the_defaults) {
    proxy_settings shown = load_example("complete.yaml").settings;
    const proxy_settings minimal = load_example("minimal.yaml").settings;
    EXPECT_EQ(shown.timeouts, proxy_settings{}.timeouts);
    EXPECT_EQ(shown.limits, proxy_settings{}.limits);
    EXPECT_EQ(shown.routing, proxy_settings{}.routing);
    EXPECT_EQ(shown.sockets, proxy_settings{}.sockets);
    shown.monitor.user = minimal.monitor.user;
    shown.monitor.password = minimal.monitor.password;
    shown.monitor.interval = minimal.monitor.interval;
    EXPECT_EQ(shown.monitor, minimal.monitor);
}

}  // namespace
}  // namespace weir::config::test
