#include "config/loader/validate_rules.hpp"

#include "config/loader/addresses.hpp"
#include "config/loader/plain_name.hpp"

#include <algorithm>
#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace weir::config {

namespace {

std::string path_of_rule(std::size_t index) {
    return "rules[" + std::to_string(index) + "]";
}

/// Every element of `some` is one of `all`, where no element means all there are.
bool holds_all(const auto& all, const auto& some) {
    if (all.empty()) return true;
    return !some.empty() && std::all_of(some.begin(), some.end(), [&](const auto& element) {
        return std::find(all.begin(), all.end(), element) != all.end();
    });
}

bool is_same_or_open(const std::string& wide, const std::string& narrow) {
    return wide.empty() || wide == narrow;
}

/// Every statement that meets `narrow` surely meets `wide`.
bool covers(const rule_condition& wide, const rule_condition& narrow) {
    return holds_all(wide.users, narrow.users) && holds_all(wide.schemas, narrow.schemas) &&
           holds_all(wide.clients, narrow.clients) && holds_all(wide.kinds, narrow.kinds) &&
           holds_all(wide.digests, narrow.digests) &&
           is_same_or_open(wide.pattern, narrow.pattern) &&
           is_same_or_open(wide.normalized_pattern, narrow.normalized_pattern);
}

bool is_open(const rule_condition& condition) {
    return condition == rule_condition{};
}

bool has_kind(const rule_condition& condition, std::initializer_list<statement_kind> kinds) {
    if (condition.kinds.empty()) return true;
    return std::any_of(kinds.begin(), kinds.end(), [&](statement_kind kind) {
        return std::find(condition.kinds.begin(), condition.kinds.end(), kind) !=
               condition.kinds.end();
    });
}

/// One rule and where its problems go.
class rule_check {
public:
    rule_check(const proxy_settings& settings, std::size_t index, problem_list& problems)
        : settings_{settings},
          rule_{settings.rules[index]},
          path_{path_of_rule(index)},
          problems_{problems} {}

    void run() {
        check_name();
        check_servers();
        check_actions();
        check_reads_only();
        check_condition();
        for (std::size_t index = 0; index < rule_.examples.size(); ++index)
            check_example(index);
    }

private:
    void add(const std::string& key, std::string message) {
        const std::string path = key.empty() ? path_ : path_ + "." + key;
        if (!problems_.is_wrong(path)) problems_.add(path, std::move(message));
    }

    [[nodiscard]] bool is_given(const std::string& key) const {
        return problems_.is_given(path_ + "." + key);
    }

    void check_name() {
        if (is_plain_name(rule_.name)) return;
        add("name", in_quotes(rule_.name) + " is not a name; " + std::string{plain_name_form});
    }

    void check_server(const std::string& key, const std::string& name) {
        if (name.empty()) return;
        std::string all;
        for (const server_settings& server : settings_.servers) {
            if (server.name == name) return;
            all += (all.empty() ? "" : ", ") + server.name;
        }
        add(key, in_quotes(name) + " is not one of the servers; write one of " + all);
    }

    void check_servers() {
        check_server("then.target", rule_.then.target.server);
        check_server("then.mirror.server", rule_.then.mirror.server);
    }

    void check_actions() {
        const rule_actions& then = rule_.then;
        if (is_given("then.reject")) {
            for (const char* const key :
                 {"target", "max_lag", "consistency", "timeout", "throttle", "rewrite", "mirror"}) {
                const std::string path = std::string{"then."} + key;
                if (is_given(path)) add(path, "stands beside reject, which ends it; keep one");
            }
        }
        if (is_given("then.throttle_wait") && !is_given("then.throttle"))
            add("then.throttle_wait", "has nothing to wait for; write throttle too");
        if (then.mirror.server.empty() && is_given("then.mirror"))
            add("then.mirror", "names no server; write server: NAME in it");
        if (then.rewrite && rule_.when.pattern.empty())
            add("then.rewrite", "replaces what a pattern matches; write when.pattern too");
        if (rule_.continues && then == rule_actions{} && !problems_.is_wrong_within(path_))
            add("continue", "makes a rule that does nothing; write what it does under then");
    }

    /// A write goes to the primary and nowhere else, so what is about replicas is about reads.
    void check_reads_only() {
        using kind = statement_kind;
        const bool may_read = has_kind(rule_.when, {kind::read, kind::several});
        const bool may_open = has_kind(rule_.when, {kind::begin, kind::set});
        const std::string message =
            "has no effect: when.kind leaves out every statement that may leave the primary";
        const bool leaves_primary = rule_.then.target.what == rule_target::kind::replica ||
                                    rule_.then.target.what == rule_target::kind::server;
        if (!may_read && !may_open) {
            if (leaves_primary) add("then.target", message);
            if (rule_.then.max_lag) add("then.max_lag", message);
            if (rule_.then.consistency) add("then.consistency", message);
        }
        if (!may_read && !rule_.then.mirror.server.empty())
            add("then.mirror",
                "has no effect: only reads are mirrored, and when.kind leaves them out");
    }

    void check_condition() {
        if (is_open(rule_.unless) || problems_.is_wrong_within(path_)) return;
        if (!covers(rule_.unless, rule_.when)) return;
        add("unless", "takes out everything that when lets in; the rule can never apply");
    }

    void check_example(std::size_t index) {
        const std::string key = "examples[" + std::to_string(index) + "].client";
        const std::string& client = rule_.examples[index].client;
        if (client.empty()) return;
        const bool is_address = client.find('/') == std::string::npos && parse_network(client).ok();
        if (!is_address)
            add(key, in_quotes(client) + " is not an address; write one such as 10.0.0.1");
    }

    const proxy_settings& settings_;
    const rule_settings& rule_;
    std::string path_;
    problem_list& problems_;
};

void check_names_differ(const std::vector<rule_settings>& rules, problem_list& problems) {
    std::map<std::string_view, std::size_t> seen;
    for (std::size_t index = 0; index < rules.size(); ++index) {
        const std::string path = path_of_rule(index) + ".name";
        if (rules[index].name.empty() || problems.is_wrong(path)) continue;
        const auto [first, is_new] = seen.emplace(rules[index].name, index);
        if (is_new) continue;
        problems.add(
            path,
            "is the same as " + path_of_rule(first->second) +
                ".name; give each rule a name of its own"
        );
    }
}

/// The first rule that leaves nothing for the one at `index`.
std::optional<std::size_t> taker_of(
    const std::vector<rule_settings>& rules, std::size_t index, const problem_list& problems
) {
    for (std::size_t earlier = 0; earlier < index; ++earlier) {
        const rule_settings& rule = rules[earlier];
        if (rule.continues || !is_open(rule.unless)) continue;
        if (problems.is_wrong_within(path_of_rule(earlier))) continue;
        if (covers(rule.when, rules[index].when)) return earlier;
    }
    return std::nullopt;
}

void check_reached(const std::vector<rule_settings>& rules, problem_list& problems) {
    for (std::size_t index = 0; index < rules.size(); ++index) {
        const std::string path = path_of_rule(index);
        if (problems.is_wrong_within(path)) continue;
        const auto taker = taker_of(rules, index, problems);
        if (!taker) continue;
        const std::string other = path_of_rule(*taker);
        std::string message = "can never apply: ";
        message.append(other).append(" (").append(rules[*taker].name);
        message.append(") takes all its statements; move it up, or write continue: true in ");
        problems.add(path, message.append(other));
    }
}

}  // namespace

void validate_rules(const proxy_settings& settings, problem_list& problems) {
    for (std::size_t index = 0; index < settings.rules.size(); ++index)
        rule_check{settings, index, problems}.run();
    check_names_differ(settings.rules, problems);
    check_reached(settings.rules, problems);
}

}  // namespace weir::config
