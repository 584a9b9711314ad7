#pragma once

#include "config/loader/environment_lookup.hpp"
#include "config/loader/key_places.hpp"
#include "config/loader/load_error.hpp"
#include "config/schema/proxy_settings.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace weir::config {

/// `settings` are to be used only if there are no errors.
struct load_outcome {
    std::string file;
    proxy_settings settings;
    std::vector<load_error> errors;  ///< everything that is wrong, in the order of the file
    key_places places;

    /// Adds what only those can tell who use the settings.
    void add(const std::string& key, std::string message);

    [[nodiscard]] bool ok() const noexcept { return errors.empty(); }
};

/// Reads and checks a configuration of weir-proxy; also reads the files it names for secrets and
/// looks whether certificates can be read. Paths in the file are relative to its directory. Takes
/// the environment of the process, so no other thread may be changing that.
[[nodiscard]] load_outcome load_proxy_file(const std::string& path);

/// The same for a text at hand. `name` stands for the file in messages, and relative paths start at
/// its directory.
[[nodiscard]] load_outcome load_proxy_text(
    std::string_view text, const std::string& name, const environment_lookup& environment
);

}  // namespace weir::config
