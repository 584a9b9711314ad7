#include "splitter/session/session_state.hpp"

#include "splitter/session/shared_statements.hpp"
#include "splitter/sql/lower_case.hpp"
#include "splitter/sql/user_variable.hpp"
#include "splitter/sql/word.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

namespace weir::splitter {
namespace {

/// Variables whose value is about one connection, one statement, or our own tracking. Replaying
/// them elsewhere would be wrong, so a session that sets one stays where it is.
constexpr std::array own_connection_variables{
    std::string_view{"binlog_row_image"},
    std::string_view{"debug"},
    std::string_view{"gtid_domain_id"},
    std::string_view{"gtid_next"},
    std::string_view{"gtid_seq_no"},
    std::string_view{"identity"},
    std::string_view{"insert_id"},
    std::string_view{"last_insert_id"},
    std::string_view{"optimizer_trace"},
    std::string_view{"profiling"},
    std::string_view{"pseudo_replica_mode"},
    std::string_view{"pseudo_slave_mode"},
    std::string_view{"pseudo_thread_id"},
    std::string_view{"rand_seed1"},
    std::string_view{"rand_seed2"},
    std::string_view{"server_id"},
    std::string_view{"session_track_gtids"},
    std::string_view{"session_track_schema"},
    std::string_view{"session_track_state_change"},
    std::string_view{"session_track_system_variables"},
    std::string_view{"session_track_transaction_info"},
    std::string_view{"skip_replication"},
    std::string_view{"sql_log_bin"},
    std::string_view{"timestamp"},
};

/// Reported like variables but carried by other means, as the GTID of a write, or about the last
/// statement only.
constexpr std::array ignored_variables{
    std::string_view{"error_count"},
    std::string_view{"external_user"},
    std::string_view{"gtid_owned"},
    std::string_view{"in_transaction"},
    std::string_view{"last_gtid"},
    std::string_view{"proxy_user"},
    std::string_view{"statement_id"},
    std::string_view{"warning_count"},
};

static_assert(
    std::ranges::is_sorted(own_connection_variables) && std::ranges::is_sorted(ignored_variables)
);

template <std::size_t Size>
bool is_one_of(const std::array<std::string_view, Size>& names, std::string_view name) {
    return std::binary_search(names.begin(), names.end(), name);
}

/// `mode` stands in the comma-separated list `modes`.
bool has_mode(std::string_view modes, std::string_view mode) {
    for (std::size_t at = modes.find(mode); at != std::string_view::npos;
         at = modes.find(mode, at + 1)) {
        const bool starts = at == 0 || modes[at - 1] == ',';
        const std::size_t end = at + mode.size();
        const bool ends = end == modes.size() || modes[end] == ',';
        if (starts && ends) return true;
    }
    return false;
}

}  // namespace

session_state::tracked session_state::on_variable(std::string_view name, std::string_view value) {
    if (is_one_of(ignored_variables, name)) return tracked::ignored;
    if (is_one_of(own_connection_variables, name)) {
        note_tracking(name, value);
        return tracked::own_connection;
    }
    derive(current_, name, value);
    const auto known = std::ranges::find(variables_, name, &session_variable::name);
    if (known == variables_.end()) {
        variables_.push_back({std::string(name), std::string(value)});
    } else if (known->value == value) {
        return tracked::replayable;
    } else {
        known->value = value;
    }
    ++mark_.version;
    return tracked::replayable;
}

void session_state::on_initial_variable(std::string_view name, std::string_view value) {
    if (name == "sql_mode") knows_sql_mode_ = true;
    derive(initial_, name, value);
    derive(current_, name, value);
}

void session_state::forget_variable(std::string_view name) {
    if (std::erase_if(variables_, [&](const session_variable& one) { return one.name == name; }) >
        0) {
        ++mark_.version;
    }
}

void session_state::hand_over_tracking() noexcept {
    asked_ = all_tracking();
}

void session_state::set_schema(std::string_view schema) {
    if (schema_ == schema) return;
    schema_ = schema;
    ++mark_.version;
}

void session_state::set_multi_statements(bool allowed) {
    if (multi_statements_ == allowed) return;
    multi_statements_ = allowed;
    ++mark_.version;
}

const std::string* session_state::value_of(std::string_view name) const {
    const auto found = std::ranges::find(variables_, name, &session_variable::name);
    return found == variables_.end() || !found->value ? nullptr : &*found->value;
}

namespace {

constexpr std::string_view null = "NULL";

/// A variable that is set to NULL keeps the type of the value before, which shows in results: that
/// value is given to it first.
std::string null_of_type(const session_variable& known) {
    const std::string& former = *known.value;
    const std::string ending = ", " + user_variable(known.name) + "=" + std::string(null);
    return same_word(former, null) || former.ends_with(ending) ? former : former + ending;
}

}  // namespace

bool session_state::set_user_variable(std::string_view name, std::string value) {
    constexpr std::size_t length_max = 4096;
    std::string key = lower_case(name);
    const auto known = std::ranges::find(user_variables_, key, &session_variable::name);
    if (known == user_variables_.end() && user_variables_.size() >= user_variables_max)
        return false;
    if (value.size() > length_max) return false;
    if (known != user_variables_.end()) {
        known->value = same_word(value, null) ? null_of_type(*known) : std::move(value);
    } else {
        user_variables_.push_back({std::move(key), std::move(value)});
    }
    return true;
}

void session_state::set_role(std::string role) {
    knows_role_ = role_knowledge::known;
    if (role_ == role) return;
    role_ = std::move(role);
    ++mark_.version;
}

void session_state::lose_role(role_knowledge how_much) noexcept {
    knows_role_ = how_much;
    role_.reset();
    ++mark_.version;
}

void session_state::reset(protocol::mysql::server_flavor flavor) {
    variables_.clear();
    user_variables_.clear();
    asked_ = {};
    current_ = initial_;
    has_set_globals_ = false;
    ++mark_.version;
    if (flavor != protocol::mysql::server_flavor::mysql) return;
    for (const std::string_view name : variables_of_login)
        variables_.push_back({std::string(name), std::nullopt});
}

void session_state::start_over() {
    const state_mark next{mark_.session, mark_.version + 1};
    *this = session_state();
    mark_ = next;
}

/// To be changed into a state that the session itself is not in.
session_state session_state::unmarked() const {
    session_state state = *this;
    state.mark_ = {};
    return state;
}

session_state session_state::as_of(const meaning& prepared_under) const {
    session_state state = with_meaning(prepared_under.variables, prepared_under.flavor);
    state.schema_ = prepared_under.schema;
    return state;
}

session_state session_state::with_meaning(
    const meaning_variables& variables, protocol::mysql::server_flavor flavor
) const {
    session_state state = unmarked();
    const auto names = variables_of_meaning(flavor);
    std::erase_if(state.variables_, [&](const session_variable& one) {
        return std::ranges::find(names, one.name) != names.end();
    });
    state.variables_.insert(state.variables_.end(), variables.begin(), variables.end());
    return state;
}

namespace {

bool is_of_parameters(const session_variable& one) {
    return is_one_of(variables_of_parameters, one.name);
}

}  // namespace

std::vector<session_variable> session_state::parameter_character_sets() const {
    std::vector<session_variable> sets;
    std::ranges::copy_if(variables_, std::back_inserter(sets), is_of_parameters);
    return sets;
}

bool session_state::reads_parameters_by(const std::vector<session_variable>& sets) const {
    const auto is_among = [&](const session_variable& one) {
        return std::ranges::find(sets, one) != sets.end();
    };
    const auto differs = [&](const session_variable& one) {
        return is_of_parameters(one) && !is_among(one);
    };
    const auto count = std::ranges::count_if(variables_, is_of_parameters);
    return static_cast<std::size_t>(count) == sets.size() &&
           std::ranges::none_of(variables_, differs);
}

session_state session_state::with_parameters_read_by(const std::vector<session_variable>& sets
) const {
    session_state state = unmarked();
    std::erase_if(state.variables_, is_of_parameters);
    state.variables_.insert(state.variables_.end(), sets.begin(), sets.end());
    return state;
}

session_state session_state::without_rows() const {
    constexpr std::string_view limit = "sql_select_limit";
    session_state state = unmarked();
    std::erase_if(state.variables_, [&](const session_variable& one) { return one.name == limit; });
    state.variables_.push_back({std::string(limit), "0"});
    return state;
}

void session_state::note_tracking(std::string_view name, std::string_view value) {
    if (asked_.is_handed_over) return;
    const bool is_on = value == "ON" || value == "1";
    if (name == "session_track_system_variables") asked_.variables = true;
    if (name == "session_track_state_change") asked_.state_changes = is_on;
    if (name == "session_track_gtids") asked_.gtids = value != "OFF";
    if (name == "session_track_schema") asked_.schemas = is_on;
    if (name == "session_track_transaction_info") asked_.transactions = value != "OFF";
}

void session_state::derive(derived& into, std::string_view name, std::string_view value) {
    if (name == "sql_mode") {
        into.ansi_quotes = has_mode(value, "ANSI_QUOTES");
        into.no_backslash_escapes = has_mode(value, "NO_BACKSLASH_ESCAPES");
        into.ignore_space = has_mode(value, "IGNORE_SPACE");
    } else if (name == "character_set_client") {
        into.charset = multibyte_of(value);
    } else if (name == "transaction_isolation" || name == "tx_isolation") {
        into.serializable = value == "SERIALIZABLE";
        into.reads_committed = value == "READ-COMMITTED" || value == "READ-UNCOMMITTED";
    } else if (name == "sql_auto_is_null") {
        into.auto_is_null = value == "ON" || value == "1";
    } else if (name == "transaction_read_only" || name == "tx_read_only") {
        into.transactions_read_only = value == "ON" || value == "1";
    }
}

}  // namespace weir::splitter
