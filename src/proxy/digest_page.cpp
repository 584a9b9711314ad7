#include "src/proxy/digest_page.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>
#include <ctime>
#include <nlohmann/json.hpp>
#include <utility>

namespace weir::proxy {
namespace {

using json = nlohmann::ordered_json;

constexpr std::uint32_t median = 500;  // in permille
constexpr std::uint32_t slow = 950;
constexpr std::uint32_t slowest = 990;

bool read_number(std::string_view text, std::size_t& number) {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    return error == std::errc() && end == text.data() + text.size();
}

bool read_order(std::string_view text, digest_order& order) {
    for (std::size_t i = 0; i < digest_order_names.size(); ++i) {
        if (text != digest_order_names[i]) continue;
        order = static_cast<digest_order>(i);
        return true;
    }
    return false;
}

bool read_format(std::string_view text, digest_request::format& how) {
    if (text != "json" && text != "text") return false;
    how = text == "json" ? digest_request::format::json : digest_request::format::text;
    return true;
}

bool read_parameter(std::string_view parameter, digest_request& request) {
    const std::size_t equals = parameter.find('=');
    if (equals == std::string_view::npos) return false;
    const std::string_view name = parameter.substr(0, equals);
    const std::string_view value = parameter.substr(equals + 1);
    if (name == "format") return read_format(value, request.how);
    if (name == "order") return read_order(value, request.order);
    return name == "top" && read_number(value, request.top) &&
           request.top <= digest_request::top_max;
}

std::string in_hexadecimal(std::uint64_t digest) {
    std::array<char, 17> text{};
    std::snprintf(text.data(), text.size(), "%016llx", static_cast<unsigned long long>(digest));
    return text.data();
}

/// 2026-01-31T23:59:59Z
std::string in_utc(std::chrono::steady_clock::time_point when, const clock_pair& now) {
    const auto age =
        std::chrono::duration_cast<std::chrono::system_clock::duration>(now.steady - when);
    const std::time_t seconds = std::chrono::system_clock::to_time_t(now.system - age);
    std::tm parts{};
    if (gmtime_r(&seconds, &parts) == nullptr) return {};
    std::array<char, 32> text{};
    const std::size_t length = std::strftime(text.data(), text.size(), "%FT%TZ", &parts);
    return {text.data(), length};
}

void append_numbers(json& object, const digest_numbers& numbers) {
    object["count"] = numbers.count();
    object["errors"] = numbers.errors;
    object["rows"] = numbers.rows;
    object["bytes"] = numbers.bytes;
    object["time_us"] = numbers.latency.sum_us;
    object["p50_us"] = numbers.latency.percentile(median);
    object["p95_us"] = numbers.latency.percentile(slow);
    object["p99_us"] = numbers.latency.percentile(slowest);
    json& answered = object["answered_by"];
    for (std::size_t i = 0; i < answered_by_names.size(); ++i)
        answered[answered_by_names[i]] = numbers.answered[i];
}

json row_object(const digest_row& row, const clock_pair& now) {
    json object;
    object["digest"] = in_hexadecimal(row.digest);
    object["schema"] = row.schema;
    object["user"] = row.user;
    append_numbers(object, row.numbers);
    object["pinned_by"] = row.pin_cause;
    object["first_seen"] = in_utc(row.first_seen, now);
    object["last_seen"] = in_utc(row.last_seen, now);
    object["text"] = row.text;
    return object;
}

/// Control characters, which names may contain, would break the table.
std::string on_one_line(std::string text) {
    for (char& c : text) {
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) c = ' ';
    }
    return text;
}

double milliseconds(std::uint64_t microseconds) {
    return static_cast<double>(microseconds) / 1'000;
}

void append_line(std::string& page, const digest_numbers& numbers, const std::string& subject) {
    const std::uint64_t count = numbers.count();
    const auto replicas = numbers.answered[static_cast<std::size_t>(answered_by::replica)];
    const double share =
        count == 0 ? 0 : 100 * static_cast<double>(replicas) / static_cast<double>(count);
    std::array<char, 256> text{};
    std::snprintf(
        text.data(),
        text.size(),
        "%12.3f %10llu %8llu %12llu %14llu %10.3f %10.3f %9.1f  ",
        milliseconds(numbers.latency.sum_us) / 1'000,
        static_cast<unsigned long long>(count),
        static_cast<unsigned long long>(numbers.errors),
        static_cast<unsigned long long>(numbers.rows),
        static_cast<unsigned long long>(numbers.bytes),
        milliseconds(numbers.latency.percentile(median)),
        milliseconds(numbers.latency.percentile(slow)),
        share
    );
    page.append(text.data()).append(subject).append("\n");
}

}  // namespace

std::optional<digest_request> parse_digest_request(std::string_view query) {
    digest_request request;
    while (!query.empty()) {
        const std::size_t end = std::min(query.find('&'), query.size());
        if (!read_parameter(query.substr(0, end), request)) return std::nullopt;
        query.remove_prefix(std::min(end + 1, query.size()));
    }
    return request;
}

std::string digests_as_json(const digest_report& report, const clock_pair& now) {
    json page;
    json& rows = page["digests"] = json::array();
    for (const digest_row& row : report.rows)
        rows.push_back(row_object(row, now));
    page["digest_count"] = report.row_count;
    page["evictions"] = report.evictions;
    append_numbers(page["others"], report.others);
    // Names may be in any character set.
    return page.dump(1, ' ', false, json::error_handler_t::replace) + "\n";
}

std::string digests_as_text(const digest_report& report) {
    std::string page =
        "      time s      count   errors         rows          bytes     p50 ms     p95 ms  "
        "replica %  digest           user@schema pinned by: text\n";
    for (const digest_row& row : report.rows) {
        std::string subject = in_hexadecimal(row.digest) + " " + row.user + "@" + row.schema;
        if (!row.pin_cause.empty()) subject.append(" ").append(row.pin_cause);
        append_line(page, row.numbers, on_one_line(subject + ": " + row.text));
    }
    if (report.others.count() != 0) append_line(page, report.others, "all others");
    return page;
}

}  // namespace weir::proxy
