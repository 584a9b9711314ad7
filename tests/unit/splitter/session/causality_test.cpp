#include "splitter/session/causality.hpp"

#include "tests/support/mysql_gtids.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

namespace weir::splitter {
namespace {

using protocol::mysql::server_flavor;
using std::chrono::milliseconds;
using test::mysql_gtids;
using test::mysql_uuid;

std::string gtid(const std::string& number) {
    return mysql_uuid + ":" + number;
}

causality::time_point at(int ms) {
    return causality::time_point{} + milliseconds(ms);
}

TEST(causality, requires_nothing_before_the_first_write) {
    const causality written;
    EXPECT_EQ(written.required(), nullptr);
    EXPECT_FALSE(written.only_primary_has_it());
}

TEST(causality, requires_all_that_was_written) {
    causality written;
    written.on_gtid(gtid("5"), server_flavor::mysql);
    written.on_gtid(gtid("7"), server_flavor::mysql);
    ASSERT_NE(written.required(), nullptr);
    EXPECT_TRUE(mysql_gtids("1-7").contains(*written.required()));
    EXPECT_FALSE(mysql_gtids("1-6").contains(*written.required()));
}

TEST(causality, ignores_an_empty_report_and_distrusts_a_malformed_one) {
    causality written;
    written.on_gtid("", server_flavor::mysql);
    EXPECT_FALSE(written.only_primary_has_it());
    written.on_gtid("nonsense", server_flavor::mysql);
    EXPECT_TRUE(written.only_primary_has_it());
    EXPECT_EQ(written.required(), nullptr);
}

TEST(causality, lets_a_later_mariadb_position_cover_an_unknown_write) {
    causality written;
    written.on_unknown_write();
    written.on_gtid("0-1-12", server_flavor::mariadb);
    EXPECT_FALSE(written.only_primary_has_it());
}

TEST(causality, does_not_let_a_later_mysql_set_cover_an_unknown_write) {
    causality written;
    written.on_unknown_write();
    written.on_gtid(gtid("5"), server_flavor::mysql);
    EXPECT_TRUE(written.only_primary_has_it());
}

TEST(causality, resolves_an_unknown_write_by_a_probe_that_began_after_it) {
    causality written;
    written.on_unknown_write();
    written.resolve(at(100), mysql_gtids("1-9"), at(90));
    EXPECT_TRUE(written.only_primary_has_it()) << "the probe began before the write was over";
    written.resolve(at(200), mysql_gtids("1-9"), at(100));
    EXPECT_TRUE(written.only_primary_has_it()) << "not surely after";
    written.resolve(at(300), mysql_gtids("1-9"), at(101));
    EXPECT_FALSE(written.only_primary_has_it());
    ASSERT_NE(written.required(), nullptr);
    EXPECT_EQ(*written.required(), mysql_gtids("1-9"));
}

TEST(causality, needs_a_newer_probe_for_each_unknown_write) {
    causality written;
    written.on_unknown_write();
    written.resolve(at(100), mysql_gtids("1-9"), at(90));
    written.on_unknown_write();
    written.resolve(at(200), mysql_gtids("1-9"), at(150));
    EXPECT_TRUE(written.only_primary_has_it());
    written.resolve(at(300), mysql_gtids("1-10"), at(201));
    EXPECT_FALSE(written.only_primary_has_it());
}

TEST(causality, does_not_take_an_unknown_set_for_an_answer) {
    causality written;
    written.on_unknown_write();
    written.resolve(at(1), {}, at(0));
    written.resolve(at(100), {}, at(90));
    EXPECT_TRUE(written.only_primary_has_it());
}

TEST(causality, leaves_known_writes_as_they_are) {
    causality written;
    written.on_gtid(gtid("5"), server_flavor::mysql);
    written.resolve(at(100), mysql_gtids("1-90"), at(200));
    EXPECT_EQ(*written.required(), mysql_gtids("5"));
}

TEST(causality, remembers_100000_writes_between_those_of_others_in_bounded_memory) {
    constexpr std::size_t memory_max = 4096;
    constexpr int writes = 100000;

    const struct {
        const char* name;
        int probe_every;  ///< writes; 0: never
        bool known;       ///< in the end more is known than that the primary has it
    } rows[]{{"probes come", 1000, true}, {"probes never come", 0, false}};

    for (const auto& row : rows) {
        causality written;
        std::size_t largest = 0;
        for (int i = 1; i <= writes; ++i) {
            const auto newest = std::to_string(2 * i);
            written.on_gtid(gtid(newest), server_flavor::mysql);
            if (row.probe_every != 0 && i % row.probe_every == 0)
                written.resolve(at(i), mysql_gtids("1-" + newest), at(i));
            if (written.required() != nullptr)
                largest = std::max(largest, written.required()->size());
            const bool safe =
                written.only_primary_has_it() || written.required()->contains(mysql_gtids(newest));
            ASSERT_TRUE(safe) << row.name << ' ' << i;
        }
        EXPECT_LE(largest, memory_max) << row.name;
        EXPECT_EQ(!written.only_primary_has_it(), row.known) << row.name;
    }
}

TEST(causality, does_not_replace_what_the_primary_is_not_known_to_have) {
    causality written;
    for (int i = 1; i <= 100; ++i) {
        written.on_gtid(gtid(std::to_string(2 * i)), server_flavor::mysql);
    }
    written.resolve(at(1), mysql_gtids("1-199"), at(1));
    EXPECT_EQ(written.required()->size(), 100U);
    written.resolve(at(2), mysql_gtids("1-200"), at(2));
    EXPECT_EQ(*written.required(), mysql_gtids("1-200"));
}

TEST(causality, stays_where_it_has_read_until_a_later_position_says_what_that_was) {
    struct row {
        const char* name;
        std::uint64_t asked;  ///< when the read was over
        std::uint64_t answered;
        bool stays;
    };

    const row rows[]{
        {"nothing was asked", 0, 0, true},
        {"asked before, answered before", 3, 3, true},
        {"asked before, answered after", 4, 4, true},
        {"asked after", 4, 5, false},
    };
    for (const row& each : rows) {
        SCOPED_TRACE(each.name);
        causality written;
        written.on_read(7, each.asked);
        written.resolve_seen(mysql_gtids("1-9"), each.answered);
        EXPECT_EQ(written.stays_at().has_value(), each.stays);
        EXPECT_EQ(written.wants_position(), each.stays);
        if (each.stays) {
            EXPECT_EQ(written.stays_at(), 7U);
            EXPECT_EQ(written.required(), nullptr);
        } else {
            ASSERT_NE(written.required(), nullptr);
            EXPECT_EQ(*written.required(), mysql_gtids("1-9"));
        }
    }
}

TEST(causality, lets_a_mariadb_write_of_its_own_cover_what_was_seen_before_it) {
    causality written;
    written.on_read(7, 0);
    written.on_gtid(gtid("5"), server_flavor::mysql);
    EXPECT_TRUE(written.stays_at()) << "a MySQL set has no order";
    causality other;
    other.on_read(7, 0);
    other.on_gtid("0-1-12", server_flavor::mariadb);
    EXPECT_FALSE(other.stays_at());
}

TEST(causality, asks_after_it_has_stayed_for_long) {
    causality written;
    for (int read = 0; read <= 16; ++read) {
        EXPECT_FALSE(written.needs_position()) << read;
        written.on_read(7, 0);
    }
    EXPECT_TRUE(written.needs_position());
    written.on_no_position(mysql_gtids("1-9"));
    EXPECT_FALSE(written.needs_position()) << "it goes on where it is";
    EXPECT_EQ(written.stays_at(), 7U);
    EXPECT_EQ(written.required(), nullptr);
}

TEST(causality, begins_with_what_others_were_told) {
    for (const bool is_known : {true, false}) {
        causality written;
        written.begin();
        EXPECT_TRUE(written.needs_position());
        if (is_known) written.on_position(mysql_gtids("1-9"));
        if (!is_known) written.on_no_position(mysql_gtids("1-9"));
        EXPECT_FALSE(written.needs_position());
        ASSERT_NE(written.required(), nullptr);
        EXPECT_EQ(*written.required(), mysql_gtids("1-9"));
    }
}

TEST(causality, takes_a_position_for_all_that_was_before_it) {
    causality written;
    written.on_unknown_write();
    written.on_read(7, 0);
    written.on_position(mysql_gtids("1-9"));
    EXPECT_FALSE(written.wants_position());
    EXPECT_EQ(*written.required(), mysql_gtids("1-9"));
    EXPECT_EQ(written.writes(), 1U);
}

TEST(causality, forgets_on_reset) {
    causality written;
    written.on_gtid(gtid("5"), server_flavor::mysql);
    written.on_unknown_write();
    written.reset();
    EXPECT_EQ(written.required(), nullptr);
    EXPECT_FALSE(written.only_primary_has_it());
}

}  // namespace
}  // namespace weir::splitter
