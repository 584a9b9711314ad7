#include "src/runtime/metrics_text.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>

namespace weir::runtime {
namespace {

using testing::HasSubstr;

TEST(metrics_text, writes_a_family_and_its_samples) {
    metrics_text page;
    page.counter_family("weir_queries_total", "Queries answered.");
    page.sample(std::uint64_t{3}, {{"server", "db1"}, {"role", "primary"}});
    page.sample(std::uint64_t{4}, {{"server", "db2"}, {"role", "replica"}});
    page.gauge_family("weir_lag_seconds", "Lag.");
    page.sample(0.25);
    page.sample(std::int64_t{-1}, {{"server", "db1"}});
    EXPECT_EQ(
        page.text(),
        "# HELP weir_queries_total Queries answered.\n"
        "# TYPE weir_queries_total counter\n"
        "weir_queries_total{server=\"db1\",role=\"primary\"} 3\n"
        "weir_queries_total{server=\"db2\",role=\"replica\"} 4\n"
        "# HELP weir_lag_seconds Lag.\n"
        "# TYPE weir_lag_seconds gauge\n"
        "weir_lag_seconds 0.25\n"
        "weir_lag_seconds{server=\"db1\"} -1\n"
    );
}

TEST(metrics_text, escapes_help_and_labels) {
    metrics_text page;
    page.gauge_family("g", "a\\b\n\"c\"");
    page.sample(std::uint64_t{1}, {{"l", "a\\b\n\"c\""}});
    EXPECT_EQ(
        page.text(), "# HELP g a\\\\b\\n\"c\"\n# TYPE g gauge\ng{l=\"a\\\\b\\n\\\"c\\\"\"} 1\n"
    );
}

TEST(metrics_text, writes_cumulative_buckets_in_seconds) {
    using std::chrono::microseconds;
    histogram latency;
    latency.record(microseconds(40));
    latency.record(microseconds(900));
    latency.record(microseconds(2'000'000));
    metrics_text page;
    page.histogram_family("weir_latency_seconds", "Latency.");
    page.sample(latency.snapshot(), {{"role", "primary"}});
    EXPECT_THAT(
        page.text(), HasSubstr("weir_latency_seconds_bucket{role=\"primary\",le=\"0.00005\"} 1\n")
    );
    EXPECT_THAT(
        page.text(), HasSubstr("weir_latency_seconds_bucket{role=\"primary\",le=\"0.0005\"} 1\n")
    );
    EXPECT_THAT(
        page.text(), HasSubstr("weir_latency_seconds_bucket{role=\"primary\",le=\"0.0025\"} 2\n")
    );
    EXPECT_THAT(
        page.text(), HasSubstr("weir_latency_seconds_bucket{role=\"primary\",le=\"2.5\"} 3\n")
    );
    EXPECT_THAT(
        page.text(), HasSubstr("weir_latency_seconds_bucket{role=\"primary\",le=\"+Inf\"} 3\n")
    );
    EXPECT_THAT(page.text(), HasSubstr("weir_latency_seconds_sum{role=\"primary\"} 2.00094\n"));
    EXPECT_THAT(page.text(), HasSubstr("weir_latency_seconds_count{role=\"primary\"} 3\n"));
}

}  // namespace
}  // namespace weir::runtime
