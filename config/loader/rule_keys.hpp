#pragma once

#include "config/loader/setting_key.hpp"
#include "config/schema/rule_settings.hpp"

#include <array>
#include <chrono>
#include <cstddef>

/// The part of the list of keys (`proxy_keys.hpp`) that describes rules.
namespace weir::config {

inline constexpr std::array statement_kind_words{
    choice_word<statement_kind>{statement_kind::read, "read"},
    choice_word<statement_kind>{statement_kind::write, "write"},
    choice_word<statement_kind>{statement_kind::ddl, "ddl"},
    choice_word<statement_kind>{statement_kind::call, "call"},
    choice_word<statement_kind>{statement_kind::begin, "begin"},
    choice_word<statement_kind>{statement_kind::end, "end"},
    choice_word<statement_kind>{statement_kind::set, "set"},
    choice_word<statement_kind>{statement_kind::use, "use"},
    choice_word<statement_kind>{statement_kind::several, "several"},
};
inline constexpr std::array consistency_words{
    choice_word<consistency>{consistency::eventual, "eventual"},
    choice_word<consistency>{consistency::session, "session"},
    choice_word<consistency>{consistency::global, "global"},
};
inline constexpr std::array role_words{
    choice_word<rule_target::kind>{rule_target::kind::primary, "primary"},
    choice_word<rule_target::kind>{rule_target::kind::replica, "replica"},
};

inline constexpr std::size_t longest_pattern = 8192;
inline constexpr text_length statement_length{1, 65536, true};

void describe_condition(auto& keys, auto& condition) {
    keys.texts({"user"}, condition.users, text_length{1, 128});
    keys.texts({"schema"}, condition.schemas, text_length{1, 64});
    keys.networks({"client"}, condition.clients, empty_list::refused);
    keys.choices({"kind"}, condition.kinds, statement_kind_words);
    keys.digests({"digest"}, condition.digests);
    keys.text({"pattern"}, condition.pattern, text_length{1, longest_pattern});
    keys.text(
        {"normalized_pattern"}, condition.normalized_pattern, text_length{1, longest_pattern}
    );
}

void describe_actions(auto& keys, auto& then) {
    using namespace std::chrono_literals;
    using range = value_range<std::chrono::milliseconds>;
    keys.target({"target"}, then.target);
    keys.duration({"max_lag"}, then.max_lag, range{0ms, 24h});
    keys.choice({"consistency"}, then.consistency, consistency_words);
    keys.duration({"timeout"}, then.timeout, range{0ms, 24h});
    keys.duration({"delay"}, then.delay, range{0ms, 1min});
    keys.text({"reject"}, then.reject, text_length{1, 500});
    keys.rate({"throttle"}, then.throttle);
    keys.duration({"throttle_wait"}, then.throttle_wait, range{0ms, 1min});
    keys.text({"rewrite"}, then.rewrite, text_length{0, statement_length.longest, true});
    keys.section("mirror", [&](auto& in) {
        in.text({"server"}, then.mirror.server, text_length{1, 64});
        in.flag({"compare"}, then.mirror.compare);
    });
}

void describe_example(auto& keys, auto& example) {
    keys.text({"sql", presence::required}, example.sql, statement_length);
    keys.text({"user"}, example.user, text_length{1, 128});
    keys.text({"schema"}, example.schema, text_length{1, 64});
    keys.text({"client"}, example.client, text_length{1, 64});
    keys.flag({"matches"}, example.matches);
    keys.text({"becomes"}, example.becomes, text_length{0, statement_length.longest, true});
    keys.choice({"goes_to"}, example.goes_to, role_words);
}

void describe_rule(auto& keys, auto& rule) {
    keys.text({"name", presence::required}, rule.name, text_length{1, 64});
    keys.section("when", [&](auto& in) { describe_condition(in, rule.when); });
    keys.section("unless", [&](auto& in) { describe_condition(in, rule.unless); });
    keys.section("then", [&](auto& in) { describe_actions(in, rule.then); });
    keys.flag({"continue"}, rule.continues);
    keys.list({"examples"}, rule.examples, [](auto& in, auto& example) {
        describe_example(in, example);
    });
}

}  // namespace weir::config
