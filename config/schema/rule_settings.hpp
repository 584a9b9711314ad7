#pragma once

#include "config/schema/consistency.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace weir::config {

/// What a rule may ask about a statement. A statement can be of several kinds: CREATE TABLE is a
/// write and ddl.
enum class statement_kind : std::uint8_t {
    read,   ///< proven to only read, so that a replica may answer it
    write,  ///< may change something, or is not proven to only read; with it SELECT ... FOR UPDATE
    ddl,    ///< CREATE, ALTER, DROP, RENAME, TRUNCATE
    call,   ///< CALL
    begin,  ///< BEGIN, START TRANSACTION
    end,    ///< COMMIT, ROLLBACK
    set,    ///< SET, SET TRANSACTION
    use,    ///< USE
    several,  ///< more than one statement in a text
};

/// Which statements. All that is given has to hold; of a list, one element. Nothing given: every
/// statement.
struct rule_condition {
    std::vector<std::string> users{};
    std::vector<std::string> schemas{};  ///< the session's, not what the statement names
    std::vector<std::string> clients{};  ///< networks in CIDR form
    std::vector<statement_kind> kinds{};
    std::vector<std::uint64_t> digests{};  ///< of the normalised text
    std::string pattern{};                 ///< RE2, of the text as it came; empty: none
    std::string normalized_pattern{};      ///< RE2, of the normalised text; empty: none
    friend bool operator==(const rule_condition&, const rule_condition&) = default;
};

/// Where a rule sends reads; a write goes to the primary whatever it says.
struct rule_target {
    enum class kind : std::uint8_t { unsaid, primary, replica, server };
    kind what = kind::unsaid;
    std::string server;  ///< kind::server: a name of `servers`
    friend bool operator==(const rule_target&, const rule_target&) = default;
};

/// So many statements in so long a time; no statements: no limit.
struct statement_rate {
    std::uint32_t statements = 0;
    std::chrono::milliseconds per{1'000};
    friend bool operator==(const statement_rate&, const statement_rate&) = default;
};

/// A second server that gets a read too, and whose answer the client does not see.
struct mirror_settings {
    std::string server;    ///< a name of `servers`; empty: none
    bool compare = false;  ///< compare the results and count differences
    friend bool operator==(const mirror_settings&, const mirror_settings&) = default;
};

/// What happens to a statement. What is not given stays as it is.
struct rule_actions {
    rule_target target{};
    std::optional<std::chrono::milliseconds> max_lag{};
    std::optional<config::consistency> consistency{};
    std::optional<std::chrono::milliseconds>
        timeout{};  ///< then it is killed on its server; 0: never, whatever later rules say
    std::optional<std::chrono::milliseconds> delay{};  ///< before it is sent
    std::string reject{};       ///< it is answered with this error; empty: it is not
    statement_rate throttle{};  ///< of all statements that the rule throttles
    std::chrono::milliseconds throttle_wait{1'000};  ///< one that would wait longer is refused
    std::optional<std::string> rewrite{};  ///< replaces what the pattern matches; \1 is its group
    mirror_settings mirror{};
    friend bool operator==(const rule_actions&, const rule_actions&) = default;
};

/// A statement and what its rule is to make of it; looked at by `weir-proxy --check` only.
struct rule_example {
    std::string sql;
    std::string user;
    std::string schema;
    std::string client;                  ///< an address; empty: a Unix socket
    bool matches = true;                 ///< the rule applies, and no rule before it takes it away
    std::optional<std::string> becomes;  ///< the text after all rules
    rule_target::kind goes_to = rule_target::kind::unsaid;  ///< primary or replica
    friend bool operator==(const rule_example&, const rule_example&) = default;
};

/// One rule. A statement meets the rules in their order until one applies that does not continue.
struct rule_settings {
    std::string name;       ///< required, unique
    rule_condition when;    ///< it applies to these,
    rule_condition unless;  ///< but not to those; nothing given: no exception
    rule_actions then;
    bool continues = false;  ///< later rules may add what this one and those before left open
    std::vector<rule_example> examples;
    friend bool operator==(const rule_settings&, const rule_settings&) = default;
};

}  // namespace weir::config
