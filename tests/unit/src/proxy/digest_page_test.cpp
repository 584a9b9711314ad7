#include "src/proxy/digest_page.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

namespace weir::proxy {
namespace {

using std::chrono::microseconds;
using std::chrono::seconds;
using testing::HasSubstr;

using format = digest_request::format;

TEST(digest_request, is_read_from_a_query) {
    struct row {
        std::string_view query;
        std::optional<digest_request> expected;
    };

    for (const row& each : {
             row{"", digest_request{}},
             row{"format=text", digest_request{format::text, 100, digest_order::time}},
             row{"format=json&top=5&order=errors",
                 digest_request{format::json, 5, digest_order::errors}},
             row{"top=0", digest_request{format::json, 0, digest_order::time}},
             row{"top=1000000&", digest_request{format::json, 1'000'000, digest_order::time}},
             row{"top=1000001", {}},
             row{"top=-1", {}},
             row{"top=5x", {}},
             row{"top=", {}},
             row{"top", {}},
             row{"order=name", {}},
             row{"format=xml", {}},
             row{"limit=5", {}},
             row{"&", {}},
         }) {
        EXPECT_EQ(parse_digest_request(each.query), each.expected) << each.query;
    }
}

const clock_pair now{
    std::chrono::steady_clock::time_point(seconds(1'000)),
    std::chrono::system_clock::time_point(seconds(1'700'000'000))};

digest_report example() {
    digest_row row{
        .digest = 0xAB,
        .text = "SELECT `\"\xFF\n` FROM t",
        .schema = "shop",
        .user = "app",
        .pin_cause = "user variable",
        .first_seen = std::chrono::steady_clock::time_point(seconds(400)),
        .last_seen = std::chrono::steady_clock::time_point(seconds(1'000)),
        .numbers = {}};
    digest_counters counters;
    counters.record({.who = answered_by::replica, .rows = 2, .bytes = 9, .took = microseconds(3)});
    counters.record({.who = answered_by::pinned, .failed = true, .took = microseconds(5)});
    row.numbers = counters.numbers();
    digest_report report;
    report.rows.push_back(row);
    report.row_count = 7;
    report.evictions = 3;
    report.others.merge(row.numbers);
    return report;
}

TEST(digest_page, is_an_object_of_json) {
    const auto page = nlohmann::json::parse(digests_as_json(example(), now));
    const auto numbers = R"({
        "count": 2, "errors": 1, "rows": 2, "bytes": 9, "time_us": 8, "p50_us": 3, "p95_us": 5,
        "p99_us": 5, "answered_by": {"replica": 1, "primary": 0, "pinned": 1, "proxy": 0}
    })"_json;
    auto row = R"({
        "digest": "00000000000000ab", "schema": "shop", "user": "app",
        "pinned_by": "user variable", "first_seen": "2023-11-14T22:03:20Z",
        "last_seen": "2023-11-14T22:13:20Z"
    })"_json;
    row["text"] = "SELECT `\"\xEF\xBF\xBD\n` FROM t";  // a byte that is no character is replaced
    row.update(numbers);
    const nlohmann::json expected{
        {"digests", {row}}, {"digest_count", 7}, {"evictions", 3}, {"others", numbers}};
    EXPECT_EQ(page, expected);
}

TEST(digest_page, is_a_table_for_people) {
    EXPECT_EQ(
        digests_as_text(example()),
        "      time s      count   errors         rows          bytes     p50 ms     p95 ms  "
        "replica %  digest           user@schema pinned by: text\n"
        "       0.000          2        1            2              9      0.003      0.005      "
        "50.0  00000000000000ab app@shop user variable: SELECT `\"\xFF ` FROM t\n"
        "       0.000          2        1            2              9      0.003      0.005      "
        "50.0  all others\n"
    );
}

TEST(digest_page, is_valid_without_statements) {
    const auto page = nlohmann::json::parse(digests_as_json({}, now));
    EXPECT_EQ(page["digests"], nlohmann::json::array());
    EXPECT_EQ(page["others"]["count"], 0);
}

}  // namespace
}  // namespace weir::proxy
