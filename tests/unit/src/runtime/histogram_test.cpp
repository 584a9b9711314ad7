#include "src/runtime/histogram.hpp"

#include "src/runtime/counter.hpp"

#include <gtest/gtest.h>

#include <chrono>

namespace weir::runtime {
namespace {

using std::chrono::microseconds;

TEST(histogram_buckets, cover_all_values_without_a_gap) {
    for (std::size_t i = 0; i + 1 < histogram_buckets::count; ++i) {
        const auto last = histogram_buckets::upper_bound(i);
        EXPECT_EQ(histogram_buckets::index_of(last), i);
        EXPECT_EQ(histogram_buckets::index_of(last + 1), i + 1);
    }
    EXPECT_EQ(
        histogram_buckets::index_of(std::numeric_limits<std::uint64_t>::max()),
        histogram_buckets::count - 1
    );
}

TEST(histogram_buckets, are_at_most_a_quarter_of_their_value_wide) {
    for (std::size_t i = histogram_buckets::parts_per_octave; i + 1 < histogram_buckets::count;
         ++i) {
        const auto first = histogram_buckets::upper_bound(i - 1) + 1;
        const auto width = histogram_buckets::upper_bound(i) - first + 1;
        EXPECT_LE(width * 4, first) << "bucket " << i;
    }
}

struct bucket_row {
    const char* name;
    std::uint64_t value;
    std::size_t index;
    std::uint64_t upper_bound;
};

class histogram_bucket : public testing::TestWithParam<bucket_row> {};

TEST_P(histogram_bucket, holds_the_value) {
    const auto& row = GetParam();
    EXPECT_EQ(histogram_buckets::index_of(row.value), row.index);
    EXPECT_EQ(histogram_buckets::upper_bound(row.index), row.upper_bound);
}

INSTANTIATE_TEST_SUITE_P(
    values,
    histogram_bucket,
    testing::Values(
        bucket_row{"zero", 0, 0, 0},
        bucket_row{"three", 3, 3, 3},
        bucket_row{"four", 4, 4, 4},
        bucket_row{"seven", 7, 7, 7},
        bucket_row{"eight_and_nine_share", 9, 8, 9},
        bucket_row{"a_hundred", 100, 22, 111},
        bucket_row{"a_second", 1'000'000, 75, 1'048'575}
    ),
    [](const auto& row) { return row.param.name; }
);

TEST(histogram, gives_percentiles_as_upper_bounds) {
    histogram values;
    for (int i = 0; i < 98; ++i)
        values.record(microseconds(3));
    values.record(microseconds(100));
    values.record(microseconds(1'000'000));
    const auto seen = values.snapshot();
    EXPECT_EQ(seen.total(), 100U);
    EXPECT_EQ(seen.sum_us, 98U * 3 + 100 + 1'000'000);
    EXPECT_EQ(seen.percentile(500), 3U);
    EXPECT_EQ(seen.percentile(980), 3U);
    EXPECT_EQ(seen.percentile(990), 111U);
    EXPECT_EQ(seen.percentile(1000), 1'048'575U);
}

TEST(histogram, has_percentile_zero_when_empty) {
    EXPECT_EQ(histogram_snapshot().percentile(999), 0U);
}

TEST(histogram, takes_a_negative_duration_as_zero) {
    histogram values;
    values.record(microseconds(-5));
    EXPECT_EQ(values.snapshot().counts[0], 1U);
    EXPECT_EQ(values.snapshot().sum_us, 0U);
}

TEST(histogram_snapshot, merges_bucket_by_bucket) {
    histogram first;
    histogram second;
    histogram both;
    for (const int value : {1, 50, 7'000}) {
        first.record(microseconds(value));
        both.record(microseconds(value));
    }
    for (const int value : {2, 50}) {
        second.record(microseconds(value));
        both.record(microseconds(value));
    }
    auto merged = first.snapshot();
    merged.merge(second.snapshot());
    EXPECT_EQ(merged, both.snapshot());
}

TEST(histogram_snapshot, counts_buckets_that_lie_wholly_below) {
    histogram values;
    values.record(microseconds(9));
    values.record(microseconds(10));
    EXPECT_EQ(values.snapshot().count_up_to(8), 0U);
    EXPECT_EQ(values.snapshot().count_up_to(9), 1U);
    EXPECT_EQ(values.snapshot().count_up_to(11), 2U);
}

TEST(counter, sums_what_is_added) {
    counter queries;
    queries.add();
    queries.add(41);
    EXPECT_EQ(queries.value(), 42U);
}

TEST(gauge, goes_up_and_down) {
    gauge sessions;
    sessions.add(3);
    sessions.add(-1);
    EXPECT_EQ(sessions.value(), 2);
    sessions.set(-7);
    EXPECT_EQ(sessions.value(), -7);
}

}  // namespace
}  // namespace weir::runtime
