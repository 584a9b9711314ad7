#include "src/proxy/definition_ledger.hpp"

#include "splitter/sql/classifier.hpp"

#include <gtest/gtest.h>

#include <string>

namespace weir::proxy {
namespace {

using namespace std::chrono_literals;
using splitter::definition_change;
using views = definition_change::views;
using time_point = definition_ledger::time_point;

/// A list with a function f() that only reads.
std::shared_ptr<const replication_monitor::definition_list> a_list() {
    replication_monitor::definition_list list;
    list.version_number = 90700;
    list.routines = {{"app", "f", "FUNCTION", "RETURN 1", {}, {}}};
    list.loadable_functions.emplace();
    return std::make_shared<const replication_monitor::definition_list>(std::move(list));
}

class a_ledger : public testing::Test {
protected:
    a_ledger() {
        ledger.set_enabled(true);
        ledger.request_reading = [this] { ++requests; };
        ledger.on_read(list, start);
    }

    [[nodiscard]] bool only_reads(std::string_view sql) {
        splitter::lexer_options options;
        options.server_version = 90700;
        return splitter::classify(sql, options, {&seen.known(), "app"}).only_reads;
    }

    [[nodiscard]] bool proves_f() { return only_reads("SELECT f()"); }

    const time_point start{1h};
    const std::shared_ptr<const replication_monitor::definition_list> list = a_list();
    const definition_change routines{};
    const definition_change assumed{.which = views::none, .is_assumed = true};
    definition_ledger ledger;
    worker_definitions seen{ledger};
    int requests = 0;
};

TEST_F(a_ledger, proves_nothing_before_the_first_reading) {
    definition_ledger fresh;
    fresh.set_enabled(true);
    EXPECT_EQ(fresh.known().load()->catalog(), nullptr);
    EXPECT_TRUE(proves_f());
}

TEST_F(a_ledger, a_change_counts_until_a_reading_that_began_after_its_end) {
    ledger.begin(routines);
    EXPECT_FALSE(proves_f());
    ledger.on_read(a_list(), start + 1s);
    EXPECT_FALSE(proves_f()) << "it is still under way";
    ledger.end(routines, start + 3s);
    EXPECT_EQ(requests, 1);
    ledger.on_read(a_list(), start + 2s);
    EXPECT_FALSE(proves_f()) << "this reading began before the end";
    ledger.on_read(list, start + 4s);
    EXPECT_TRUE(proves_f());
}

TEST_F(a_ledger, alike_changes_count_until_the_last_has_ended) {
    ledger.begin(routines);
    ledger.begin(routines);
    ledger.end(routines, start + 1s);
    ledger.on_read(list, start + 2s);
    EXPECT_FALSE(proves_f());
    ledger.end(routines, start + 3s);
    ledger.on_read(list, start + 4s);
    EXPECT_TRUE(proves_f());
}

TEST_F(a_ledger, a_reading_that_found_nothing_new_is_one_too) {
    ledger.begin(routines);
    ledger.end(routines, start + 1s);
    ledger.on_read(list, start + 2s);
    EXPECT_TRUE(proves_f());
}

TEST_F(a_ledger, an_assumed_change_counts_from_its_end_on) {
    ledger.begin(assumed);
    EXPECT_TRUE(proves_f());
    ledger.end(assumed, start + 1s);
    EXPECT_FALSE(proves_f());
    EXPECT_EQ(requests, 1);
    ledger.on_read(list, start + 2s);
    EXPECT_TRUE(proves_f());
}

TEST_F(a_ledger, a_changed_view_is_no_table) {
    const definition_change view{.which = views::one, .name = "v"};
    ledger.begin(view);
    EXPECT_FALSE(only_reads("SELECT * FROM v"));
    EXPECT_TRUE(only_reads("SELECT * FROM t"));
    ledger.end(view, start + 1s);
    EXPECT_FALSE(only_reads("SELECT * FROM v"));
    ledger.on_read(list, start + 2s);
    EXPECT_TRUE(only_reads("SELECT * FROM v")) << "it was not made, or is gone again";
}

TEST_F(a_ledger, many_changed_views_are_any_view) {
    for (int number = 0; number < 100; ++number) {
        const definition_change view{.which = views::one, .name = "v" + std::to_string(number)};
        ledger.begin(view);
        ledger.end(view, start + 1s);
    }
    EXPECT_FALSE(only_reads("SELECT * FROM v0"));
    EXPECT_FALSE(only_reads("SELECT * FROM v99"));
    ledger.on_read(list, start + 2s);
    EXPECT_TRUE(only_reads("SELECT * FROM v0"));
    EXPECT_TRUE(proves_f());
}

TEST_F(a_ledger, knows_and_keeps_nothing_while_there_are_no_readings) {
    ledger.set_enabled(false);
    EXPECT_FALSE(proves_f());
    ledger.begin(routines);
    ledger.end(routines, start + 1s);
    ledger.on_read(a_list(), start + 2s);
    EXPECT_FALSE(proves_f()) << "a reading that was under way";
    ledger.set_enabled(true);
    EXPECT_FALSE(proves_f());
    ledger.on_read(list, start + 3s);
    EXPECT_TRUE(proves_f());
}

TEST_F(a_ledger, versions_move_with_what_is_known) {
    const auto before = seen.known().version();
    ledger.on_read(list, start + 1s);
    EXPECT_EQ(seen.known().version(), before) << "nothing is new";
    ledger.begin(routines);
    EXPECT_GT(seen.known().version(), before);
    ledger.end(routines, start + 2s);
}

}  // namespace
}  // namespace weir::proxy
