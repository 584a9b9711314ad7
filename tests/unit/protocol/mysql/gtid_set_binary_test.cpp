#include "protocol/mysql/errc.hpp"
#include "protocol/mysql/gtid_set.hpp"
#include "protocol/mysql/messages/binlog_dump_gtid.hpp"
#include "protocol/wire/errc.hpp"

#include "tests/support/bytes.hpp"

#include <gtest/gtest.h>

namespace weir::protocol::mysql {
namespace {

using test::operator+;
using test::byte_vector;
using test::from_hex;
using test::view;

const std::string uuid = "3e11fa47-71ca-11e1-9e33-c80aa9429562";
const byte_vector uuid_and_count = from_hex("3e11fa4771ca11e19e33c80aa9429562 0100000000000000");

byte_vector binary_of(std::string_view text) {
    const auto set = gtid_set::parse(text, server_flavor::mysql);
    wire::send_buffer out;
    wire::byte_writer writer(out);
    EXPECT_TRUE(set && set->encode(writer)) << text;
    return test::copy_of(out.view());
}

TEST(gtid_set_binary, ends_an_interval_behind_its_last_number) {
    EXPECT_EQ(
        binary_of(uuid + ":2-5"),
        from_hex("0100000000000000") + uuid_and_count +
            from_hex("0200000000000000 0600000000000000")
    );
    EXPECT_EQ(binary_of(""), from_hex("0000000000000000"));
}

TEST(gtid_set_binary, is_read_as_it_was_written) {
    const std::string texts[]{
        "", uuid + ":1", uuid + ":1-5:7:9-12," + "4e11fa47-71ca-11e1-9e33-c80aa9429562:3"};
    for (const std::string& text : texts) {
        const auto set = gtid_set::decode(view(binary_of(text)));
        ASSERT_TRUE(set) << text;
        EXPECT_EQ(set->to_string(), text);
    }
}

TEST(gtid_set_binary, has_no_form_for_tags_and_for_mariadb) {
    wire::send_buffer out;
    wire::byte_writer writer(out);
    EXPECT_FALSE(gtid_set::parse(uuid + ":red:1", server_flavor::mysql)->encode(writer));
    EXPECT_FALSE(gtid_set::parse("0-1-100", server_flavor::mariadb)->encode(writer));
    EXPECT_TRUE(out.empty());
}

TEST(gtid_set_binary, refuses_what_is_no_set) {
    const byte_vector one = from_hex("0100000000000000");

    const struct {
        std::string_view name;
        byte_vector bytes;
        error_code why;
    } rows[]{
        {"nothing", {}, make_error_code(wire::errc::truncated)},
        {"fewer sources than it says", one, make_error_code(wire::errc::truncated)},
        {"the form for tags", from_hex("0101000000000001"), make_error_code(wire::errc::truncated)},
        {"fewer intervals than it says",
         one + uuid_and_count + from_hex("01000000"),
         make_error_code(errc::malformed_gtid_set)},
        {"a source of no intervals",
         one + from_hex("3e11fa4771ca11e19e33c80aa9429562 0000000000000000"),
         make_error_code(errc::malformed_gtid_set)},
        {"an empty interval",
         one + uuid_and_count + from_hex("0200000000000000 0200000000000000"),
         make_error_code(errc::malformed_gtid_set)},
        {"a number that no transaction has",
         one + uuid_and_count + from_hex("0200000000000000 0000000000000080"),
         make_error_code(errc::malformed_gtid_set)},
        {"a transaction of number 0",
         one + uuid_and_count + from_hex("0000000000000000 0200000000000000"),
         make_error_code(errc::malformed_gtid_set)},
        {"more behind it",
         from_hex("0000000000000000 00"),
         make_error_code(wire::errc::trailing_bytes)},
    };

    for (const auto& row : rows) {
        const auto set = gtid_set::decode(view(row.bytes));
        ASSERT_FALSE(set) << row.name;
        EXPECT_EQ(set.error(), row.why) << row.name;
    }
}

TEST(gtid_set_binary, stands_in_the_command_that_asks_for_events) {
    const auto known = gtid_set::parse(uuid + ":2-5", server_flavor::mysql);
    wire::send_buffer out;
    wire::byte_writer writer(out);
    ASSERT_TRUE(binlog_dump_gtid{*known}.encode(writer));
    EXPECT_EQ(
        test::copy_of(out.view()),
        from_hex("1e 0500 00000000 00000000 0400000000000000 30000000") + binary_of(uuid + ":2-5")
    );
    wire::send_buffer nothing;
    wire::byte_writer unwritten(nothing);
    const auto tagged = gtid_set::parse(uuid + ":red:1", server_flavor::mysql);
    EXPECT_FALSE(binlog_dump_gtid{*tagged}.encode(unwritten));
}

}  // namespace
}  // namespace weir::protocol::mysql
