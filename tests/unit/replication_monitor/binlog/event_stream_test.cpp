#include "replication_monitor/binlog/event_stream.hpp"

#include "protocol/mysql/errc.hpp"
#include "protocol/mysql/packet_header.hpp"

#include "tests/support/binlog_events.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace weir::replication_monitor::binlog {
namespace {

using step_kind = event_stream::step::kind;
using test::operator+;
using test::byte_vector;
using test::from_hex;
using test::view;

byte_vector framed(const byte_vector& payload) {
    byte_vector bytes(protocol::mysql::packet_header::size);
    protocol::mysql::packet_header{static_cast<std::uint32_t>(payload.size()), 1}.store(bytes);
    return bytes + payload;
}

byte_vector sent(const byte_vector& event) {
    return framed(from_hex("00") + event);
}

struct read_event {
    event_type type{};
    byte_vector body;
    friend bool operator==(const read_event&, const read_event&) = default;
};

/// All events up to the end, fed in pieces of this size.
std::vector<read_event> read_all(event_stream stream, const byte_vector& bytes, std::size_t piece) {
    std::vector<read_event> events;
    std::size_t there = 0;
    std::size_t done = 0;
    while (true) {
        const auto step = stream.advance(view(bytes).subspan(done).first(there - done));
        if (!step) {
            ADD_FAILURE() << step.error().message();
            return events;
        }
        done += step->consumed;
        if (step->what == step_kind::end) return events;
        if (step->what == step_kind::event) {
            events.push_back({step->found.header.type, test::copy_of(step->found.body)});
            continue;
        }
        if (step->what == step_kind::refused || there == bytes.size()) {
            ADD_FAILURE() << "the log has no end";
            return events;
        }
        there = std::min(there + piece, bytes.size());
    }
}

const byte_vector end = framed(from_hex("fe00000000"));

TEST(event_stream, cuts_an_answer_into_events_wherever_it_is_split) {
    const test::binlog_writer log;
    const test::binlog_writer bare(checksum::none);
    const byte_vector bytes = sent(bare.file()) + sent(log.format()) + sent(log.gtid(3)) +
                              sent(log.query(14, "BEGIN")) + end;
    const auto whole = read_all(event_stream(), bytes, bytes.size());
    ASSERT_EQ(whole.size(), 4U);
    EXPECT_EQ(whole[0].type, event_type::rotate);
    EXPECT_EQ(whole[2].type, event_type::gtid);
    EXPECT_EQ(whole[3].body.size(), 4U + 9 + 1 + 5) << "no checksum";
    for (std::size_t piece = 1; piece < bytes.size(); ++piece)
        EXPECT_EQ(read_all(event_stream(), bytes, piece), whole) << "pieces of " << piece;
}

TEST(event_stream, keeps_only_the_first_part_of_an_event) {
    const test::binlog_writer log;
    const byte_vector bytes =
        sent(log.format()) + sent(log.query(14, std::string(100'000, 'x'))) + end;
    const auto events = read_all(event_stream(200), bytes, 1'000);
    ASSERT_EQ(events.size(), 2U);
    const auto query = query_event::decode(view(events[1].body));
    ASSERT_TRUE(query);
    EXPECT_EQ(query->thread_id, 14U);
    EXPECT_EQ(events[1].body.size(), 200 - 1 - event_header::size);
}

TEST(event_stream, joins_an_event_of_several_frames) {
    const test::binlog_writer log;
    const byte_vector event =
        from_hex("00") + log.query(14, std::string(protocol::mysql::max_frame_payload, 'x'));
    const std::size_t first = protocol::mysql::max_frame_payload;
    const auto cut = event.begin() + static_cast<std::ptrdiff_t>(first);
    const byte_vector bytes = sent(log.format()) + framed(byte_vector(event.begin(), cut)) +
                              framed(byte_vector(cut, event.end())) + sent(log.gtid(4)) + end;
    const auto events = read_all(event_stream(100), bytes, 1U << 20U);
    ASSERT_EQ(events.size(), 3U);
    EXPECT_EQ(events[1].type, event_type::query);
    EXPECT_EQ(events[2].type, event_type::gtid);
}

TEST(event_stream, hands_on_the_servers_error) {
    event_stream stream;
    const byte_vector bytes = framed(from_hex("ffd404") + test::bytes("#HY000no"));
    const auto step = stream.advance(view(bytes));
    ASSERT_TRUE(step);
    EXPECT_EQ(step->what, step_kind::refused);
    EXPECT_EQ(step->error.size(), 3U + 8);
}

TEST(event_stream, refuses_what_is_no_answer) {
    const test::binlog_writer log;
    byte_vector longer = log.gtid(1);
    longer.push_back(std::byte{0});

    const struct {
        std::string_view name;
        byte_vector bytes;
    } rows[]{
        {"an empty packet", framed({})},
        {"an unknown first byte", framed(from_hex("0700"))},
        {"an end that is too long", framed(from_hex("fe000000000000"))},
        {"an event that is longer than it says", sent(longer)},
        {"an event that is shorter than it says",
         sent(byte_vector(longer.begin(), longer.end() - 3))},
    };

    for (const auto& row : rows) {
        event_stream stream;
        EXPECT_FALSE(stream.advance(view(row.bytes))) << row.name;
    }
}

}  // namespace
}  // namespace weir::replication_monitor::binlog
