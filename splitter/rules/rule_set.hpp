#pragma once

#include "config/schema/rule_settings.hpp"
#include "splitter/rules/client_network.hpp"
#include "splitter/rules/throttle.hpp"
#include "splitter/sql/lexer.hpp"
#include "splitter/sql/statement_traits.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace weir::splitter {

/// What rules look at. Views are the caller's.
struct rule_facts {
    std::string_view user;
    std::string_view schema;  ///< the session's; empty: none
    const client_address& client;
    std::string_view text;  ///< as the client sent it
    const statement_traits& traits;
    const lexer_options& options;           ///< how the text is to be read
    std::optional<std::uint64_t> digest{};  ///< nothing: not known, and no condition on it holds
    std::optional<std::string_view> normalized{};  ///< the same
};

/// What the rules say about one statement: for each action the rule that decides it, null if none
/// does. The rules are those of a rule_set and live as long as it does.
struct rule_decision {
    using rule = config::rule_settings;

    std::vector<const rule*> applied;  ///< in their order
    const rule* target = nullptr;
    const rule* max_lag = nullptr;
    const rule* consistency = nullptr;
    const rule* timeout = nullptr;
    const rule* delay = nullptr;
    const rule* reject = nullptr;
    const rule* throttle = nullptr;
    const rule* rewrite = nullptr;
    const rule* mirror = nullptr;
};

/// Something is wrong with a rule that only shows when it is compiled.
struct rule_problem {
    std::string key;      ///< `rules[2].when.pattern`, from 0
    std::string message;  ///< what is wrong and what would be right
};

/// So many bytes of a statement's normalised text are looked at: all of it, but for the longest.
[[nodiscard]] std::size_t normalized_max(std::string_view text) noexcept;

/// Rules ready for use: immutable but for the throttles, which count. One for the whole process.
/// Threads: any.
class rule_set {
public:
    struct compiled;

    /// Patterns that do not compile are told in `problems` and match nothing.
    rule_set(std::vector<config::rule_settings> rules, std::vector<rule_problem>& problems);
    ~rule_set();
    rule_set(const rule_set&) = delete;
    rule_set& operator=(const rule_set&) = delete;

    [[nodiscard]] bool empty() const noexcept { return rules_.empty(); }

    /// Some rule has a condition on the digest: it has to be among the facts.
    [[nodiscard]] bool wants_digests() const noexcept { return wants_digests_; }

    /// The same of the normalised text.
    [[nodiscard]] bool wants_normalized() const noexcept { return wants_normalized_; }

    [[nodiscard]] const std::vector<config::rule_settings>& rules() const noexcept {
        return rules_;
    }

    /// What the rules say; a pure function of the facts. Allocates only if a rule applies
    /// or several patterns are to be tried.
    [[nodiscard]] rule_decision decide(const rule_facts& facts) const;

    /// `text` as the decision's rule rewrites it. Nothing: it would be longer than `longest` bytes.
    /// There has to be such a rule.
    [[nodiscard]] std::optional<std::string> rewrite(
        const rule_decision& decision, std::string_view text, std::size_t longest
    ) const;

    /// Takes the statement's turn at the decision's throttle; nothing: it would wait for too long.
    /// There has to be such a rule.
    [[nodiscard]] std::optional<throttle::clock::duration> admit(
        const rule_decision& decision, throttle::clock::time_point now
    ) const;

private:
    [[nodiscard]] std::size_t index_of(const config::rule_settings& rule) const noexcept {
        return static_cast<std::size_t>(&rule - rules_.data());
    }

    std::vector<config::rule_settings> rules_;
    std::unique_ptr<const compiled> compiled_;
    bool wants_digests_ = false;
    bool wants_normalized_ = false;
};

}  // namespace weir::splitter
