#include "src/proxy/configuration.hpp"

#include "splitter/routing/rule_examples.hpp"

#include <utility>
#include <vector>

namespace weir::proxy {

configuration load_configuration(const std::string& path, rule_examples examples) {
    configuration loaded{config::load_proxy_file(path), nullptr};
    std::vector<splitter::rule_problem> problems;
    loaded.rules =
        std::make_shared<const splitter::rule_set>(loaded.outcome.settings.rules, problems);
    // What comes of rules that are wrong is no news.
    const bool is_sound = loaded.outcome.ok() && problems.empty();
    if (examples == rule_examples::tried && is_sound)
        splitter::check_examples(loaded.outcome.settings, *loaded.rules, problems);
    for (splitter::rule_problem& problem : problems)
        loaded.outcome.add(problem.key, std::move(problem.message));
    return loaded;
}

}  // namespace weir::proxy
