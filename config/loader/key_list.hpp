#pragma once

#include "config/loader/setting_key.hpp"

#include <string>
#include <vector>

namespace weir::config {

/// One key as the reference describes it.
struct key_description {
    std::string path;  ///< `routing.max_lag`, `servers[].weight`
    std::string type;  ///< `time`, `size`, `number`, `flag`, `choice`, `text`, `secret`, `file`,
                       ///< `address`, ...
    std::string default_text;  ///< as it would be written; `required`, or `none` where the default
                               ///< is no value
    std::string range;         ///< `10ms..1h`, the words of a choice; `-`: all that the type allows
    takes_effect when = takes_effect::on_reload;
};

/// Every key that a file for weir-proxy may hold, sections themselves excluded, in the order of the
/// reference.
[[nodiscard]] std::vector<key_description> proxy_keys();

}  // namespace weir::config
