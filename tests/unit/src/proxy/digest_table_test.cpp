#include "src/proxy/digest_table.hpp"

#include "splitter/sql/digest.hpp"

#include "tests/unit/src/proxy/moments.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <string>
#include <thread>

namespace weir::proxy {
namespace {

using std::chrono::microseconds;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;
using time_point = digest_table::time_point;

constexpr digest_table::limits roomy{.entries = 100, .text_bytes = 1'000};

digest_subject subject_of(
    std::string_view sql, std::string_view schema = "shop", std::string_view user = "app"
) {
    const splitter::lexer_options reading;
    return {
        .digest = splitter::digest_of(sql, reading),
        .schema = schema,
        .user = user,
        .sql = sql,
        .reading = reading};
}

void run(
    digest_table& table, const digest_subject& subject, time_point when, digest_facts facts = {}
) {
    table.on_statement(table.find_or_add(subject, when), facts, when);
}

std::vector<std::string> texts_of(const digest_table& table) {
    std::vector<std::string> texts;
    for (const digest_row& row : table.rows())
        texts.push_back(row.text);
    return texts;
}

TEST(digest_table, sums_statements_of_one_form) {
    digest_table table(roomy);
    const digest_facts read{
        .who = answered_by::replica, .rows = 2, .bytes = 100, .took = microseconds(30)};
    const digest_facts failed{
        .who = answered_by::primary, .failed = true, .bytes = 20, .took = microseconds(50)};
    run(table, subject_of("SELECT a FROM t WHERE b = 1"), at(1), read);
    run(table, subject_of("SELECT a FROM t WHERE b='x'"), at(2), failed);
    const auto rows = table.rows();
    ASSERT_EQ(rows.size(), 1U);
    EXPECT_EQ(rows[0].text, "SELECT a FROM t WHERE b = ?");
    EXPECT_EQ(rows[0].digest, splitter::digest_of("SELECT a FROM t WHERE b = ?", {}));
    EXPECT_EQ(rows[0].schema, "shop");
    EXPECT_EQ(rows[0].user, "app");
    EXPECT_EQ(rows[0].first_seen, at(1));
    EXPECT_EQ(rows[0].last_seen, at(2));
    const digest_numbers& numbers = rows[0].numbers;
    EXPECT_THAT(numbers.answered, ElementsAre(1, 1, 0, 0));
    EXPECT_EQ(numbers.count(), 2U);
    EXPECT_EQ(numbers.errors, 1U);
    EXPECT_EQ(numbers.rows, 2U);
    EXPECT_EQ(numbers.bytes, 120U);
    EXPECT_EQ(numbers.latency.sum_us, 80U);
    EXPECT_EQ(numbers.latency.total(), 2U);
}

TEST(digest_table, tells_subjects_apart) {
    digest_table table(roomy);
    run(table, subject_of("SELECT 1"), at(1));
    run(table, subject_of("SELECT 1, 2"), at(1));
    run(table, subject_of("SELECT 1", "crm"), at(1));
    run(table, subject_of("SELECT 1", "shop", "root"), at(1));
    run(table, subject_of("SELECT 1", "app", "shop"), at(1));
    run(table, subject_of("SELECT 2"), at(1));
    EXPECT_EQ(table.size(), 5);
}

TEST(digest_table, keeps_the_last_cause_of_a_pin) {
    digest_table table(roomy);
    const auto subject = subject_of("SELECT 1");
    run(table, subject, at(1));
    EXPECT_EQ(table.rows()[0].pin_cause, "");
    run(table, subject, at(2), {.who = answered_by::pinned, .pin_cause = "user variable"});
    run(table, subject, at(3), {.who = answered_by::pinned, .pin_cause = "named lock"});
    run(table, subject, at(4));
    EXPECT_EQ(table.rows()[0].pin_cause, "named lock");
}

TEST(digest_table, gives_the_place_of_the_least_recently_used) {
    digest_table table({.entries = 2, .text_bytes = 1'000});
    const auto select = subject_of("SELECT a");
    const auto update = subject_of("UPDATE t SET a = 1");
    const auto remove = subject_of("DELETE FROM t");
    run(table, select, at(1), {.rows = 1});
    run(table, update, at(2), {.rows = 10, .took = microseconds(5)});
    run(table, select, at(3), {.rows = 100});
    run(table, remove, at(4), {.rows = 1'000});
    EXPECT_THAT(texts_of(table), UnorderedElementsAre("SELECT a", "DELETE FROM t"));
    EXPECT_EQ(table.size(), 2);
    EXPECT_EQ(table.evictions(), 1U);
    EXPECT_EQ(table.others().rows, 10U);
    EXPECT_EQ(table.others().latency.sum_us, 5U);
    EXPECT_EQ(table.others().count(), 1U);
    run(table, update, at(5), {.rows = 20});
    EXPECT_THAT(texts_of(table), UnorderedElementsAre("UPDATE t SET a = ?", "DELETE FROM t"));
}

TEST(digest_table, counts_among_the_others_what_ends_after_its_entry) {
    digest_table table({.entries = 1, .text_bytes = 1'000});
    const auto slow = table.find_or_add(subject_of("SELECT a"), at(1));
    run(table, subject_of("SELECT b"), at(2), {.rows = 1});
    table.on_statement(slow, {.rows = 10}, at(3));
    EXPECT_THAT(texts_of(table), ElementsAre("SELECT b"));
    EXPECT_EQ(table.rows()[0].numbers.rows, 1U);
    EXPECT_EQ(table.others().rows, 10U);
}

TEST(digest_table, lists_a_statement_once_it_has_been_answered) {
    digest_table table(roomy);
    const auto ticket = table.find_or_add(subject_of("SELECT a"), at(1));
    EXPECT_THAT(table.rows(), IsEmpty());
    EXPECT_EQ(table.size(), 1);
    table.on_statement(ticket, {.rows = 1}, at(2));
    EXPECT_THAT(texts_of(table), ElementsAre("SELECT a"));
}

TEST(digest_table, never_has_more_entries_than_its_limit) {
    digest_table table({.entries = 50, .text_bytes = 20});
    for (int i = 0; i < 1'000; ++i)
        run(table, subject_of("SELECT column_" + std::to_string(i)), at(i), {.rows = 1});
    EXPECT_EQ(table.size(), 50);
    EXPECT_EQ(table.evictions(), 950U);
    EXPECT_EQ(table.others().rows, 950U);
    const auto texts = texts_of(table);
    EXPECT_EQ(texts.size(), 50U);
    EXPECT_TRUE(std::ranges::all_of(texts, [](const auto& text) { return text.size() <= 20; }));
    EXPECT_THAT(texts, testing::Contains("SELECT column_999"));
}

TEST(digest_table, counts_nothing_without_entries) {
    digest_table table({.entries = 0, .text_bytes = 1'000});
    run(table, subject_of("SELECT 1"), at(1), {.rows = 1});
    EXPECT_THAT(table.rows(), IsEmpty());
    EXPECT_EQ(table.others(), digest_numbers());
}

/// Every entry is whole, and in the end nothing was lost: with entries coming and going all the
/// time, and a reader that holds the lock whenever it can.
TEST(digest_table, is_read_while_another_thread_writes) {
    constexpr int statements = 20'000;
    digest_table table({.entries = 100, .text_bytes = 1'000});
    std::atomic<bool> has_ended{false};
    std::thread worker([&table, &has_ended] {
        for (int i = 0; i < statements; ++i) {
            const std::string name = std::to_string(i % 300);
            const std::string sql = "SELECT c" + name;
            run(table, subject_of(sql, name), at(i), {.rows = 1, .pin_cause = "user variable"});
        }
        has_ended = true;
    });
    bool has_more = true;
    int torn = 0;
    while (has_more) {
        has_more = !has_ended;
        for (const digest_row& row : table.rows())
            torn += row.text == "SELECT c" + row.schema ? 0 : 1;
    }
    worker.join();
    EXPECT_EQ(torn, 0);
    digest_numbers all = table.others();
    for (const digest_row& row : table.rows())
        all.merge(row.numbers);
    EXPECT_EQ(all.rows, static_cast<std::uint64_t>(statements));
}

}  // namespace
}  // namespace weir::proxy
