#pragma once

#include "config/loader/load_proxy.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace weir::config::test {

/// The three required sections, one line each; a row replaces one or appends from line 4 on.
inline const std::string proxy_line = "proxy: {listen: 127.0.0.1:6033}\n";
inline const std::string servers_line = "servers: [{name: db1, address: 127.0.0.1}]\n";
inline const std::string monitor_line = "monitor: {user: m, password: p}\n";
inline const std::string base = proxy_line + servers_line + monitor_line;

inline endpoint tcp(std::string host, std::uint16_t port) {
    endpoint result;
    result.host = std::move(host);
    result.port = port;
    return result;
}

inline load_outcome load(std::string_view text, const std::string& name = "c.yaml") {
    return load_proxy_text(text, name, [](const std::string& variable) {
        return variable == "WEIR_SECRET" ? std::optional<std::string>{"from environment"}
                                         : std::nullopt;
    });
}

/// Errors as they are printed, without the file's name.
inline std::vector<std::string> errors_of(std::string_view text) {
    std::vector<std::string> texts;
    for (const load_error& error : load(text).errors)
        texts.push_back(error.to_string().substr(7));
    return texts;
}

/// A text, and all that is wrong with it.
struct error_row {
    const char* name;
    std::string text;
    std::vector<std::string> expected;
};

inline void expect_errors(const std::vector<error_row>& rows) {
    for (const error_row& row : rows) {
        SCOPED_TRACE(row.name);
        EXPECT_EQ(errors_of(row.text), row.expected);
    }
}

/// A directory of its own for one test, removed with all it holds.
class temporary_directory {
public:
    temporary_directory() {
        std::string pattern =
            (std::filesystem::temp_directory_path() / "weir-config-XXXXXX").string();
        if (::mkdtemp(pattern.data()) == nullptr) ADD_FAILURE() << "no temporary directory";
        path_ = pattern;
    }

    ~temporary_directory() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }

    temporary_directory(const temporary_directory&) = delete;
    temporary_directory& operator=(const temporary_directory&) = delete;

    [[nodiscard]] std::string path_of(std::string_view name) const {
        return (path_ / name).string();
    }

    std::string write(std::string_view name, std::string_view content) const {
        const std::filesystem::path path = path_ / name;
        std::filesystem::create_directories(path.parent_path());
        std::ofstream{path, std::ios::binary} << content;
        return path.string();
    }

private:
    std::filesystem::path path_;
};

}  // namespace weir::config::test
