#include "protocol/mysql/response_tracker.hpp"

#include "protocol/mysql/errc.hpp"

#include "tests/unit/protocol/mysql/response_scripts.hpp"

#include <gtest/gtest.h>

namespace weir::protocol::mysql {
namespace {

using test::operator+;

struct seen_event {
    response_event::kind what;
    packet_role role;
    test::byte_vector payload;
    bool complete;
    friend bool operator==(const seen_event&, const seen_event&) = default;
};

/// A shell's way with the tracker: append what arrives, pass on what is understood.
class tracked_stream {
public:
    tracked_stream(response_kind kind, capability_set capabilities) {
        tracker.start(kind, capabilities, test::script_frame_max);
    }

    void receive(wire::bytes_view bytes) {
        pending_.insert(pending_.end(), bytes.begin(), bytes.end());
        while (!is_complete) {
            const auto event = tracker.advance(test::view(pending_));
            ASSERT_TRUE(event) << event.error().message();
            ASSERT_LE(event->forward, pending_.size());
            if (event->what != response_event::kind::more_bytes) {
                const auto* const payload_end = event->payload.end();
                ASSERT_EQ(payload_end, pending_.data() + event->forward);
                events.push_back(
                    {event->what, event->role, test::copy_of(event->payload), event->complete}
                );
            }
            const auto forward = static_cast<std::ptrdiff_t>(event->forward);
            forwarded.insert(forwarded.end(), pending_.begin(), pending_.begin() + forward);
            pending_.erase(pending_.begin(), pending_.begin() + forward);
            is_complete = event->complete;
            if (event->what == response_event::kind::more_bytes) break;
        }
    }

    response_tracker tracker;
    test::byte_vector forwarded;
    std::vector<seen_event> events;
    bool is_complete = false;

private:
    test::byte_vector pending_;
};

[[nodiscard]] std::vector<seen_event> expected_events(const test::response_script& script) {
    std::vector<seen_event> events;
    for (std::size_t i = 0; i < script.packets.size(); ++i) {
        const auto& packet = script.packets[i];
        const bool is_last = i + 1 == script.packets.size();
        auto what = response_event::kind::more_bytes;
        if (packet.role == packet_role::ok || packet.role == packet_role::err ||
            packet.role == packet_role::row_end || packet.role == packet_role::statistics ||
            packet.role == packet_role::column_end) {
            what = response_event::kind::terminator;
        }
        if (packet.role == packet_role::local_infile) what = response_event::kind::local_infile;
        if (packet.role == packet_role::prepare_ok) what = response_event::kind::prepare_ok;
        if (packet.role == packet_role::authentication) what = response_event::kind::authentication;
        if (what != response_event::kind::more_bytes) {
            events.push_back({what, packet.role, packet.payload, is_last});
        }
    }
    return events;
}

void expect_tracked(const tracked_stream& stream, const test::response_script& script) {
    EXPECT_TRUE(stream.is_complete);
    EXPECT_EQ(test::view(stream.forwarded), test::view(script.bytes()));
    EXPECT_EQ(stream.tracker.rows(), script.rows());
    EXPECT_EQ(stream.events, expected_events(script));
}

TEST(response_tracker, sees_the_same_wherever_the_bytes_are_split) {
    for (const auto& script : test::all_scripts()) {
        const auto data = script.bytes();
        for (std::size_t split = 0; split <= data.size(); ++split) {
            SCOPED_TRACE(script.name + " split at " + std::to_string(split));
            tracked_stream stream(script.kind, script.capabilities);
            stream.receive(test::view(data).first(split));
            stream.receive(test::view(data).subspan(split));
            expect_tracked(stream, script);
        }
    }
}

TEST(response_tracker, sees_the_same_byte_by_byte) {
    for (const auto& script : test::all_scripts()) {
        SCOPED_TRACE(script.name);
        tracked_stream stream(script.kind, script.capabilities);
        stream.receive({});
        for (const std::byte& value : script.bytes()) {
            stream.receive(std::span(&value, 1));
        }
        expect_tracked(stream, script);
    }
}

TEST(response_tracker, leaves_bytes_behind_the_response_alone) {
    for (const auto& script : test::all_scripts()) {
        SCOPED_TRACE(script.name);
        tracked_stream stream(script.kind, script.capabilities);
        stream.receive(test::view(script.bytes() + script.bytes()));
        expect_tracked(stream, script);
    }
}

TEST(response_tracker, passes_a_row_on_before_it_is_whole) {
    response_tracker tracker;
    tracker.start(response_kind::fetch, test::plain);
    const auto data = test::from_hex("ffff00 01 fcfcff") + test::byte_vector(1000);
    const auto event = tracker.advance(test::view(data));
    ASSERT_TRUE(event);
    EXPECT_EQ(event->forward, data.size());
    EXPECT_EQ(tracker.rows(), 1U);
    EXPECT_FALSE(tracker.at_packet_boundary());
}

TEST(response_tracker, knows_the_number_of_the_last_frame) {
    tracked_stream stream(response_kind::query, test::deprecating);
    const auto script = test::result_set_scripts()[1];
    stream.receive(test::view(script.bytes()));
    EXPECT_EQ(stream.tracker.last_sequence(), script.packets.size());
}

TEST(response_tracker, rejects_a_skipped_sequence_number) {
    for (const int wrong : {0, 1, 3, 255}) {
        SCOPED_TRACE(wrong);
        response_tracker tracker;
        tracker.start(response_kind::fetch, test::plain);
        const auto data =
            test::frames_of({test::text_row_payload("a")}, 1) +
            test::frames_of({test::text_row_payload("b")}, static_cast<std::uint8_t>(wrong));
        EXPECT_EQ(
            tracker.advance(test::view(data)).error(), make_error_code(errc::sequence_mismatch)
        );
    }
}

TEST(response_tracker, goes_on_after_the_client_sent_its_file) {
    response_tracker tracker;
    tracker.start(response_kind::query, test::plain);
    const auto request = test::frames_of(
        {test::bytes("\xFB"
                     "file")},
        1
    );
    ASSERT_TRUE(tracker.advance(test::view(request)));
    const auto answer = test::frames_of({test::ok_payload()}, 9);  // 2 to 8 were the client's
    const auto event = tracker.advance(test::view(answer));
    ASSERT_TRUE(event);
    EXPECT_TRUE(event->complete);
    EXPECT_EQ(tracker.last_sequence(), 9);
}

TEST(response_tracker, reports_what_the_grammar_refuses) {
    response_tracker tracker;
    tracker.start(response_kind::simple, test::plain);
    const auto data = test::frames_of({test::bytes("\x05value")}, 1);
    EXPECT_EQ(tracker.advance(test::view(data)).error(), make_error_code(errc::unexpected_packet));
    tracker.start(response_kind::query, test::plain);
    const auto empty = test::frames_of({{}}, 1);
    EXPECT_EQ(tracker.advance(test::view(empty)).error(), make_error_code(errc::malformed_packet));
}

}  // namespace
}  // namespace weir::protocol::mysql
