#include "config/loader/units.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace weir::config {
namespace {

using std::chrono::milliseconds;

struct value_row {
    const char* text;
    std::uint64_t value;
};

struct problem_row {
    const char* text;
    const char* problem;
};

TEST(parse_duration, reads_a_whole_number_with_a_unit) {
    const std::vector<value_row> rows{
        {"0", 0},
        {"0ms", 0},
        {"1ms", 1},
        {"250ms", 250},
        {"2s", 2'000},
        {"5m", 300'000},
        {"1h", 3'600'000},
        {"0010s", 10'000},
        {"9223372036854775807ms", 9'223'372'036'854'775'807ULL},
        {"2562047788015h", 9'223'372'036'854'000'000ULL},
    };
    for (const value_row& row : rows) {
        SCOPED_TRACE(row.text);
        const auto time = parse_duration(row.text);
        EXPECT_EQ(time.problem, "");
        EXPECT_EQ(time.value, milliseconds{row.value});
    }
}

TEST(parse_duration, says_what_is_wrong) {
    const std::vector<problem_row> rows{
        {"", "is not a time"},
        {"soon", "is not a time"},
        {"ms", "is not a time"},
        {"-5s", "is not a time"},
        {"+5s", "is not a time"},
        {"1.5s", "is not a time"},
        {"2 s", "is not a time"},
        {"2S", "is not a time"},
        {"2sec", "is not a time"},
        {"1h30m", "is not a time"},
        {" 2s", "is not a time"},
        {"200", "has no unit"},
        {"1", "has no unit"},
        {"9223372036854775808ms", "is too large"},
        {"2562047788016h", "is too large"},
        {"99999999999999999999s", "is too large"},
    };
    for (const problem_row& row : rows) {
        SCOPED_TRACE(row.text);
        EXPECT_EQ(parse_duration(row.text).problem, row.problem);
    }
}

TEST(parse_size, reads_a_whole_number_with_a_unit) {
    const std::vector<value_row> rows{
        {"0", 0},
        {"1B", 1},
        {"512B", 512},
        {"64KiB", 65'536},
        {"64MiB", 67'108'864},
        {"1GiB", 1'073'741'824},
        {"18446744073709551615B", 18'446'744'073'709'551'615ULL},
        {"17179869183GiB", 18'446'744'072'635'809'792ULL},
    };
    for (const value_row& row : rows) {
        SCOPED_TRACE(row.text);
        const auto size = parse_size(row.text);
        EXPECT_EQ(size.problem, "");
        EXPECT_EQ(size.value, row.value);
    }
}

TEST(parse_size, says_what_is_wrong) {
    const std::vector<problem_row> rows{
        {"", "is not a size"},
        {"big", "is not a size"},
        {"-1B", "is not a size"},
        {"1.5MiB", "is not a size"},
        {"64kib", "is not a size"},
        {"1TiB", "is not a size"},
        {"65536", "has no unit"},
        {"10MB", "may count in 1000 or in 1024"},
        {"10M", "may count in 1000 or in 1024"},
        {"10kB", "may count in 1000 or in 1024"},
        {"1G", "may count in 1000 or in 1024"},
        {"17179869184GiB", "is too large"},
        {"18446744073709551616B", "is too large"},
    };
    for (const problem_row& row : rows) {
        SCOPED_TRACE(row.text);
        EXPECT_EQ(parse_size(row.text).problem, row.problem);
    }
}

TEST(parse_duration, does_not_know_the_units_of_sizes) {
    EXPECT_EQ(parse_duration("10MB").problem, "is not a time");
    EXPECT_EQ(parse_size("10ms").problem, "is not a size");
}

TEST(parse_number, takes_digits_only) {
    EXPECT_EQ(parse_number("0").value, 0U);
    EXPECT_EQ(parse_number("18446744073709551615").value, 18'446'744'073'709'551'615ULL);
    for (const char* const text : {"", "x", "-1", "+1", " 1", "1 ", "0x10", "1.0", "1e3"}) {
        SCOPED_TRACE(text);
        EXPECT_EQ(parse_number(text).problem, "is not a whole number");
    }
    EXPECT_EQ(parse_number("18446744073709551616").problem, "is too large");
}

TEST(format_duration, takes_the_largest_unit_that_divides) {
    EXPECT_EQ(format_duration(milliseconds{0}), "0");
    EXPECT_EQ(format_duration(milliseconds{999}), "999ms");
    EXPECT_EQ(format_duration(milliseconds{1'000}), "1s");
    EXPECT_EQ(format_duration(milliseconds{90'000}), "90s");
    EXPECT_EQ(format_duration(milliseconds{300'000}), "5m");
    EXPECT_EQ(format_duration(milliseconds{28'800'000}), "8h");
}

TEST(format_size, takes_the_largest_unit_that_divides) {
    EXPECT_EQ(format_size(0), "0");
    EXPECT_EQ(format_size(1'023), "1023B");
    EXPECT_EQ(format_size(1'024), "1KiB");
    EXPECT_EQ(format_size(64ULL << 20U), "64MiB");
    EXPECT_EQ(format_size(1ULL << 30U), "1GiB");
}

}  // namespace
}  // namespace weir::config
