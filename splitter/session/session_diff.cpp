#include "splitter/session/session_diff.hpp"

#include "splitter/sql/user_variable.hpp"

#include <algorithm>

namespace weir::splitter {
namespace {

using protocol::mysql::command;
using protocol::mysql::server_flavor;

bool is_number(std::string_view value) {
    if (value.starts_with('-')) value.remove_prefix(1);
    const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
    return !value.empty() &&
           std::ranges::all_of(value, [&](char c) { return is_digit(c) || c == '.'; }) &&
           is_digit(value.front()) && is_digit(value.back()) && std::ranges::count(value, '.') <= 1;
}

using variable_list = std::vector<session_variable>;

constexpr std::string_view client_charset = "character_set_client";
constexpr std::string_view results_charset = "character_set_results";
constexpr std::string_view connection_charset = "character_set_connection";
constexpr std::string_view connection_collation = "collation_connection";

const session_variable* find(const variable_list& list, std::string_view name) {
    const auto found = std::ranges::find(list, name, &session_variable::name);
    return found == list.end() ? nullptr : &*found;
}

/// One variable in two places. Null: as the login left it, and that was not reported.
struct two_values {
    const session_variable* wanted = nullptr;
    const session_variable* actual = nullptr;

    [[nodiscard]] bool differ() const {
        if (wanted == nullptr || actual == nullptr) return wanted != actual;
        return wanted->value != actual->value;
    }
};

/// What the two sides have, or are to have, of each variable.
class comparison {
public:
    comparison(const session_state& wanted, const backend_state& actual)
        : wanted_(wanted.variables()), actual_(actual.variables), initial_(actual.initial) {}

    [[nodiscard]] two_values of(std::string_view name) const {
        if (name == connection_collation || name == results_collation)
            return {collation_in(wanted_, name), collation_in(actual_, name)};
        return {value_in(wanted_, name), value_in(actual_, name)};
    }

    /// Calls `visit(name, wanted value)` for each variable that has to change, in the order in
    /// which that works: setting a character set sets its collation too, so collations come last.
    /// Before all comes SET NAMES as `results_collation`, the only way to set that, which sets the
    /// other character sets too.
    template <class Visitor>
    void for_each_change(Visitor visit) const {
        const two_values in_results = of(results_collation);
        character_sets sets;
        const two_values client = of(client_charset);
        // MariaDB gives parameters the collation that SET NAMES has named; setting the client's
        // character set by itself does away with that.
        const bool is_named =
            in_results.wanted != nullptr && are_equal(client.wanted, of(results_charset).wanted);
        sets.results =
            of(results_charset).differ() || in_results.differ() || (is_named && client.differ());
        sets.names = sets.results && in_results.wanted != nullptr;
        const bool loses_name = in_results.wanted == nullptr && in_results.actual != nullptr;
        sets.client = sets.names ? !is_named : client.differ() || loses_name;
        sets.connection = sets.names || has_to_set_charset();
        if (sets.names) visit(std::string(results_collation), in_results.wanted);
        for (const bool collations : {false, true}) {
            for_each_name([&](const std::string& name) {
                const two_values values = of(name);
                const bool is_of_turn = name.starts_with("collation_") == collations;
                if (is_of_turn && has_to_change(name, values, sets)) visit(name, values.wanted);
            });
        }
    }

private:
    /// Which of them have to be set.
    struct character_sets {
        bool results = false;
        bool names = false;  ///< all of them, by SET NAMES
        bool connection = false;
        bool client = false;
    };

    [[nodiscard]] static bool are_equal(
        const session_variable* one, const session_variable* other
    ) {
        return one != nullptr && other != nullptr && one->value == other->value;
    }

    [[nodiscard]] static bool has_to_change(
        std::string_view name, const two_values& values, const character_sets& sets
    ) {
        if (name == results_collation) return false;  // SET NAMES has
        if (name == client_charset) return sets.client;
        if (name == results_charset) return sets.results && !sets.names;
        if (name == connection_charset) return sets.connection;
        if (name == connection_collation)
            return values.wanted != nullptr && (sets.connection || values.differ());
        return values.differ();
    }

    [[nodiscard]] const session_variable* value_in(const variable_list& list, std::string_view name)
        const {
        const auto* const own = find(list, name);
        return own != nullptr ? own : find(initial_, name);
    }

    /// Null: the default one of the character set that stands beside it.
    [[nodiscard]] const session_variable* collation_in(
        const variable_list& list, std::string_view collation
    ) const {
        const auto charset = collation == results_collation ? results_charset : connection_charset;
        const auto* const own = find(list, collation);
        if (own != nullptr || find(list, charset) != nullptr) return own;
        return find(initial_, collation);
    }

    /// Also where only its default collation is to come back.
    [[nodiscard]] bool has_to_set_charset() const {
        const two_values collations = of(connection_collation);
        return of(connection_charset).differ() ||
               (collations.wanted == nullptr && collations.actual != nullptr);
    }

    template <class Visitor>
    void for_each_name(Visitor visit) const {
        for (const auto& variable : wanted_)
            visit(variable.name);
        for (const auto& variable : actual_) {
            if (find(wanted_, variable.name) == nullptr) visit(variable.name);
        }
        // These change with others that are in a list.
        for (const std::string_view name :
             {client_charset, results_charset, connection_charset, connection_collation}) {
            if (find(wanted_, name) == nullptr && find(actual_, name) == nullptr)
                visit(std::string(name));
        }
    }

    const variable_list& wanted_;
    const variable_list& actual_;
    const variable_list& initial_;
};

}  // namespace

void append_text(std::string& sql, std::string_view text) {
    // What a backslash means is up to the connection's sql_mode, which this statement may be about
    // to change: it goes as a number.
    const bool has_backslash = text.find('\\') != std::string_view::npos;
    sql += has_backslash ? "CONCAT('" : "'";
    for (const char c : text) {
        if (c == '\\') {
            sql += "',CHAR(92 USING utf8mb4),'";
            continue;
        }
        if (c == '\'') sql += c;
        sql += c;
    }
    sql += has_backslash ? "')" : "'";
}

namespace {

/// `wanted`: null, or without a value: what a login gives.
void append_value(
    std::string& sql,
    std::string_view name,
    const session_variable* wanted,
    const backend_state& connection
) {
    if (wanted == nullptr || !wanted->value) {
        const bool interactive =
            connection.capabilities.has(protocol::mysql::capability::interactive);
        sql += interactive && name == "wait_timeout" ? "@@global.interactive_timeout" : "DEFAULT";
    } else if (is_number(*wanted->value)) {
        sql += *wanted->value;
    } else if (wanted->value->empty() && name == "character_set_results") {
        // The tracker reports NULL as an empty text; here an empty name would be refused.
        sql += "NULL";
    } else {
        append_text(sql, *wanted->value);
    }
}

void append_names(
    std::string& sql, const session_variable* charset, const session_variable& collation
) {
    if (charset == nullptr || !charset->value || !collation.value) return;
    sql += "SET NAMES ";
    append_text(sql, *charset->value);
    sql += " COLLATE ";
    append_text(sql, *collation.value);
}

std::string setting_sql(const session_state& wanted, const backend_state& actual) {
    std::string sql;
    const comparison both(wanted, actual);
    both.for_each_change([&](const std::string& name, const auto* value) {
        if (name == results_collation) {
            append_names(sql, both.of(results_charset).wanted, *value);
            return;
        }
        sql += sql.empty() ? "SET SESSION " : ", SESSION ";
        sql += name;
        sql += '=';
        append_value(sql, name, value, actual);
    });
    return sql;
}

/// By the marks alone. A state that was derived from a session's has none.
bool is_applied(const session_state& wanted, const backend_state& actual) {
    return wanted.mark() != state_mark{} && actual.applied == wanted.mark();
}

}  // namespace

std::optional<session_change> next_change(
    const session_state& wanted, const backend_state& actual
) {
    if (is_applied(wanted, actual)) return std::nullopt;
    if (actual.schema != wanted.schema() && !wanted.schema().empty()) {
        return session_change{command::init_db, wanted.schema()};
    }
    if (actual.multi_statements != wanted.multi_statements()) {
        // Protocol::COM_SET_OPTION: 0 is MYSQL_OPTION_MULTI_STATEMENTS_ON, 1 is OFF; two bytes, low
        // one first.
        return session_change{
            command::set_option, std::string{wanted.multi_statements() ? '\0' : '\1', '\0'}};
    }
    std::string sql = setting_sql(wanted, actual);
    if (!sql.empty()) return session_change{command::query, std::move(sql)};
    return std::nullopt;
}

bool has_foreign_variables(const session_state& wanted, const backend_state& actual) {
    return std::ranges::any_of(actual.user_variables, [&](const session_variable& one) {
        return find(wanted.user_variables(), one.name) == nullptr;
    });
}

std::string user_variable_change(const session_state& wanted, const backend_state& actual) {
    std::string sql;
    const auto assign = [&](const std::string& name, std::string_view value) {
        sql += sql.empty() ? "SET " : ", ";
        sql += user_variable(name);
        sql += '=';
        sql += value;
    };
    for (const auto& variable : wanted.user_variables()) {
        const auto* const there = find(actual.user_variables, variable.name);
        if (there == nullptr || there->value != variable.value)
            assign(variable.name, variable.value.value_or("NULL"));
    }
    for (const auto& variable : actual.user_variables) {
        if (find(wanted.user_variables(), variable.name) == nullptr) assign(variable.name, "NULL");
    }
    return sql;
}

void apply(const session_change& change, const session_state& wanted, backend_state& actual) {
    if (change.what == command::init_db) {
        actual.schema = change.argument;
    } else if (change.what == command::set_option) {
        actual.multi_statements = wanted.multi_statements();
    } else {
        settle(wanted, actual);
    }
}

void settle(const session_state& wanted, backend_state& actual) {
    if (is_applied(wanted, actual)) return;
    actual.variables = wanted.variables();
    actual.applied = wanted.mark();
}

bool is_out_of_reach(const session_state& wanted, const backend_state& actual) {
    const bool has_role_for_good = !wanted.role() && actual.role && !actual.login_role;
    return has_role_for_good || (wanted.schema().empty() && !actual.schema.empty());
}

std::size_t distance(const session_state& wanted, const backend_state& actual) {
    if (is_applied(wanted, actual)) return 0;
    std::size_t changes = 0;
    if (actual.schema != wanted.schema()) ++changes;
    if (actual.multi_statements != wanted.multi_statements()) ++changes;
    if (actual.role != wanted.role()) ++changes;
    comparison(wanted, actual).for_each_change([&](const auto&, const auto*) { ++changes; });
    return changes;
}

std::string tracking_setup(const backend_state& fresh) {
    constexpr std::uint32_t mysql_with_tracking = 50700;
    constexpr std::uint32_t mariadb_with_tracking = 100300;
    // Naming a variable's own value makes the tracker report it: that is how its initial value is
    // learnt.
    constexpr std::string_view common =
        "SET SESSION session_track_schema=ON, SESSION session_track_state_change=ON, SESSION "
        "session_track_system_variables='*', SESSION sql_mode=@@sql_mode, SESSION "
        "character_set_client=@@character_set_client, SESSION "
        "character_set_connection=@@character_set_connection, SESSION "
        "collation_connection=@@collation_connection";
    std::string sql;
    if (fresh.flavor == server_flavor::mariadb) {
        if (fresh.version_number >= mariadb_with_tracking) {
            sql = std::string(common) +
                  ", SESSION tx_isolation=@@tx_isolation, SESSION tx_read_only=@@tx_read_only, "
                  "SESSION time_zone=@@time_zone";
        }
    } else if (fresh.version_number >= mysql_with_tracking) {
        sql = std::string(common) +
              ", SESSION session_track_gtids=OWN_GTID, SESSION "
              "transaction_isolation=@@transaction_isolation, SESSION "
              "transaction_read_only=@@transaction_read_only";
    }
    return sql;
}

}  // namespace weir::splitter
