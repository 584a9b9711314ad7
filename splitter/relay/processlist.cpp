#include "splitter/relay/processlist.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>

namespace weir::splitter {
namespace {

using protocol::mysql::server_flavor;
using value = local_result::value;

/// Where the columns that are looked at stand in a row.
struct column_at {
    static constexpr std::size_t id = 0;
    static constexpr std::size_t user = 1;
    static constexpr std::size_t host = 2;
    static constexpr std::size_t info = 7;
};

/// Names that stand for the server's own threads: to see those proves nothing.
constexpr std::array<std::string_view, 3> threads_of_servers{
    "system user", "event_scheduler", "unauthenticated user"};

/// SHOW PROCESSLIST without FULL, as servers cut it.
constexpr std::size_t text_length = 100;

std::optional<std::int64_t> number_of(const std::optional<std::string>& text) {
    if (!text) return std::nullopt;
    std::int64_t number = 0;
    const char* const end = text->data() + text->size();
    const auto [stop, code] = std::from_chars(text->data(), end, number);
    return code == std::errc{} && stop == end ? std::optional(number) : std::nullopt;
}

value value_of(const std::optional<std::string>& text, local_result::column_type type) {
    if (!text) return {};
    if (type == local_result::column_type::text) return *text;
    const auto number = number_of(text);
    return number ? value(*number) : value();
}

bool shows_other_users(std::span<const small_result::row> listed, std::string_view asking) {
    return std::ranges::any_of(listed, [&](const small_result::row& row) {
        if (row.size() <= column_at::user || !row[column_at::user]) return false;
        const std::string& user = *row[column_at::user];
        return user != asking &&
               std::ranges::find(threads_of_servers, user) == threads_of_servers.end();
    });
}

std::vector<value> row_of(const listed_session& session, const processlist_request& request) {
    const bool runs = !session.text.empty();
    const std::string_view text = session.text;
    std::vector<value> row{
        std::int64_t{session.id},
        session.user,
        session.host,
        session.schema.empty() ? value() : value(session.schema),
        std::string(runs ? "Query" : "Sleep"),
        std::int64_t{session.time.count()},
        session.elsewhere.empty() ? std::string() : "on " + session.elsewhere,
        runs ? value(std::string(request.full ? text : text.substr(0, text_length))) : value()};
    if (request.flavor == server_flavor::mariadb) row.emplace_back(std::string("0.000"));
    return row;
}

/// As the server tells it.
std::vector<value> row_of(
    const small_result::row& row,
    std::span<const local_result::column> columns,
    const processlist_request& request
) {
    std::vector<value> values;
    for (std::size_t i = 0; i < columns.size(); ++i)
        values.push_back(i < row.size() ? value_of(row[i], columns[i].type) : value());
    auto* const text = std::get_if<std::string>(&values[column_at::info]);
    if (text != nullptr && !request.full && text->size() > text_length) text->resize(text_length);
    return values;
}

}  // namespace

local_result processlist_columns(server_flavor flavor) {
    using type = local_result::column_type;
    constexpr std::uint32_t name_length = 256;
    constexpr std::uint32_t number_length = 21;
    constexpr std::uint32_t info_length = 65'535;
    local_result result;
    result.columns = {
        {"Id", type::wide_integer, number_length},
        {"User", type::text, name_length},
        {"Host", type::text, name_length},
        {"db", type::text, name_length, true},
        {"Command", type::text, name_length},
        {"Time", type::wide_integer, number_length, true},
        {"State", type::text, name_length, true},
        {"Info", type::text, info_length, true}};
    if (flavor == server_flavor::mariadb)
        result.columns.push_back({"Progress", type::text, number_length});
    return result;
}

local_result with_sessions(
    std::span<const small_result::row> listed,
    std::span<const listed_session> sessions,
    const processlist_request& request
) {
    local_result result = processlist_columns(request.flavor);
    std::unordered_map<std::int64_t, const listed_session*> by_thread;
    for (const listed_session& one : sessions) {
        if (one.thread_id != 0) by_thread.emplace(one.thread_id, &one);
    }
    std::set<std::uint32_t> shown;
    for (const small_result::row& row : listed) {
        std::vector<value> values = row_of(row, result.columns, request);
        const auto number = row.empty() ? std::nullopt : number_of(row[column_at::id]);
        const auto found = number ? by_thread.find(*number) : by_thread.end();
        if (found != by_thread.end()) {
            values[column_at::id] = std::int64_t{found->second->id};
            values[column_at::host] = found->second->host;
            shown.insert(found->second->id);
        }
        result.rows.push_back(std::move(values));
    }
    const bool shows_all = shows_other_users(listed, request.user);
    for (const listed_session& one : sessions) {
        const bool may_be_seen = shows_all || one.user == request.user;
        if (may_be_seen && !shown.contains(one.id)) result.rows.push_back(row_of(one, request));
    }
    return result;
}

}  // namespace weir::splitter
