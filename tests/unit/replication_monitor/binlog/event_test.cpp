#include "replication_monitor/binlog/event.hpp"

#include "protocol/wire/errc.hpp"

#include "tests/support/binlog_events.hpp"

#include <gtest/gtest.h>

namespace weir::replication_monitor::binlog {
namespace {

using test::operator+;
using test::byte_vector;
using test::from_hex;
using test::view;

/// In the form in which MySQL 9.7 sends them, checksums at their ends.
const byte_vector sent_gtid = from_hex(
    "54e2086b 21 01000000 50000000 b2020000 0000"
    "00 84871413ea0411f1af7102fc00000001 0300000000000000"
    "02 0200000000000000 0300000000000000 0102030405 0607 08090a0b0c0d0e00 00112233"
);
const byte_vector sent_begin = from_hex(
    "54e2086b 02 01000000 2a000000 f9020000 0800"
    "0e000000 00000000 00 0000 0000 00 424547494e 975e3b53"
);

TEST(binlog_event, reads_headers_and_leaves_checksums_out) {
    const auto begin = decode_event(view(sent_begin), checksum::crc32);
    ASSERT_TRUE(begin);
    const event_header expected{
        .timestamp = 0x6b08e254,
        .type = event_type::query,
        .server_id = 1,
        .length = 42,
        .next_event = 0x2f9,
        .flags = 8};
    EXPECT_EQ(begin->header, expected);
    EXPECT_EQ(begin->body.size(), 42 - event_header::size - 4);
    const auto bare = decode_event(view(sent_begin), checksum::none);
    ASSERT_TRUE(bare);
    EXPECT_EQ(bare->body.size(), 42 - event_header::size);
}

TEST(binlog_event, reads_the_number_of_a_transaction) {
    const auto read = decode_event(view(sent_gtid), checksum::crc32);
    ASSERT_TRUE(read);
    const auto gtid = gtid_event::decode(read->body);
    ASSERT_TRUE(gtid);
    EXPECT_EQ(gtid->text(), "84871413-ea04-11f1-af71-02fc00000001:3");
}

TEST(binlog_event, reads_who_wrote_a_transaction) {
    const auto read = decode_event(view(sent_begin), checksum::crc32);
    ASSERT_TRUE(read);
    const auto query = query_event::decode(read->body);
    ASSERT_TRUE(query);
    EXPECT_EQ(query->thread_id, 14U);
}

TEST(binlog_event, reads_how_a_file_begins) {
    for (const checksum ends_in : {checksum::none, checksum::crc32}) {
        const test::binlog_writer log(ends_in);
        const byte_vector bytes = log.format(77);
        const auto read = decode_event(view(bytes), ends_in);
        ASSERT_TRUE(read);
        const auto format = format_description::decode(read->body);
        ASSERT_TRUE(format);
        EXPECT_EQ(format->version, 4);
        EXPECT_EQ(format->created, 77U);
        EXPECT_EQ(format->ends_in, ends_in);
        const byte_vector rotate = log.file();
        const auto next = decode_event(view(rotate), ends_in);
        ASSERT_TRUE(next);
        const auto file = rotate_event::decode(next->body);
        ASSERT_TRUE(file);
        EXPECT_EQ(file->position, 4U);
        EXPECT_EQ(file->file, "binlog.000002");
    }
}

TEST(binlog_event, reads_which_transactions_are_in_former_files) {
    const test::binlog_writer log;
    const std::string gtids = log.uuid + ":1-5:7";
    const byte_vector bytes = log.previous(gtids);
    const auto read = decode_event(view(bytes), checksum::crc32);
    ASSERT_TRUE(read);
    const auto set = decode_previous_gtids(read->body);
    ASSERT_TRUE(set);
    EXPECT_EQ(set->to_string(), gtids);
}

TEST(binlog_event, refuses_what_is_none) {
    const struct {
        std::string_view name;
        byte_vector bytes;
        error_code why;
    } rows[]{
        {"nothing", {}, make_error_code(protocol::wire::errc::truncated)},
        {"a part of a header",
         byte_vector(sent_gtid.begin(), sent_gtid.begin() + 18),
         make_error_code(protocol::wire::errc::truncated)},
        {"shorter than a header and a checksum",
         from_hex("00000000 02 01000000 16000000 00000000 0000 000000"),
         make_error_code(protocol::wire::errc::value_out_of_range)},
        {"more than its length",
         sent_begin + from_hex("00"),
         make_error_code(protocol::wire::errc::value_out_of_range)},
    };

    for (const auto& row : rows) {
        const auto read = decode_event(view(row.bytes), checksum::crc32);
        ASSERT_FALSE(read) << row.name;
        EXPECT_EQ(read.error(), row.why) << row.name;
    }
}

TEST(binlog_event, reads_the_first_part_of_a_long_one) {
    const auto read = decode_event(view(sent_begin).first(event_header::size + 4), checksum::crc32);
    ASSERT_TRUE(read);
    const auto query = query_event::decode(read->body);
    ASSERT_TRUE(query);
    EXPECT_EQ(query->thread_id, 14U);
    EXPECT_FALSE(gtid_event::decode(read->body));
}

}  // namespace
}  // namespace weir::replication_monitor::binlog
