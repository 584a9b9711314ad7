#include "src/proxy/digest_report.hpp"

#include "splitter/sql/digest.hpp"

#include "tests/unit/src/proxy/moments.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <string>
#include <vector>

namespace weir::proxy {
namespace {

using std::chrono::microseconds;
using testing::ElementsAre;

void run(digest_table& table, std::string_view sql, int second, const digest_facts& facts) {
    const digest_subject subject{.digest = splitter::digest_of(sql, {}), .sql = sql};
    table.on_statement(table.find_or_add(subject, at(second)), facts, at(second));
}

class report : public testing::Test {
protected:
    [[nodiscard]] digest_report make(digest_order order, std::size_t rows_max = 100) const {
        const std::array<const digest_table*, 2> workers{&first_, &second_};
        return report_digests(workers, order, rows_max);
    }

    [[nodiscard]] std::vector<std::string> texts(digest_order order, std::size_t rows_max = 100)
        const {
        std::vector<std::string> all;
        for (const digest_row& row : make(order, rows_max).rows)
            all.push_back(row.text);
        return all;
    }

    digest_table first_{{.entries = 10, .text_bytes = 100}};
    digest_table second_{{.entries = 10, .text_bytes = 100}};
};

TEST_F(report, sums_what_workers_have_counted) {
    run(first_, "SELECT 1", 10, {.who = answered_by::replica, .rows = 1, .took = microseconds(3)});
    run(second_, "SELECT 2", 5, {.who = answered_by::replica, .rows = 4, .took = microseconds(5)});
    run(second_, "SELECT 2", 20, {.failed = true, .pin_cause = "named lock"});
    const digest_report sum = make(digest_order::time);
    ASSERT_EQ(sum.rows.size(), 1U);
    EXPECT_EQ(sum.row_count, 1U);
    const digest_row& row = sum.rows[0];
    EXPECT_EQ(row.first_seen, at(5));
    EXPECT_EQ(row.last_seen, at(20));
    EXPECT_EQ(row.pin_cause, "named lock");
    EXPECT_THAT(row.numbers.answered, ElementsAre(2, 1, 0, 0));
    EXPECT_EQ(row.numbers.rows, 5U);
    EXPECT_EQ(row.numbers.errors, 1U);
    EXPECT_EQ(row.numbers.latency.sum_us, 8U);
}

TEST_F(report, takes_the_pin_that_was_seen_last) {
    run(first_, "SELECT 1", 10, {.pin_cause = "named lock"});
    run(second_, "SELECT 1", 20, {.pin_cause = "user variable"});
    EXPECT_EQ(make(digest_order::time).rows.at(0).pin_cause, "user variable");
    run(first_, "SELECT 1", 30, {.pin_cause = "named lock"});
    EXPECT_EQ(make(digest_order::time).rows.at(0).pin_cause, "named lock");
}

TEST_F(report, puts_first_those_with_most_of_what_is_asked_for) {
    run(first_, "a", 1, {.rows = 1, .bytes = 20, .took = microseconds(300)});
    run(first_, "b", 1, {.failed = true, .rows = 3, .bytes = 10, .took = microseconds(200)});
    run(first_, "c", 1, {.rows = 2, .bytes = 30, .took = microseconds(50)});
    run(first_, "c", 1, {.took = microseconds(50)});
    EXPECT_THAT(texts(digest_order::time), ElementsAre("a", "b", "c"));
    EXPECT_THAT(texts(digest_order::count), ElementsAre("c", "a", "b"));
    EXPECT_THAT(texts(digest_order::errors), ElementsAre("b", "a", "c"));
    EXPECT_THAT(texts(digest_order::rows), ElementsAre("b", "c", "a"));
    EXPECT_THAT(texts(digest_order::bytes), ElementsAre("c", "a", "b"));
    EXPECT_THAT(texts(digest_order::time, 2), ElementsAre("a", "b"));
    EXPECT_EQ(make(digest_order::time, 2).row_count, 3U);
}

TEST_F(report, adds_up_what_has_no_entry) {
    for (int i = 0; i < 12; ++i) {
        run(first_, "a" + std::to_string(i), i, {.rows = 1});
        run(second_, "b" + std::to_string(i), i, {.rows = 100});
    }
    const digest_report sum = make(digest_order::time);
    EXPECT_EQ(sum.evictions, 4U);
    EXPECT_EQ(sum.others.rows, 202U);
    EXPECT_EQ(sum.row_count, 20U);
}

}  // namespace
}  // namespace weir::proxy
