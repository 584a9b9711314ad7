#include "src/runtime/log.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdio>
#include <fstream>
#include <limits>
#include <sstream>
#include <string>

namespace weir::runtime {
namespace {

using namespace std::string_literals;
using config::log_format;
using testing::HasSubstr;
using testing::MatchesRegex;

struct escape_row {
    const char* name;
    std::string raw;
    std::string text;
    std::string json;
};

class log_value : public testing::TestWithParam<escape_row> {};

TEST_P(log_value, is_escaped_as_text) {
    EXPECT_EQ(format_text("m", {{"k", GetParam().raw}}), "m  k=" + GetParam().text);
}

TEST_P(log_value, is_escaped_as_json) {
    EXPECT_EQ(format_json("m", {{"k", GetParam().raw}}), R"("message":"m","k":)" + GetParam().json);
}

INSTANTIATE_TEST_SUITE_P(
    strings,
    log_value,
    testing::Values(
        escape_row{"a_word", "db1", "db1", R"("db1")"},
        escape_row{"nothing", "", R"("")", R"("")"},
        escape_row{"a_space", "a b", R"("a b")", R"("a b")"},
        escape_row{"an_equals_sign", "a=b", R"("a=b")", R"("a=b")"},
        escape_row{"a_quote", R"(a"b)", R"("a\"b")", R"("a\"b")"},
        escape_row{"a_backslash", R"(a\b)", R"("a\\b")", R"("a\\b")"},
        escape_row{"a_line_break", "a\r\n\tb", R"("a\r\n\tb")", R"("a\r\n\tb")"},
        escape_row{"a_zero", "a\0b"s, R"("a\u0000b")", R"("a\u0000b")"},
        escape_row{"an_escape_character", "\x1B[31m", R"("\u001b[31m")", R"("\u001b[31m")"},
        escape_row{"delete", "\x7F", R"("\u007f")", R"("\u007f")"},
        escape_row{"utf8", "gr\u00fc\u00df", "\"gr\u00fc\u00df\"", "\"gr\u00fc\u00df\""},
        escape_row{"four_byte_utf8", "\U0001F40B", "\"\U0001F40B\"", "\"\U0001F40B\""},
        escape_row{
            "a_stray_byte",
            "a\xFF"
            "b",
            "\"a\uFFFDb\"",
            "\"a\uFFFDb\""},
        escape_row{"an_overlong_form", "\xC0\xAF", "\"\uFFFD\uFFFD\"", "\"\uFFFD\uFFFD\""},
        escape_row{
            "a_surrogate", "\xED\xA0\x80", "\"\uFFFD\uFFFD\uFFFD\"", "\"\uFFFD\uFFFD\uFFFD\""},
        escape_row{"a_cut_sequence", "\xE2\x82", "\"\uFFFD\uFFFD\"", "\"\uFFFD\uFFFD\""}
    ),
    [](const auto& row) { return row.param.name; }
);

TEST(log_fields, keep_their_types) {
    const auto json = format_json(
        "m",
        {{"i", -1},
         {"u", std::uint64_t{18446744073709551615U}},
         {"d", 0.5},
         {"b", true},
         {"s", "x"}}
    );
    EXPECT_EQ(json, R"("message":"m","i":-1,"u":18446744073709551615,"d":0.5,"b":true,"s":"x")");
    EXPECT_EQ(format_text("m", {{"i", -1}, {"d", 0.5}, {"b", false}}), "m  i=-1 d=0.5 b=false");
}

TEST(log_fields, spell_numbers_that_json_lacks_as_null) {
    EXPECT_EQ(
        format_json("m", {{"d", std::numeric_limits<double>::infinity()}}),
        R"("message":"m","d":null)"
    );
}

TEST(logger, writes_a_line_of_text_with_time_and_level) {
    std::ostringstream sink;
    logger log({}, sink);
    log.warning("server is down", {{"server", "db 1"}});
    EXPECT_THAT(
        sink.str(),
        MatchesRegex(
            R"([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}\.[0-9]{3}Z warning server is down  server="db 1"
)"
        )
    );
}

TEST(logger, writes_an_object_of_json) {
    std::ostringstream sink;
    config::log_settings settings;
    settings.format = log_format::json;
    logger log(settings, sink);
    log.error("server \"x\"\nis down {}", {{"session", 7}});
    EXPECT_THAT(
        sink.str(),
        MatchesRegex(
            R"(\{"time":"[-0-9T:.]{23}Z","level":"error","message":"server \\"x\\"\\nis down \{\}","session":7\}
)"
        )
    );
}

TEST(logger, leaves_out_what_is_below_its_level) {
    std::ostringstream sink;
    logger log({}, sink);
    log.debug("unseen");
    log.info("seen");
    EXPECT_FALSE(log.enabled(log_level::debug));
    EXPECT_THAT(sink.str(), testing::AllOf(HasSubstr("seen"), testing::Not(HasSubstr("unseen"))));
}

TEST(logger, opens_its_file_again_when_configured_again) {
    const auto path = testing::TempDir() + "weir_log_test.log";
    const auto rotated = path + ".1";
    config::log_settings settings;
    settings.file = path;
    logger log;
    ASSERT_EQ(log.configure(settings), std::nullopt);
    log.info("before");
    ASSERT_EQ(std::rename(path.c_str(), rotated.c_str()), 0);
    settings.level = log_level::debug;
    ASSERT_EQ(log.configure(settings), std::nullopt);
    log.debug("after");

    const auto content = [](const std::string& file) {
        std::ifstream stream(file);
        return std::string(std::istreambuf_iterator<char>(stream), {});
    };
    EXPECT_THAT(
        content(rotated), testing::AllOf(HasSubstr("before"), testing::Not(HasSubstr("after")))
    );
    EXPECT_THAT(
        content(path), testing::AllOf(HasSubstr("after"), testing::Not(HasSubstr("before")))
    );
    std::remove(path.c_str());
    std::remove(rotated.c_str());
}

TEST(logger, keeps_everything_when_the_new_file_cannot_be_opened) {
    std::ostringstream sink;
    logger log({}, sink);
    config::log_settings settings;
    settings.file = "/proc/no-such-directory/weir.log";
    settings.level = log_level::error;
    const auto why = log.configure(settings);
    ASSERT_TRUE(why.has_value());
    EXPECT_THAT(*why, HasSubstr(settings.file));
    log.info("still here");
    EXPECT_THAT(sink.str(), HasSubstr("still here"));
}

TEST(repeated_log, admits_the_first_and_then_one_per_interval_with_a_count) {
    using namespace std::chrono_literals;
    const repeated_log::time_point start(1h);
    repeated_log gate(10s);
    EXPECT_EQ(gate.admit(start), 0U);
    EXPECT_EQ(gate.admit(start + 1s), std::nullopt);
    EXPECT_EQ(gate.admit(start + 9s), std::nullopt);
    EXPECT_EQ(gate.admit(start + 10s), 2U);
    EXPECT_EQ(gate.admit(start + 30s), 0U);
}

}  // namespace
}  // namespace weir::runtime
