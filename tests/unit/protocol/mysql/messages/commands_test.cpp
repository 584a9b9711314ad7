#include "protocol/mysql/errc.hpp"
#include "protocol/mysql/messages/init_db.hpp"
#include "protocol/mysql/messages/process_kill.hpp"
#include "protocol/mysql/messages/query.hpp"
#include "protocol/mysql/messages/set_option.hpp"
#include "protocol/mysql/messages/simple_command.hpp"
#include "protocol/mysql/messages/stmt_close.hpp"
#include "protocol/mysql/messages/stmt_execute.hpp"
#include "protocol/mysql/messages/stmt_fetch.hpp"
#include "protocol/mysql/messages/stmt_prepare.hpp"
#include "protocol/mysql/messages/stmt_reset.hpp"
#include "protocol/mysql/messages/stmt_send_long_data.hpp"

#include "tests/support/packets.hpp"

#include <gtest/gtest.h>

namespace weir::protocol::mysql {
namespace {

using test::operator+;

template <class Message>
void expect_round_trip(const Message& message, const char* hex) {
    const auto payload = test::payload_of(message);
    EXPECT_EQ(test::view(payload), test::view(test::from_hex(hex)));
    const auto decoded = wire::decode<Message>(test::view(payload));
    ASSERT_TRUE(decoded);
    EXPECT_EQ(*decoded, message);
}

TEST(commands, lie_on_the_wire_as_documented) {
    expect_round_trip(init_db{"ab"}, "02 6162");
    expect_round_trip(process_kill{0x01020304}, "0c 04030201");
    expect_round_trip(set_option{set_option::multi_statements_off}, "1b 0100");
    expect_round_trip(simple_command{command::ping, {}}, "0e");
    expect_round_trip(simple_command{command::field_list, wire::bytes_of("t")}, "04 74");
    expect_round_trip(stmt_prepare{"select 1"}, "16 73656c6563742031");
    expect_round_trip(stmt_close{5}, "19 05000000");
    expect_round_trip(stmt_reset{5}, "1a 05000000");
    expect_round_trip(stmt_fetch{5, 10}, "1c 05000000 0a000000");
    expect_round_trip(stmt_send_long_data{5, 1, wire::bytes_of("x")}, "18 05000000 0100 78");
    expect_round_trip(stmt_bulk_execute{5, 128, wire::bytes_of("x")}, "fa 05000000 8000 78");
}

constexpr capability_set attributed{capability::query_attributes};

/// "n"="val" as a string, "i"=7 as a tiny integer, "z"=NULL.
constexpr const char* attributes_hex = "03 01 04 01 fe00 016e 0100 0169 fd00 017a 0376616c 07";

TEST(query, is_its_text_without_query_attributes) {
    const auto payload = test::bytes("\x03select 1");
    const auto decoded = query::decode(test::view(payload), {});
    ASSERT_TRUE(decoded);
    EXPECT_EQ(decoded->text, "select 1");
    EXPECT_TRUE(decoded->attributes_raw.empty());
    EXPECT_EQ(test::payload_of(*decoded, {}), payload);
}

TEST(query, has_its_text_behind_its_attributes) {
    const auto raw = test::from_hex(attributes_hex);
    const auto payload = test::from_hex("03") + raw + test::bytes("select 1");
    const auto decoded = query::decode(test::view(payload), attributed);
    ASSERT_TRUE(decoded);
    EXPECT_EQ(decoded->text, "select 1");
    EXPECT_EQ(decoded->attributes_raw, test::view(raw));
    EXPECT_EQ(decoded->string_attribute("n"), "val");
    EXPECT_EQ(decoded->string_attribute("i"), std::nullopt);
    EXPECT_EQ(decoded->string_attribute("z"), std::nullopt);
    EXPECT_EQ(decoded->string_attribute("absent"), std::nullopt);
    EXPECT_EQ(test::payload_of(*decoded, attributed), payload);
    EXPECT_EQ(test::payload_of(*decoded, {}), test::bytes("\x03select 1"));
}

TEST(query, says_that_there_are_no_attributes) {
    const auto payload = test::payload_of(query{{}, "x"}, attributed);
    EXPECT_EQ(test::view(payload), test::view(test::from_hex("03 00 01 78")));
    EXPECT_EQ(query::decode(test::view(payload), attributed)->text, "x");
}

TEST(query, refuses_broken_attributes) {
    for (const char* const hex :
         {"03",
          "03 00",
          "03 00 02 78",
          "03 01 01 00 00 fe00 00 00",
          "03 01 01 00 01 fe00 00 05 61",
          "03 fe ffffffffffffffff 01 00 01",
          "03 01 01 00 01 5000 00 00",
          "0e 00 01"}) {
        SCOPED_TRACE(hex);
        const auto payload = test::from_hex(hex);
        EXPECT_TRUE(query::decode(test::view(payload), attributed).has_error());
    }
}

TEST(binary_value, has_a_form_for_every_type) {
    const struct {
        std::uint8_t type;
        const char* hex;
        std::size_t size;
    } rows[] = {
        {1, "07", 1},
        {2, "0700", 2},
        {13, "0700", 2},
        {3, "07000000", 4},
        {9, "07000000", 4},
        {4, "00000000", 4},
        {8, "0000000000000000", 8},
        {5, "0000000000000000", 8},
        {10, "04 00000000", 4},
        {11, "00", 0},
        {12, "0b 0000000000000000000000", 11},
        {7, "00", 0},
        {253, "03 616263", 3},
        {0, "01 31", 1},
        {245, "02 7b7d", 2},
        {6, "", 0},
    };

    for (const auto& row : rows) {
        SCOPED_TRACE(int{row.type});
        const auto data = test::from_hex(row.hex);
        wire::byte_reader reader(test::view(data));
        EXPECT_EQ(read_binary_value(reader, static_cast<field_type>(row.type)).size(), row.size);
        EXPECT_EQ(reader.remaining(), 0U);
        EXPECT_FALSE(reader.failed());
    }
}

TEST(stmt_execute, finds_its_parameters) {
    const auto payload = test::from_hex("17 05000000 01 01000000 02 01 0300 fd00 07000000");
    const auto decoded = stmt_execute::decode(test::view(payload), {}, 2);
    ASSERT_TRUE(decoded);
    EXPECT_EQ(decoded->statement_id, 5U);
    EXPECT_EQ(decoded->flags, stmt_execute::cursor_read_only);
    EXPECT_EQ(decoded->parameter_count, 2U);
    EXPECT_EQ(decoded->null_bitmap.size(), 1U);
    EXPECT_TRUE(decoded->new_params_bound);
    EXPECT_EQ(decoded->new_params_bound_offset, 11U);
    EXPECT_EQ(decoded->types, test::view(test::from_hex("0300 fd00")));
    EXPECT_EQ(decoded->values, test::view(test::from_hex("07000000")));
    EXPECT_EQ(test::payload_from([&](auto& writer) { decoded->encode(writer); }), payload);
}

TEST(stmt_execute, has_no_types_when_they_were_bound_before) {
    const auto payload = test::from_hex("17 05000000 00 01000000 00 00 07000000");
    const auto decoded = stmt_execute::decode(test::view(payload), {}, 1);
    ASSERT_TRUE(decoded);
    EXPECT_FALSE(decoded->new_params_bound);
    EXPECT_TRUE(decoded->types.empty());
    EXPECT_EQ(decoded->values.size(), 4U);
}

TEST(stmt_execute, counts_parameters_where_attributes_may_come_with_them) {
    const auto payload =
        test::from_hex("17 05000000 08 01000000 02 00 01 0300 00 fe00 016e 07000000 0161");
    const auto decoded = stmt_execute::decode(test::view(payload), attributed, 1);
    ASSERT_TRUE(decoded);
    EXPECT_EQ(decoded->parameter_count, 2U);
    EXPECT_EQ(decoded->types, test::view(test::from_hex("0300 00 fe00 016e")));
    EXPECT_EQ(test::payload_from([&](auto& writer) { decoded->encode(writer); }), payload);
}

TEST(stmt_execute, ends_after_its_head_without_parameters) {
    const auto payload = test::from_hex("17 05000000 00 01000000");
    for (const capability_set capabilities : {capability_set{}, attributed}) {
        const auto decoded = stmt_execute::decode(test::view(payload), capabilities, 0);
        ASSERT_TRUE(decoded);
        EXPECT_EQ(decoded->parameter_count, 0U);
        EXPECT_FALSE(decoded->new_params_bound_offset);
    }
}

TEST(stmt_execute, refuses_truncation) {
    const auto payload = test::from_hex("17 05000000 08 01000000 02 00 01 0300 00 fe00 016e");
    for (std::size_t size = 0; size < payload.size(); ++size) {
        EXPECT_FALSE(stmt_execute::decode(test::view(payload).first(size), attributed, 1)) << size;
    }
    const auto endless = test::from_hex("17 05000000 08 01000000 fe ffffffffffffffff 00 01");
    EXPECT_FALSE(stmt_execute::decode(test::view(endless), attributed, 1));
}

}  // namespace
}  // namespace weir::protocol::mysql
