#pragma once

#include "config/loader/problem_list.hpp"
#include "config/schema/proxy_settings.hpp"

namespace weir::config {

/// Rules over several keys, and whether named files can be read. Adds to `problems`; says nothing
/// about keys that are already wrong by themselves.
void validate(const proxy_settings& settings, problem_list& problems);

}  // namespace weir::config
