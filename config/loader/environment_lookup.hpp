#pragma once

#include <functional>
#include <optional>
#include <string>

namespace weir::config {

/// The value of an environment variable; nothing: it is not set.
using environment_lookup = std::function<std::optional<std::string>(const std::string& name)>;

}  // namespace weir::config
