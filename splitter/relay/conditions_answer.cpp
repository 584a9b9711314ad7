#include "splitter/relay/conditions_answer.hpp"

#include <algorithm>

namespace weir::splitter {
namespace {

constexpr std::uint32_t length_of_level = 7;
constexpr std::uint32_t length_of_code_in_mariadb = 4;
constexpr std::uint32_t length_of_code_in_mysql = 5;
constexpr std::uint32_t length_of_message = 512;
constexpr std::uint32_t length_of_count = 21;

bool is_error(const condition& one) {
    return one.level == "Error";
}

}  // namespace

std::int64_t count_errors(const last_statement& last) {
    if (last.conditions == nullptr) return last.errors;
    // Those beyond `max_error_count` are in no list.
    const std::int64_t counted = last.errors;
    return std::max(counted, std::int64_t{std::ranges::count_if(*last.conditions, is_error)});
}

local_result answer_to(
    const show_conditions& show, const last_statement& last, protocol::mysql::server_flavor flavor
) {
    using type = local_result::column_type;
    local_result result;
    if (show.counts) {
        const std::string_view name = show.only_errors ? "error_count" : "warning_count";
        result.columns = {{"@@session." + std::string(name), type::wide_integer, length_of_count}};
        const std::int64_t count = show.only_errors ? count_errors(last) : last.warnings;
        result.rows = {{count}};
        return result;
    }
    const bool is_mariadb = flavor == protocol::mysql::server_flavor::mariadb;
    const auto length_of_code = is_mariadb ? length_of_code_in_mariadb : length_of_code_in_mysql;
    result.columns = {
        {"Level", type::text, length_of_level},
        {"Code", type::integer, length_of_code},
        {"Message", type::text, length_of_message}};
    if (last.conditions == nullptr) return result;
    std::uint64_t passed = 0;
    for (const auto& one : *last.conditions) {
        if (show.only_errors && !is_error(one)) continue;
        if (passed++ < show.offset || result.rows.size() >= show.limit) continue;
        result.rows.push_back({one.level, std::int64_t{one.code}, one.message});
    }
    return result;
}

}  // namespace weir::splitter
