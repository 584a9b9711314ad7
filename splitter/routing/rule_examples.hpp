#pragma once

#include "config/schema/proxy_settings.hpp"
#include "splitter/rules/rule_set.hpp"

#include <vector>

namespace weir::splitter {

/// Tries the examples that stand beside the rules: each is read as the first statement of a
/// session, for MySQL and for MariaDB. What does not come out as written is added to `problems`,
/// under `rules[0].examples[1].becomes` and the like. `rules` are those of the settings.
void check_examples(
    const config::proxy_settings& settings,
    const rule_set& rules,
    std::vector<rule_problem>& problems
);

}  // namespace weir::splitter
