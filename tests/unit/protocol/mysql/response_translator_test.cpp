#include "protocol/mysql/response_translator.hpp"

#include "protocol/mysql/errc.hpp"
#include "protocol/mysql/messages/session_track.hpp"

#include "tests/unit/protocol/mysql/response_scripts.hpp"

#include <gtest/gtest.h>

namespace weir::protocol::mysql {
namespace {

using test::done;
using test::tracking;

struct translation {
    test::byte_vector written;
    error_code error;
    bool complete = false;
    std::uint64_t rows = 0;
};

/// Translates `data` given in two pieces, split after `split` bytes.
[[nodiscard]] translation translate(
    const response_translator::settings& settings, const test::byte_vector& data, std::size_t split
) {
    response_translator translator;
    translator.start(settings);
    translation outcome;
    wire::send_buffer out;
    std::size_t position = 0;
    for (const std::size_t end : {split, data.size()}) {
        while (!outcome.complete) {
            const auto part =
                translator.translate(test::view(data).first(end).subspan(position), out);
            if (!part) {
                outcome.error = part.error();
                return outcome;
            }
            position += part->consumed;
            outcome.complete = part->complete;
            if (part->what == translated::kind::more_bytes) break;
        }
    }
    outcome.written = test::copy_of(out.view());
    outcome.rows = translator.rows();
    return outcome;
}

[[nodiscard]] response_translator::settings settings_for(
    response_kind kind, capability_set server, capability_set client
) {
    response_translator::settings settings;
    settings.kind = kind;
    settings.server = server;
    settings.client = client;
    settings.last_status = done;
    settings.frame_max = test::script_frame_max;
    return settings;
}

/// Expects this at every split.
void expect_translation(
    const response_translator::settings& settings,
    const std::vector<test::byte_vector>& server,
    const std::vector<test::byte_vector>& client
) {
    const auto data = test::frames_of(server, 1, test::script_frame_max);
    const auto expected = test::frames_of(client, settings.first_sequence, test::script_frame_max);
    for (std::size_t split = 0; split <= data.size(); ++split) {
        SCOPED_TRACE("split at " + std::to_string(split));
        const auto outcome = translate(settings, data, split);
        ASSERT_EQ(outcome.error, error_code{});
        EXPECT_TRUE(outcome.complete);
        ASSERT_EQ(test::view(outcome.written), test::view(expected));
    }
}

TEST(response_translator, leaves_a_response_as_it_is_between_equals) {
    for (const auto& script : test::all_scripts()) {
        SCOPED_TRACE(script.name);
        const auto settings = settings_for(script.kind, script.capabilities, script.capabilities);
        expect_translation(settings, script.payloads(), script.payloads());
    }
}

TEST(response_translator, rewrites_the_ends_of_lists_both_ways) {
    const auto def = test::definition_payload();
    const auto row = test::text_row_payload("value");
    const auto big_row = test::byte_vector(150, std::byte{0x05});
    const auto count = test::bytes({1});
    const auto both = test::prepare_ok_packet(1, 1).payload;

    const struct {
        const char* name;
        response_kind kind;
        std::vector<test::byte_vector> with_eof;
        std::vector<test::byte_vector> deprecated;
    } rows[] = {
        {"result set",
         response_kind::query,
         {count, def, test::eof_payload(done), row, big_row, row, test::eof_payload(done)},
         {count, def, row, big_row, row, test::ok_payload(done, 0xFE)}},
        {"no rows",
         response_kind::query,
         {count, def, test::eof_payload(done), test::eof_payload(done)},
         {count, def, test::ok_payload(done, 0xFE)}},
        {"error instead of rows",
         response_kind::query,
         {count, def, test::eof_payload(done), test::err_payload()},
         {count, def, test::err_payload()}},
        {"cursor",
         response_kind::cursor,
         {count, def, test::eof_payload(test::cursor)},
         {count, def, test::ok_payload(test::cursor, 0xFE)}},
        {"several results",
         response_kind::query,
         {count,
          def,
          test::eof_payload(done),
          row,
          test::eof_payload(test::more),
          test::ok_payload(done)},
         {count, def, row, test::ok_payload(test::more, 0xFE), test::ok_payload(done)}},
        {"prepare",
         response_kind::prepare,
         {both, def, test::eof_payload(done), def, test::eof_payload(done)},
         {both, def, def}},
        {"field list",
         response_kind::field_list,
         {def, def, test::eof_payload(done)},
         {def, def, test::ok_payload(done, 0xFE)}},
        {"fetch",
         response_kind::fetch,
         {row, test::eof_payload(test::cursor)},
         {row, test::ok_payload(test::cursor, 0xFE)}},
        {"set option",
         response_kind::simple,
         {test::eof_payload(done)},
         {test::ok_payload(done, 0xFE)}},
    };

    for (const auto& entry : rows) {
        SCOPED_TRACE(entry.name);
        expect_translation(
            settings_for(entry.kind, test::deprecating, test::plain),
            entry.deprecated,
            entry.with_eof
        );
        expect_translation(
            settings_for(entry.kind, test::plain, test::deprecating),
            entry.with_eof,
            entry.deprecated
        );
    }
}

TEST(response_translator, numbers_frames_from_where_it_is_told) {
    auto settings = settings_for(response_kind::query, test::plain, test::deprecating);
    settings.first_sequence = 250;
    const auto script = test::result_set_scripts()[0];
    const auto outcome = translate(settings, script.bytes(), 0);
    EXPECT_EQ(wire::number_in(outcome.written[3]), 250);
    EXPECT_EQ(outcome.rows, 2U);
}

[[nodiscard]] test::byte_vector state_of(std::initializer_list<session_track_entry> entries) {
    return test::payload_from([&entries](auto& writer) {
        for (const auto& entry : entries) {
            append_session_track(writer, entry);
        }
    });
}

const session_track_entry gtids{
    session_track_type::gtids, {}, {}, wire::bytes_of(std::string_view("\0\x03u:1", 5))};
const session_track_entry schema{session_track_type::schema, {}, {}, wire::bytes_of("\x01s")};
const session_track_entry variable{session_track_type::system_variables, "last_gtid", "0-1-1", {}};
const session_track_entry other_variable{
    session_track_type::system_variables, "autocommit", "ON", {}};
const session_track_entry transaction{
    session_track_type::transaction_state, {}, {}, wire::bytes_of("\x01_")};

[[nodiscard]] test::byte_vector tracked_ok(
    const test::byte_vector& state, std::string_view info = "info"
) {
    ok message;
    message.status = state.empty() ? done : done.with(status_flag::session_state_changed);
    message.info = info;
    message.session_state = test::view(state);
    return test::payload_of(message, tracking);
}

TEST(response_translator, strips_session_tracking_for_a_client_without_it) {
    ok expected;
    expected.status = done;
    expected.info = "info";
    expect_translation(
        settings_for(response_kind::query, tracking, test::plain),
        {tracked_ok(state_of({schema, gtids}))},
        {test::payload_of(expected, test::plain)}
    );
}

TEST(response_translator, gives_a_tracking_client_its_form_of_info) {
    ok message;
    message.status = done;
    message.info = "info";
    expect_translation(
        settings_for(response_kind::query, test::plain, tracking),
        {test::payload_of(message, test::plain)},
        {tracked_ok({})}
    );
}

TEST(response_translator, drops_what_the_client_did_not_ask_to_track) {
    const tracker_filter filter{
        .drop_gtids = true, .drop_transaction_info = true, .only_variables = {"autocommit"}};
    auto settings = settings_for(response_kind::query, tracking, tracking);
    settings.filter = &filter;
    expect_translation(
        settings,
        {tracked_ok(state_of({gtids, schema, variable, transaction, other_variable}))},
        {tracked_ok(state_of({schema, other_variable}))}
    );
    expect_translation(settings, {tracked_ok(state_of({gtids, variable}))}, {tracked_ok({})});
}

TEST(response_translator, adds_and_removes_the_metadata_flag) {
    const auto with_flag = test::deprecating.with(capability::optional_resultset_metadata);
    const auto definition = test::definition_payload();
    const auto row_end = test::ok_payload(done, 0xFE);
    const std::vector<test::byte_vector> flagged{test::bytes({1, 1}), definition, row_end};
    const std::vector<test::byte_vector> plain{test::bytes({1}), definition, row_end};
    expect_translation(
        settings_for(response_kind::query, with_flag, test::deprecating), flagged, plain
    );
    expect_translation(
        settings_for(response_kind::query, test::deprecating, with_flag), plain, flagged
    );
}

TEST(response_translator, says_whether_there_are_other_columns_than_the_client_had) {
    const status_set changed = done.with(status_flag::metadata_changed);
    const auto definition = test::definition_payload();
    const auto deprecating = [&](status_set status) {
        return std::vector<test::byte_vector>{
            test::bytes({1}), definition, test::ok_payload(status, 0xFE)};
    };
    const auto plain = [&](status_set between, status_set end) {
        return std::vector<test::byte_vector>{
            test::bytes({1}), definition, test::eof_payload(between), test::eof_payload(end)};
    };
    auto adds = settings_for(response_kind::query, test::deprecating, test::plain);
    adds.last_status = done;
    expect_translation(adds, deprecating(changed), plain(done, changed));
    adds.last_columns = 1;
    expect_translation(adds, deprecating(changed), plain(done, done));
    adds.last_columns = 2;
    expect_translation(adds, deprecating(done), plain(changed, changed));
    auto removes = settings_for(response_kind::query, test::plain, test::deprecating);
    removes.last_columns = 2;
    expect_translation(removes, plain(done, done), deprecating(changed));
    removes.last_columns = 1;
    expect_translation(removes, plain(changed, changed), deprecating(done));
}

TEST(response_translator, cannot_make_up_definitions) {
    const auto optional = test::plain.with(capability::optional_resultset_metadata);
    const auto query = test::frames_of({test::bytes({1, 0})});
    EXPECT_EQ(
        translate(settings_for(response_kind::query, optional, test::plain), query, 0).error,
        make_error_code(errc::unsupported_capability)
    );
    const auto prepare = test::frames_of({test::prepare_ok_packet(1, 0, optional, false).payload});
    EXPECT_EQ(
        translate(settings_for(response_kind::prepare, optional, test::plain), prepare, 0).error,
        make_error_code(errc::unsupported_capability)
    );
}

TEST(response_translator, replaces_the_statement_id) {
    auto settings = settings_for(response_kind::prepare, test::plain, test::plain);
    settings.statement_id = 0x0A0B0C0D;
    stmt_prepare_ok message{7, 0, 0, 2, true};
    const auto server = test::payload_of(message, test::plain);
    message.statement_id = 0x0A0B0C0D;
    expect_translation(settings, {server}, {test::payload_of(message, test::plain)});
}

TEST(response_translator, drops_progress_reports_for_a_client_without_them) {
    const auto server = test::plain.with(capability::progress);
    const auto progress = test::progress_packet().payload;
    expect_translation(
        settings_for(response_kind::query, server, test::plain),
        {progress, test::ok_payload(done)},
        {test::ok_payload(done)}
    );
}

TEST(response_translator, rewrites_definitions_with_extended_metadata) {
    const auto extended = test::deprecating.with(capability::extended_metadata);
    column_definition message;
    message.name = "a";
    message.extended_metadata = wire::bytes_of("json");
    const auto row_end = test::ok_payload(done, 0xFE);
    expect_translation(
        settings_for(response_kind::query, extended, test::deprecating),
        {test::bytes({1}), test::payload_of(message, extended), row_end},
        {test::bytes({1}), test::payload_of(message, test::deprecating), row_end}
    );
}

TEST(response_translator, goes_on_after_the_client_sent_its_file) {
    response_translator translator;
    translator.start(settings_for(response_kind::query, test::plain, test::plain));
    wire::send_buffer out;
    const auto request = translator.translate(
        test::view(test::frames_of(
            {test::bytes("\xFB"
                         "f")},
            1
        )),
        out
    );
    ASSERT_TRUE(request);
    EXPECT_EQ(request->what, translated::kind::local_infile);
    EXPECT_EQ(translator.last_sequence(), 1);
    translator.set_next_sequence(5);
    out.clear();
    const auto answer =
        translator.translate(test::view(test::frames_of({test::ok_payload()}, 4)), out);
    ASSERT_TRUE(answer);
    EXPECT_TRUE(answer->complete);
    EXPECT_EQ(out.view(), test::view(test::frames_of({test::ok_payload()}, 5)));
}

TEST(needs_translation, is_true_only_where_the_form_differs) {
    const tracker_filter none;
    const tracker_filter gtid_filter{true, false, {}};
    EXPECT_FALSE(needs_translation(test::plain, test::plain.with(capability::odbc), none));
    EXPECT_TRUE(needs_translation(test::plain, test::deprecating, none));
    EXPECT_TRUE(needs_translation(tracking, test::plain, none));
    EXPECT_TRUE(needs_translation(tracking, tracking, gtid_filter));
    EXPECT_FALSE(needs_translation(test::plain, test::plain, gtid_filter));
}

}  // namespace
}  // namespace weir::protocol::mysql
