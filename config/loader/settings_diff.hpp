#pragma once

#include "config/schema/proxy_settings.hpp"

#include <string>
#include <vector>

namespace weir::config {

/// One key whose value is another one now. Values do not appear, secret or not.
struct settings_change {
    std::string key;  ///< `routing.max_lag`, `servers.db2.weight`; `servers.db4` if it came or went
    bool needs_restart = false;  ///< a running process keeps the value it started with
    friend bool operator==(const settings_change&, const settings_change&) = default;
};

/// Every key that differs between two settings without errors, in the order of the reference; what
/// only `before` has comes last. Elements of lists are told apart by their names, so moving one is
/// no change.
[[nodiscard]] std::vector<settings_change> diff(
    const proxy_settings& before, const proxy_settings& after
);

/// What is in force after a reload: `loaded`, but with the values of `before` for all keys that
/// need a restart. So what a process started with lives on, and each reload's `diff` names what
/// still waits for a restart.
[[nodiscard]] proxy_settings keep_until_restart(
    const proxy_settings& before, proxy_settings loaded
);

}  // namespace weir::config
