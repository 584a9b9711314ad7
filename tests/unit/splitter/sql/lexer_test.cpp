#include "splitter/sql/lexer.hpp"

#include "tests/unit/splitter/sql/statement_row.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace weir::splitter::testing {
namespace {

char letter_of(token_kind kind) {
    switch (kind) {
        case token_kind::keyword: return 'k';
        case token_kind::identifier: return 'i';
        case token_kind::quoted_identifier: return 'q';
        case token_kind::string: return 's';
        case token_kind::number: return 'n';
        case token_kind::parameter: return '?';
        case token_kind::user_variable: return 'u';
        case token_kind::system_variable: return 'v';
        case token_kind::assign: return 'a';
        case token_kind::punctuation: return 'p';
        case token_kind::comment: return 'c';
        case token_kind::unterminated: return '-';
        case token_kind::unknown: return '!';
        case token_kind::end: return '.';
    }
    return ' ';
}

/// "k<SELECT> n<1>": every token with its kind, comments included.
std::string tokens_of(std::string_view text, const lexer_options& options) {
    std::string result;
    lexer reader{text, options};
    for (token t = reader.next_with_comments(); t.kind != token_kind::end;
         t = reader.next_with_comments()) {
        if (!result.empty()) result += ' ';
        result += letter_of(t.kind);
        result += '<';
        result += t.text;
        result += '>';
    }
    return result;
}

struct lexer_row {
    std::string_view text;
    std::string_view tokens;
};

void expect_tokens(const lexer_options& options, std::initializer_list<lexer_row> rows) {
    for (const lexer_row& row : rows) {
        EXPECT_EQ(tokens_of(row.text, options), row.tokens) << row.text;
    }
}

TEST(lexer, tells_numbers_from_names) {
    expect_tokens(
        mysql_97(),
        {
            {"1 12 1.5 .5 1. 1e5 1E+5 1.5e-5",
             "n<1> n<12> n<1.5> n<.5> n<1.> n<1e5> n<1E+5> n<1.5e-5>"},
            {"1a 1e 1ex 12_3 0x 0X1 0b2 0xZ",
             "i<1a> i<1e> i<1ex> i<12_3> i<0x> i<0X1> i<0b2> i<0xZ>"},
            {"0x1F 0b01 0xabFOR", "n<0x1F> n<0b01> i<0xabFOR>"},
            {"1e5FOR", "n<1e5> k<FOR>"},
            {"1.FROM", "n<1.> k<FROM>"},
            {"1e+x", "i<1e> p<+> i<x>"},
            {"1.5e", "!<1.5e>"},
            {"a.5", "i<a> p<.> i<5>"},
            {"a.5e1x b", "i<a> p<.> i<5e1x> i<b>"},
            {"`a`.5", "q<`a`> n<.5>"},
            {"a .5", "i<a> n<.5>"},
        }
    );
}

TEST(lexer, gives_no_keyword_beside_a_dot) {
    expect_tokens(
        mysql_97(),
        {
            {"t.select", "i<t> p<.> i<select>"},
            {"select.from", "i<select> p<.> i<from>"},
            {"d.t.update", "i<d> p<.> i<t> p<.> i<update>"},
            {"t. select", "i<t> p<.> k<select>"},
            {"t .select", "i<t> p<.> i<select>"},
            {"`t`.select", "q<`t`> p<.> i<select>"},
            {"t.`a`", "i<t> p<.> q<`a`>"},
            {"t.*", "i<t> p<.> p<*>"},
        }
    );
}

TEST(lexer, reads_quotes) {
    expect_tokens(
        mysql_97(),
        {
            {"'a' 'it''s' '\\'' ''", "s<'a'> s<'it''s'> s<'\\''> s<''>"},
            {"'\\\\' a", "s<'\\\\'> i<a>"},
            {"\"a\" \"\"\"\" \"'\"", "s<\"a\"> s<\"\"\"\"> s<\"'\">"},
            {"`a``b` `\\`", "q<`a``b`> q<`\\`>"},
            {"N'a' x'41' _utf8'b'", "i<N> s<'a'> i<x> s<'41'> i<_utf8> s<'b'>"},
            {"'a", "-<'a>"},
            {"'a\\'", "-<'a\\'>"},
            {"'a\\", "-<'a\\>"},
            {"`a", "-<`a>"},
            {"'a\n\t;--b'", "s<'a\n\t;--b'>"},
        }
    );
    lexer_options options = mysql_97();
    options.ansi_quotes = true;
    expect_tokens(
        options,
        {
            {R"("a\" 'b')", R"(q<"a\"> s<'b'>)"},
            {R"("a""b")", R"(q<"a""b">)"},
            {R"(@"a")", R"(u<@"a">)"},
        }
    );
    options.no_backslash_escapes = true;
    expect_tokens(options, {{R"('a\' b)", R"(s<'a\'> i<b>)"}});
}

TEST(lexer, finds_the_end_of_a_string_with_many_escapes) {
    std::string text = "'";
    for (int i = 0; i < 1000; ++i)
        text += "ab\\'c''";
    text += "' x";
    EXPECT_EQ(tokens_of(text, mysql_97()), "s<" + text.substr(0, text.size() - 2) + "> i<x>");
}

TEST(lexer, reads_variables) {
    expect_tokens(
        mysql_97(),
        {
            {"@a @a.b @$1 @'x y' @`z` @\"w\"", "u<@a> u<@a.b> u<@$1> u<@'x y'> u<@`z`> u<@\"w\">"},
            {"@a:=1", "u<@a> a<:=> n<1>"},
            {"@ a", "u<@> i<a>"},
            {"u@localhost", "i<u> u<@localhost>"},
            {"@@a @@global.a @@`a` @@global.`a` @@x.y.z",
             "v<@@a> v<@@global.a> v<@@`a`> v<@@global.`a`> v<@@x.y.z>"},
            {"@@ a", "!<@@ a>"},
            {"@@a.", "!<@@a.>"},
            {"@'a", "-<@'a>"},
        }
    );
}

TEST(lexer, reads_comments) {
    expect_tokens(
        mysql_97(),
        {
            {"a -- b\nc", "i<a> c<-- b> i<c>"},
            {"a --b", "i<a> p<-> p<-> i<b>"},
            {"a --", "i<a> c<-->"},
            {"a --\tb", "i<a> c<--\tb>"},
            {"a --\x01 b", "i<a> c<--\x01 b>"},
            {"a # b\nc", "i<a> c<# b> i<c>"},
            {"a /* b */ c", "i<a> c</* b */> i<c>"},
            {"a/**/c", "i<a> c</**/> i<c>"},
            {"a /*/ c */ d", "i<a> c</*/ c */> i<d>"},
            {"a /*+ b */ c", "i<a> c</*+ b */> i<c>"},
            {"a /*+ 'b' */ c", "i<a> c</*+ 'b' */> i<c>"},
            {"a /*+ '*/ ' */ c", "i<a> !</*+ '*/ ' */ c>"},
            {"a /* b", "i<a> -</* b>"},
            {"a */ b", "i<a> p<*> p</> i<b>"},
        }
    );
}

TEST(lexer, steps_into_comments_that_the_server_executes) {
    expect_tokens(
        mysql_97(),
        {
            {"/*! a */ b", "i<a> i<b>"},
            {"/*!40001 a */ b", "i<a> i<b>"},
            {"/*!40001a */ b", "i<a> i<b>"},
            {"/*!4000 a */", "n<4000> i<a>"},
            {"/*!99999 a */ b", "c</*!99999 a */> i<b>"},
            {"/*!090701 a */ b", "c</*!090701 a */> i<b>"},
            {"/*!090700 a */ b", "i<a> i<b>"},
            {"/*!40001 a /* c */ b */", "i<a> c</* c */> i<b>"},
            {"/*!40001 a /*!40002 b */ c", "i<a> i<b> i<c>"},
            {"/*!40001 a", "i<a> -<>"},
            {"/*!40001 a; b */", "i<a> !<; b */>"},
            {"/*!99999 a", "-</*!99999 a>"},
            {"/*M! a */ b", "c</*M! a */> i<b>"},
            {"/*!! a */ b", "!</*!! a */ b>"},
        }
    );
    expect_tokens(
        mariadb_1011(),
        {
            {"/*M! a */ b", "i<a> i<b>"},
            {"/*M!101119 a */ b", "i<a> i<b>"},
            {"/*M!101120 a */ b", "c</*M!101120 a */> i<b>"},
            {"/*!50699 a */ b", "i<a> i<b>"},
            {"/*!50700 a */ b", "c</*!50700 a */> i<b>"},
            {"/*!99999 a */ b", "c</*!99999 a */> i<b>"},
            {"/*!100000 a */ b", "i<a> i<b>"},
            {"/*m! a */ b", "c</*m! a */> i<b>"},
        }
    );
}

TEST(lexer, stops_at_what_servers_read_differently) {
    expect_tokens(
        mysql_97(),
        {
            {"a [b]", "i<a> !<[b]>"},
            {"a $b", "i<a> !<$b>"},
            {"a b$", "i<a> i<b$>"},
            {"a \x01 b", "i<a> !<\x01 b>"},
            {"a \\N", "i<a> !<\\N>"},
            {"a \xFF b", "i<a> !<\xFF b>"},
            {"`\xE4`` a", "!<`\xE4`` a>"},
        }
    );
    expect_tokens(mariadb_1011(), {{"a \\N b", "i<a> n<\\N> i<b>"}, {"\\x", "!<\\x>"}});
}

TEST(lexer, follows_the_character_set) {
    lexer_options options = mysql_97();
    expect_tokens(options, {{"h\xC3\xA9 '\xBF'", "i<h\xC3\xA9> s<'\xBF'>"}});
    options.charset = multibyte_kind::gbk;
    expect_tokens(
        options,
        {
            {"'\xBF\\' a", "s<'\xBF\\'> i<a>"},
            {"'\xBF'", "s<'\xBF'>"},
            {"\xBF\\x a", "i<\xBF\\x> i<a>"},
            {"`\xBF`` a", "q<`\xBF``> i<a>"},
            {"'\\\xBF\\' a'", "s<'\\\xBF\\' a'>"},
        }
    );
    options.charset = multibyte_kind::gb18030;
    expect_tokens(options, {{"'\x81\x30\x81\x30' a", "s<'\x81\x30\x81\x30'> i<a>"}});
    options.charset = multibyte_kind::single_byte;
    expect_tokens(
        options,
        {{"'\xBF\\' a'", "s<'\xBF\\' a'>"},
         {"a\xA0"
          "b",
          "!<a\xA0"
          "b>"}}
    );
    options.charset = multibyte_kind::high_trail;
    expect_tokens(options, {{"\xB0\xA1 a", "i<\xB0\xA1> i<a>"}});
    options.charset = multibyte_kind::unknown;
    expect_tokens(options, {{"'\xB0'", "!<'\xB0'>"}, {"@\xB0", "!<@\xB0>"}});
}

TEST(lexer, passes_over_literals_only) {
    struct row {
        std::string_view text;
        literal_run run;
        std::string_view rest;
    };

    for (const row& r : {
             row{"1, 'a' , NULL,-2.5,x", literal_run{4, 0, 0}, "x"},
             row{"1,2),(3,4)", literal_run{2, 1, 1}, "4)"},
             row{"1),(2,3),(4,5,6,x", literal_run{1, 2, 3}, "x"},
             row{"1 ) , ( f(", literal_run{1, 1, 0}, " f("},
             row{"1)", literal_run{}, "1)"},
             row{"f,1", literal_run{}, "f,1"},
             row{"1,1a,", literal_run{1, 0, 0}, "1a,"},
             row{"1,1e5,", literal_run{1, 0, 0}, "1e5,"},
             row{"nullx,", literal_run{}, "nullx,"},
             row{"null.x,", literal_run{}, "null.x,"},
             row{"'a' 'b',", literal_run{}, "'a' 'b',"},
             row{"'a,", literal_run{}, "'a,"},
             row{"--1,", literal_run{}, "--1,"},
             row{"- 1,", literal_run{}, "- 1,"},
             row{"", literal_run{}, ""},
         }) {
        const lexer_options options = mysql_97();
        lexer reader{r.text, options};
        EXPECT_EQ(reader.skip_literals(), r.run) << r.text;
        EXPECT_EQ(r.text.substr(reader.position()), r.rest) << r.text;
    }
}

TEST(lexer, answers_end_again_and_again) {
    const lexer_options options = mysql_97();
    lexer reader{"a", options};
    EXPECT_EQ(reader.next().kind, token_kind::identifier);
    EXPECT_EQ(reader.next().kind, token_kind::end);
    EXPECT_EQ(reader.next().kind, token_kind::end);
}

}  // namespace
}  // namespace weir::splitter::testing
