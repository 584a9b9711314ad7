#include "config/loader/load_error.hpp"

#include <gtest/gtest.h>

#include <string>

namespace weir::config {
namespace {

TEST(load_error, names_file_line_column_and_key) {
    const load_error error{"weir.yaml", 3, 7, "routing.max_lag", "is wrong; write 2s"};
    EXPECT_EQ(error.to_string(), "weir.yaml:3:7: routing.max_lag: is wrong; write 2s");
}

TEST(load_error, leaves_out_an_empty_key) {
    const load_error error{"weir.yaml", 1, 1, "", "not valid YAML"};
    EXPECT_EQ(error.to_string(), "weir.yaml:1:1: not valid YAML");
}

TEST(in_quotes, escapes_what_a_terminal_would_obey) {
    EXPECT_EQ(in_quotes(""), R"("")");
    EXPECT_EQ(in_quotes("a \"b\" \\c"), R"("a \"b\" \\c")");
    EXPECT_EQ(in_quotes("\x1b[31m\n\x7f"), R"("\x1b[31m\x0a\x7f")");
    EXPECT_EQ(in_quotes("gr\xc3\xbc\xc3\x9f"), "\"gr\xc3\xbc\xc3\x9f\"");
}

TEST(in_quotes, cuts_long_texts_between_characters) {
    EXPECT_EQ(in_quotes(std::string(60, 'a')), '"' + std::string(60, 'a') + '"');
    EXPECT_EQ(in_quotes(std::string(61, 'a')), '"' + std::string(60, 'a') + "...\"");
    EXPECT_EQ(in_quotes(std::string(59, 'a') + "\xc3\xbc"), '"' + std::string(59, 'a') + "...\"");
}

}  // namespace
}  // namespace weir::config
